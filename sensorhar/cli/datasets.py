"""``sensorhar datasets``: which data sets there are, what they hold, and fetch one."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sensorhar.cli._options import AsJson
from sensorhar.cli._say import print_json, print_table, say

__all__ = ["EXAMPLES", "fetch", "list_sets", "place_of", "show"]

EXAMPLES = """\
Examples:
sensorhar datasets list
sensorhar datasets show uci-har
sensorhar datasets fetch uci-har --data-dir data/
"""

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A name that the list shows.")
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Where data sets lie. (default: SENSORHAR_DATA, then the user's cache)",
    ),
]


def list_sets(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the data sets, and which of them are on this machine."""
    from sensorhar.datasets import cards

    found = {name: place_of(name, data_dir) for name in cards()}
    if as_json:
        print_json(
            [
                {**card.to_dict(), "place": _as_text(found[name])}
                for name, card in cards().items()
            ]
        )
        return
    print_table(
        ("name", "holds", "people", "labels", "rate Hz", "worn at", "on this machine"),
        [
            (
                name,
                card.amount,
                str(len(card.subjects)),
                str(len(card.activities)),
                f"{card.rate_hz:g}",
                ", ".join(card.places),
                _as_text(found[name]) or "no",
            )
            for name, card in cards().items()
        ],
    )


def show(name: Name, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show what one should know of a data set before using it."""
    from sensorhar._checks import check_choice
    from sensorhar.datasets import cards

    check_choice(name, "NAME", cards())
    card, place = cards()[name], place_of(name, data_dir)
    if as_json:
        print_json({**card.to_dict(), "place": _as_text(place)})
        return
    print(card)
    if place is None:
        print(f"\nNot on this machine: sensorhar datasets fetch {name}")
    else:
        print(f"\nOn this machine: {place}")


def fetch(name: Name, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Download a data set, unless it is on this machine.

    A download that was cut off is taken up where it stopped; the checksum decides
    whether it counts.
    """
    from sensorhar._checks import check_choice
    from sensorhar.datasets import cards, find_or_fetch

    check_choice(name, "NAME", cards())
    place = place_of(name, data_dir)
    is_new = place is None
    if place is None:
        card = cards()[name]
        say(f"Fetch {card.title} from {card.url}")
        place = find_or_fetch(card, data_dir=data_dir, progress=sys.stderr.isatty())
    if as_json:
        print_json({"name": name, "place": str(place), "is_new": is_new})
        return
    print(f"{name} is {'now' if is_new else 'already'} in {place}")
    where = ""
    if data_dir is not None:
        where = f"SENSORHAR_DATA={shlex.quote(str(data_dir))} "
    say(f"Next: {where}sensorhar evaluate {name} --model features-linear", style="dim")


def place_of(name: str, data_dir: Path | None = None) -> Path | None:
    """Return the folder of a data set on this machine; None when it is not here."""
    from sensorhar.datasets import cards, find_or_fetch
    from sensorhar.errors import DataError

    try:
        return find_or_fetch(cards()[name], data_dir=data_dir, download=False)
    except DataError:
        return None


def _as_text(place: Path | None) -> str | None:
    return None if place is None else str(place)
