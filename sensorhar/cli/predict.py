"""``sensorhar predict``: what happened when in a recording, by a saved classifier."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sensorhar._words import say_duration
from sensorhar.cli._options import AsJson, Force, Quiet
from sensorhar.cli._say import check_free, print_json, print_table, say

if TYPE_CHECKING:
    from sensorhar import Events, Recording

__all__ = ["EXAMPLES", "predict"]

EXAMPLES = """\
Examples:
sensorhar predict walker.sensorhar sunday.csv --out predicted.csv
sensorhar predict walker.sensorhar sunday.npz --step 0.5
sensorhar predict walker.sensorhar sunday.npz --json
"""


def predict(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="A file that sensorhar train saved."),
    ],
    recording: Annotated[
        Path, typer.Argument(metavar="RECORDING", help="A .npz or .csv file.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write start_s, stop_s, label, score. Without it they are printed.",
        ),
    ] = None,
    step: Annotated[
        float | None,
        typer.Option(
            "--step",
            metavar="S",
            help="Time between windows in s. (default: as in training)",
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what happened when in a recording.

    Windows are cut exactly as in training. Each moment gets the label of the highest
    mean probability over the windows that cover it.
    """
    check_free(out, force=force)
    if step is not None and not step > 0:
        raise ValueError(f"--step must be above 0 s; got {step:g}.")
    for path in (model, recording):
        if not path.is_file():
            raise FileNotFoundError(
                f"{path} must be a file; there is none in {str(Path.cwd())!r}. Check "
                "the spelling."
            )
    tell = partial(say, quiet=quiet)
    found = _read_recording(recording)
    clf = load_model(model)
    tell(f"Cut {found.name or recording.name} into windows as {model} was trained on.")
    events = label_recording(clf, found, step_s=step)
    if out is not None:
        from sensorhar.io import write_events

        write_events(events, out, overwrite=force)
    if as_json:
        print_json(_as_dict(events, model, recording, out))
    elif out is not None:
        print(f"{out}: {events!r}")
    else:
        header = ("start s", "stop s", "label", "score")
        print_table(
            header,
            [
                (f"{e.start_s:.2f}", f"{e.stop_s:.2f}", e.label, f"{e.score:.2f}")
                for e in events
            ],
        )
    covered_s = float(events.duration_s.sum())
    whole = say_duration(found.duration_s)
    tell(f"{say_duration(covered_s)} of {whole} labelled.", style="dim")


def load_model(path: Path) -> Any:
    """Load a classifier that knows its windows, without its engine's remarks."""
    from sensorhar import load
    from sensorhar.cli._quiet import without_remarks
    from sensorhar.errors import DataError

    with without_remarks():
        clf = load(path)
    if clf.spec_ is None:
        raise DataError(
            f"{path.name} must know the windows it was trained on; it was trained on "
            "bare arrays. Train it on Windows, or with sensorhar train."
        )
    return clf


def label_recording(
    clf: Any, recording: "Recording", *, step_s: float | None = None
) -> "Events":
    """Return what a classifier says happened in a recording."""
    from sensorhar import make_windows
    from sensorhar.cli._vote import predict_events

    # The truth, if known, must not choose the windows.
    windows = make_windows(
        [recording.with_events(None)], spec=clf.spec_, step_s=step_s, null="keep"
    )
    return predict_events(clf, windows)


def _read_recording(path: Path) -> "Recording":
    from sensorhar import Windows, read
    from sensorhar.errors import DataError

    found = read(path)
    if isinstance(found, Windows):
        raise DataError(
            f"{path.name} must be a recording; it holds windows. Use "
            "sensorhar.load(model).predict(windows) in Python."
        )
    return found


def _as_dict(
    events: "Events", model: Path, recording: Path, out: Path | None
) -> dict[str, Any]:
    return {
        "model": str(model),
        "recording": str(recording),
        "out": None if out is None else str(out),
        "events": [event._asdict() for event in events],
    }
