"""``sensorhar inspect``: what is in a file, and what may be wrong with it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhar.cli._options import AsJson, Force
from sensorhar.cli._say import check_free, print_json, say

if TYPE_CHECKING:
    from sensorhar import Recording, Windows

__all__ = ["EXAMPLES", "inspect"]

EXAMPLES = """\
Examples:
sensorhar inspect anna.csv
sensorhar inspect anna.npz --png anna.png
sensorhar inspect anna.npz --json
"""


def inspect(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What sensorhar.read can read.")
    ],
    png: Annotated[
        Path | None,
        typer.Option("--png", metavar="FILE", help="Draw it into a picture as well."),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Show what is in a recording, what is wrong with it, and what to do.

    p50 and p99 say how uneven the clock is: how far the time between samples is off
    the usual one, in the median and at the 99th percentile. An accelerometer with
    gravity should read 8 to 12 m/s^2 most of the time.
    """
    check_free(png, force=force)
    from sensorhar import Windows, read

    found = read(file)
    if isinstance(found, Windows):
        if png is not None:
            raise ValueError(f"--png draws recordings; {file} holds windows.")
        _show_windows(found, file, as_json)
        return
    found = _with_events_beside(found, file)
    from sensorhar.preprocess.quality import quality_report

    report = quality_report(found)
    if png is not None:
        from sensorhar.plot.quality import plot_quality

        plot_quality(found).savefig(png, dpi=150)
    if as_json:
        from sensorhar.cli._summary import summarise_recording

        print_json(summarise_recording(found, report, file))
        return
    print(report)
    if png is not None:
        say(f"Written: {png}")


def _with_events_beside(recording: "Recording", file: Path) -> "Recording":
    """Add the labels that lie beside the file, as train and evaluate do."""
    from sensorhar import read_events
    from sensorhar.cli._folder import find_events_file

    beside = find_events_file(file)
    if beside is None:
        return recording
    say(f"Labels: {beside}", style="dim")
    return recording.with_events(read_events(beside))


def _show_windows(windows: "Windows", file: Path, as_json: bool) -> None:
    from sensorhar.cli._summary import summarise_windows

    if as_json:
        print_json(summarise_windows(windows, file))
    else:
        print(repr(windows))
