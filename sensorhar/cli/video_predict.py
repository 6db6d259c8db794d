"""``sensorhar video predict``: what happens when in a video, by a saved classifier."""

import csv
import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sensorhar.cli._options import AsJson, Force, Quiet
from sensorhar.cli._say import check_free, print_json, print_table, say
from sensorhar.cli._video_options import (
    LengthS,
    Missing,
    MissingChoice,
    OnError,
    OnErrorChoice,
    PictureRate,
    StepS,
)
from sensorhar.cli.predict import load_model

if TYPE_CHECKING:
    from sensorhar.video import Timeline

__all__ = ["EXAMPLES", "check_files", "predict"]

EXAMPLES = """\
Examples:
sensorhar video predict swim.sensorhar sunday.mp4
sensorhar video predict swim.sensorhar sunday.mp4 --step-s 0.5 --out events.csv
sensorhar video predict swim.sensorhar a.mp4 b.mp4 --top 3 --out timeline.json
"""


def predict(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="A file that sensorhar video train saved."
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Videos or folders of pictures; for a model of poses, skeleton files.",
        ),
    ],
    top: Annotated[
        int, typer.Option("--top", metavar="N", help="Labels shown of each file.")
    ] = 5,
    step: StepS = None,
    length: LengthS = None,
    source_rate: PictureRate = None,
    missing: Missing = MissingChoice.RAISE,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="A name in .csv for events (file, start_s, stop_s, label, score), in "
            ".json for probabilities of each clip as well.",
        ),
    ] = None,
    on_error: OnError = OnErrorChoice.RAISE,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what happens when in videos.

    Clips like those of training slide over each file. Each moment gets the label of the
    highest mean probability over the clips that cover it.
    """
    check_free(out, force=force)
    if out is not None and out.suffix.lower() not in (".csv", ".json"):
        raise ValueError(f"--out must end in .csv or .json; got {out.name!r}.")
    if top < 1:
        raise ValueError(f"--top must be a whole number from 1; got {top}.")
    check_files(model, *files)
    tell = partial(say, quiet=quiet)
    clf = load_model(model)
    from sensorhar.errors import DataError
    from sensorhar.video import predict_timeline

    lines: dict[str, Timeline] = {}
    for file in files:
        tell(f"Look at {file}.")
        try:
            lines[str(file)] = predict_timeline(
                clf,
                file,
                step_s=step,
                length_s=length,
                missing=missing.value,
                source_rate_hz=source_rate,
            )
        except DataError as error:
            if on_error is OnErrorChoice.RAISE:
                raise
            say(f"Skipped: {error}", style="yellow")
    if not lines:
        raise ValueError(f"none of {len(files)} files can be read.")
    document: dict[str, Any] = {
        "model": str(model),
        "files": [{**line.to_dict(top), "file": name} for name, line in lines.items()],
    }
    if out is not None:
        _write(out, lines, document)
    if as_json:
        print_json(document)
        return
    for name, line in lines.items():
        best = ", ".join(f"{label} {share:.0%}" for label, share in line.top(top))
        print(f"{name}: {best}")
    if out is None:
        _print_events(lines)
    else:
        n_events = sum(len(line.events()) for line in lines.values())
        print(f"{out}: {n_events} events")


def check_files(*paths: Path) -> None:
    """Raise unless each path is there."""
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(
                f"{path} must be a file; there is none in {str(Path.cwd())!r}. Check "
                "the spelling."
            )


def _write(out: Path, lines: "dict[str, Timeline]", document: dict[str, Any]) -> None:
    from sensorhar.evaluation.write import json_text
    from sensorhar.io._write import write_whole

    if out.suffix.lower() == ".json":
        write_whole(out, json_text(document))
        return
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["file", "start_s", "stop_s", "label", "score"])
    for file, line in lines.items():
        for event in line.events():
            rows.writerow([file, event.start_s, event.stop_s, event.label, event.score])
    write_whole(out, text.getvalue())


def _print_events(lines: "dict[str, Timeline]") -> None:
    rows = [
        (
            *((file,) if len(lines) > 1 else ()),
            f"{event.start_s:.2f}",
            f"{event.stop_s:.2f}",
            event.label,
            f"{event.score:.2f}",
        )
        for file, line in lines.items()
        for event in line.events()
    ]
    header = ("start s", "stop s", "label", "score")
    print_table((("file",) if len(lines) > 1 else ()) + header, rows)
