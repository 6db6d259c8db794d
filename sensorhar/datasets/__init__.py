"""Public data sets: one file a set, each with a card and a loader.

A loader returns Recordings; a set that is published in windows returns Windows.
"""

from pathlib import Path
from typing import Any

from sensorhar._checks import check_choice
from sensorhar.datasets import hapt, uci_har
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets.hapt import load_hapt
from sensorhar.datasets.uci_har import load_uci_har

__all__ = [
    "Card",
    "cards",
    "cards_table",
    "find_or_fetch",
    "load",
    "load_hapt",
    "load_uci_har",
]

_SETS = {  # name -> card and loader
    "hapt": (hapt.CARD, load_hapt),
    "uci-har": (uci_har.CARD, load_uci_har),
}


def cards() -> dict[str, Card]:
    """Return the card of each data set by its name.

    Returns
    -------
    dict of str to Card
        In alphabetical order.

    Examples
    --------
    >>> list(cards())
    ['hapt', 'uci-har']
    """
    return {name: card for name, (card, _) in _SETS.items()}


def cards_table() -> str:
    """Return a Markdown table of all data sets.

    Returns
    -------
    str
        One row a set.

    Examples
    --------
    >>> print(cards_table().splitlines()[0])
    | name | title | holds | subjects | activities | rate | place | licence |
    """
    head = [
        "name",
        "title",
        "holds",
        "subjects",
        "activities",
        "rate",
        "place",
        "licence",
    ]
    rows = [head, ["---"] * len(head)]
    for card in cards().values():
        rows.append(
            [
                f"`{card.name}`",
                f"[{card.title}]({card.address})",
                _amount(card),
                f"{len(card.subjects)}",
                f"{len(card.activities)}",
                "≤ " * card.rate_varies + f"{card.rate_hz:g} Hz",
                ", ".join(card.places),
                card.licence,
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _amount(card: Card) -> str:
    count = card.n_windows or card.n_recordings
    return card.holds if count is None else f"{count:,} {card.holds}"


def load(
    name: str, *, data_dir: str | Path | None = None, download: bool = True
) -> Any:
    """Load a data set by its name, as the command line does.

    Parameters
    ----------
    name : str
        A key of :func:`cards`.
    data_dir : str, Path or None, default=None
        Where the files are, or shall go.
    download : bool, default=True
        Whether to download what is not there.

    Returns
    -------
    list of Recording, or tuple of Windows
        What its loader returns: recordings, or the official train and test windows.

    Raises
    ------
    ValueError
        When the name is unknown.

    Examples
    --------
    >>> load("imagenet")
    Traceback (most recent call last):
    ValueError: name must be one of 'hapt', 'uci-har'; got 'imagenet'.
    """
    check_choice(name, "name", _SETS)
    return _SETS[name][1](data_dir=data_dir, download=download)
