"""Public data sets: one file a set, each with a card and a loader.

A loader returns Recordings; a set that is published in windows returns Windows.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sensorhar._checks import check_choice
from sensorhar.datasets import (
    capture_24,
    daphnet,
    dsads,
    extra_sensory,
    geolife,
    hapt,
    har70plus,
    harth,
    hhar,
    ku_har,
    mhealth,
    motion_sense,
    opportunity,
    pamap2,
    real_world,
    shl,
    sis_fall,
    skoda,
    uci_har,
    uci_hmp,
    uea,
    uma_fall,
    unimib_shar,
    usc_had,
    utd_mhad,
    wear,
    wisdm,
    wisdm_2019,
)
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets.capture_24 import load_capture_24
from sensorhar.datasets.daphnet import load_daphnet
from sensorhar.datasets.dsads import load_dsads
from sensorhar.datasets.extra_sensory import load_extra_sensory
from sensorhar.datasets.geolife import load_geolife
from sensorhar.datasets.hapt import load_hapt
from sensorhar.datasets.har70plus import load_har70plus
from sensorhar.datasets.harth import load_harth
from sensorhar.datasets.hhar import load_hhar
from sensorhar.datasets.ku_har import load_ku_har
from sensorhar.datasets.mhealth import load_mhealth
from sensorhar.datasets.motion_sense import load_motion_sense
from sensorhar.datasets.opportunity import load_opportunity
from sensorhar.datasets.pamap2 import load_pamap2
from sensorhar.datasets.real_world import load_real_world
from sensorhar.datasets.shl import load_shl
from sensorhar.datasets.sis_fall import load_sis_fall
from sensorhar.datasets.skoda import load_skoda
from sensorhar.datasets.uci_har import load_uci_har
from sensorhar.datasets.uci_hmp import load_uci_hmp
from sensorhar.datasets.uea import load_basic_motions, load_epilepsy, load_racket_sports
from sensorhar.datasets.uma_fall import load_uma_fall
from sensorhar.datasets.unimib_shar import load_unimib_shar
from sensorhar.datasets.usc_had import load_usc_had
from sensorhar.datasets.utd_mhad import load_utd_mhad
from sensorhar.datasets.wear import load_wear
from sensorhar.datasets.wisdm import load_wisdm
from sensorhar.datasets.wisdm_2019 import load_wisdm_2019

__all__ = [
    "Card",
    "cards",
    "cards_table",
    "find_or_fetch",
    "load",
    "load_basic_motions",
    "load_capture_24",
    "load_daphnet",
    "load_dsads",
    "load_epilepsy",
    "load_extra_sensory",
    "load_geolife",
    "load_hapt",
    "load_har70plus",
    "load_harth",
    "load_hhar",
    "load_ku_har",
    "load_mhealth",
    "load_motion_sense",
    "load_opportunity",
    "load_pamap2",
    "load_racket_sports",
    "load_real_world",
    "load_shl",
    "load_sis_fall",
    "load_skoda",
    "load_uci_har",
    "load_uci_hmp",
    "load_uma_fall",
    "load_unimib_shar",
    "load_usc_had",
    "load_utd_mhad",
    "load_wear",
    "load_wisdm",
    "load_wisdm_2019",
]

_SETS: dict[str, tuple[Card, Callable[..., Any]]] = {  # name -> card and loader
    "basic-motions": (uea.BASIC_MOTIONS, load_basic_motions),
    "capture-24": (capture_24.CARD, load_capture_24),
    "daphnet": (daphnet.CARD, load_daphnet),
    "dsads": (dsads.CARD, load_dsads),
    "epilepsy": (uea.EPILEPSY, load_epilepsy),
    "extra-sensory": (extra_sensory.CARD, load_extra_sensory),
    "geolife": (geolife.CARD, load_geolife),
    "hapt": (hapt.CARD, load_hapt),
    "har70plus": (har70plus.CARD, load_har70plus),
    "harth": (harth.CARD, load_harth),
    "hhar": (hhar.CARD, load_hhar),
    "ku-har": (ku_har.CARD, load_ku_har),
    "mhealth": (mhealth.CARD, load_mhealth),
    "motion-sense": (motion_sense.CARD, load_motion_sense),
    "opportunity": (opportunity.CARD, load_opportunity),
    "pamap2": (pamap2.CARD, load_pamap2),
    "racket-sports": (uea.RACKET_SPORTS, load_racket_sports),
    "real-world": (real_world.CARD, load_real_world),
    "shl": (shl.CARD, load_shl),
    "sis-fall": (sis_fall.CARD, load_sis_fall),
    "skoda": (skoda.CARD, load_skoda),
    "uci-har": (uci_har.CARD, load_uci_har),
    "uci-hmp": (uci_hmp.CARD, load_uci_hmp),
    "uma-fall": (uma_fall.CARD, load_uma_fall),
    "unimib-shar": (unimib_shar.CARD, load_unimib_shar),
    "usc-had": (usc_had.CARD, load_usc_had),
    "utd-mhad": (utd_mhad.CARD, load_utd_mhad),
    "wear": (wear.CARD, load_wear),
    "wisdm": (wisdm.CARD, load_wisdm),
    "wisdm-2019": (wisdm_2019.CARD, load_wisdm_2019),
}


def cards() -> dict[str, Card]:
    """Return the card of each data set by its name.

    Returns
    -------
    dict of str to Card
        In alphabetical order.

    Examples
    --------
    >>> list(cards())[:3]
    ['basic-motions', 'capture-24', 'daphnet']
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
                card.amount,
                f"{len(card.subjects)}",
                f"{len(card.activities)}",
                card.rate,
                ", ".join(card.places),
                card.licence,
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


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
    >>> load("uci")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: name must be one of 'basic-motions', ... more; got 'uci'.
    """
    check_choice(name, "name", _SETS)
    return _SETS[name][1](data_dir=data_dir, download=download)
