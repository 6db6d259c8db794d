"""``sensorhar inspect``: what is in a file, and what may be wrong with it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sensorhar._words import say_duration
from sensorhar.cli._options import AsJson, Force
from sensorhar.cli._say import check_free, print_json, print_table, say

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
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .npz or .csv file.")],
    png: Annotated[
        Path | None,
        typer.Option("--png", metavar="FILE", help="Draw it into a picture as well."),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Show what is in a recording: sensors, rates, gaps, missing samples, labels.

    p50 and p99 are the median and the 99th percentile of the time between samples:
    far apart, they mean a jittery clock. The size of an accelerometer with gravity
    should be about 9.8 m/s^2.
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
    _warn(found, file)
    from sensorhar.cli._summary import summarise_recording

    summary = summarise_recording(found, file)
    if png is not None:
        from sensorhar.plot import plot_recording

        plot_recording(found).savefig(png, dpi=150)
    if as_json:
        print_json(summary)
        return
    _print_summary(summary)
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


def _warn(recording: "Recording", file: Path) -> None:
    """Warn of readings whose size contradicts their unit."""
    from sensorhar.data.plausible import warn_if_implausible

    for stream in recording.streams:
        warn_if_implausible(stream, file.name)


def _show_windows(windows: "Windows", file: Path, as_json: bool) -> None:
    from sensorhar.cli._summary import summarise_windows

    if as_json:
        print_json(summarise_windows(windows, file))
    else:
        print(repr(windows))


def _print_summary(summary: dict[str, Any]) -> None:
    name, subject = summary["name"] or summary["file"], summary["subject"]
    who = f" of {subject}" if subject and subject != name else ""
    when = f", from {summary['start']}" if summary["start"] else ""
    print(f"{name}{who}: {say_duration(summary['duration_s'])}{when}\n")
    for stream in summary["streams"]:
        units = ", ".join(dict.fromkeys(stream["units"]))
        print(f"  {_title(stream)}: {' '.join(stream['channels'])} [{units}]")
    print()
    header = (
        *("sensor", "samples", "Hz", "p50 ms", "p99 ms", "gaps", "missing"),
        "median size",
    )
    print_table(header, [_row(stream) for stream in summary["streams"]])
    print()
    events = summary["events"]
    if events is None:
        print("No labels.")
        return
    print_table(
        ("label", "events", "time", "share"),
        [
            (
                label,
                str(numbers["n_events"]),
                say_duration(numbers["total_s"]),
                f"{numbers['total_s'] / summary['duration_s']:.1%}",
            )
            for label, numbers in events["labels"].items()
        ],
    )
    overlap = f"; {events['n_overlapping']} overlap" if events["n_overlapping"] else ""
    print(
        f"\n{events['n_events']} events label {events['coverage']:.1%} of the "
        f"recording{overlap}."
    )


def _row(stream: dict[str, Any]) -> tuple[str, ...]:
    gaps = str(stream["n_gaps"])
    if stream["n_gaps"]:
        gaps += f" ({say_duration(stream['gap_s'])})"
    size = stream["median_magnitude"]
    return (
        _title(stream),
        str(stream["n_samples"]),
        f"{stream['rate_hz']:.4g}",
        f"{1000 * stream['step_p50_s']:.4g}",
        f"{1000 * stream['step_p99_s']:.4g}",
        gaps,
        str(stream["n_missing"]),
        "-" if size is None else f"{size:.3g} {stream['units'][0]}",
    )


def _title(stream: dict[str, Any]) -> str:
    place = f" at {stream['place']}" if stream["place"] else ""
    without = " without gravity" if stream["has_gravity"] is False else ""
    return f"{stream['kind'].replace('_', ' ')}{place}{without}"
