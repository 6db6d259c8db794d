"""``sensorhar recover``: the readings of a log, whatever happened to it."""

from pathlib import Path
from typing import Annotated

import typer

from sensorhar.cli._convert import ENDINGS, export_paths, is_export, write_export
from sensorhar.cli._options import Force, Quiet
from sensorhar.cli._say import check_free, say

__all__ = ["EXAMPLES", "recover"]

EXAMPLES = """\
Examples:
sensorhar recover anna.sensorlog
sensorhar recover anna.sensorlog --out anna.parquet
"""


def recover(
    log: Annotated[
        Path,
        typer.Argument(metavar="LOG", help="What sensorhar collect has written."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Ends in .npz, .csv, .parquet or .xdf. (default: LOG with .npz)",
        ),
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Take all that is whole from a log, and write it as an ordinary file.

    The log may end in the middle, as after a crash, or be damaged. It stays as it is.
    """
    if not log.is_file():
        raise FileNotFoundError(
            f"{log} must be a log; there is no such file in {str(Path.cwd())!r}. Check "
            "the spelling."
        )
    target = log.with_suffix(".npz") if out is None else out
    if not is_export(target):
        raise ValueError(
            f"--out must end in {', '.join(ENDINGS)}; got {target.name!r}. The ending "
            "chooses the format."
        )
    check_free(*export_paths(target), force=force)
    from sensorhar.io.log import scan_log

    contents = scan_log(log)
    recording = contents.recording(log.name)
    damage = contents.say_damage()
    say(f"{log}: {damage or 'whole'}.", quiet=quiet)
    others = write_export(recording, target, force=force)[1:]
    print(f"{target}: {recording!r}")
    if others:
        beside = ", ".join(map(str, others))
        say(f"Beside it: {beside}", quiet=quiet, style="dim")
