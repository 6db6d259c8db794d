"""``sensorhar video evaluate``: scores on videos that a classifier has not seen."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from sensorhar.cli._models import build, check_models
from sensorhar.cli._options import Epochs, Force, Quiet
from sensorhar.cli._say import check_free, say
from sensorhar.cli._video_data import (
    ClipPlan,
    check_network,
    load_examples,
    set_network,
)
from sensorhar.cli._video_options import (
    Batch,
    Centre,
    Classes,
    Frames,
    GroupBy,
    Labels,
    Missing,
    MissingChoice,
    OnError,
    OnErrorChoice,
    PictureRate,
    Rate,
    Sampling,
    Size,
    VideoData,
    Width,
    Workers,
)
from sensorhar.cli.evaluate import _check_cv, _usual_split, report_files, write_report

__all__ = ["EXAMPLES", "evaluate"]

EXAMPLES = """\
Examples:
sensorhar video evaluate videos/ --model c3d --cv group-5 --report out
sensorhar video evaluate videos/ --model c3d,slow-fast --group person --cv loso
sensorhar video evaluate UCF-101/ --labels ucfTrainTestlist/ --model c3d --cv official
sensorhar video evaluate skeletons/ --model st-gcn --json scores.json
"""


def evaluate(
    data: VideoData,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="NAME[,NAME...]",
            help="c3d, i3d, slow-fast, two-stream, st-gcn or other classifiers.",
        ),
    ],
    cv: Annotated[
        str | None,
        typer.Option(
            "--cv",
            metavar="SPLIT",
            help="official, loso, group-K or K (folds of whole groups), or "
            "random-leaky, to see how it flatters. (default: official if the list has "
            "one, else loso, or group-10 for more than ten groups)",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="How often to train anew.")
    ] = 1,
    labels: Labels = None,
    classes: Classes = None,
    group: GroupBy = None,
    frames: Frames = 16,
    size: Size = None,
    rate: Rate = None,
    sampling: Sampling = None,
    source_rate: PictureRate = None,
    centre: Centre = None,
    missing: Missing = MissingChoice.RAISE,
    width: Width = None,
    batch: Batch = None,
    epochs: Epochs = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="DIR",
            help="Write report.html, report.md and report.json there; a run that "
            "dies goes on where it stopped.",
        ),
    ] = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the report as JSON."),
    ] = None,
    on_error: OnError = OnErrorChoice.RAISE,
    workers: Workers = 1,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Score classifiers on videos or skeletons of groups they have not seen.

    Each is trained anew for every split and seed. A classifier that always answers the
    commonest label stands beside them.
    """
    names = check_models(model, epochs=epochs)
    plan = ClipPlan(
        n_frames=frames,
        size=size,
        rate_hz=rate,
        sampling=sampling,
        labels=labels,
        classes=classes,
        group=group,
        source_rate_hz=source_rate,
        centre=centre,
        missing=missing,
        on_error=on_error,
        n_workers=workers,
    )
    plan.check(data)
    check_network(width=width, batch=batch)
    split = cv if cv == "official" else _check_cv(cv, str(data))
    if seeds < 1:
        raise ValueError(f"--seeds must be a whole number from 1; got {seeds}.")
    check_free(json_file, *report_files(report), force=force)
    tell = partial(say, quiet=quiet)
    examples: Any = load_examples(data, plan, say=tell, quiet=quiet)
    is_pair = isinstance(examples, tuple)
    if split == "official" and not is_pair:
        raise ValueError(
            "--cv official needs --labels of a list with a training and a test part; "
            f"got {str(plan.labels or data)!r}. Take --cv group-5."
        )
    if is_pair and split not in (None, "official"):
        examples = type(examples[0]).concat(list(examples))
        is_pair = False
    for part in examples if is_pair else (examples,):
        tell(f"  {part!r}", style="dim")
    if split is None:
        split = _usual_split(examples)
    plural = f", {seeds} seeds" if seeds > 1 else ""
    tell(f"Train and score {', '.join(names)}: {split}{plural}.")
    classifiers = {
        name: set_network(build(name, epochs=epochs), width=width, batch=batch)
        for name in names
    }
    import sensorhar

    found = sensorhar.evaluate(
        classifiers,
        examples,
        cv=split,
        seeds=seeds,
        progress=not quiet,
        keep_in=None if report is None else report / "unfinished",
    )
    print(found)
    if report is not None:
        written = write_report(found, report, force=force)
        tell(f"Written: {', '.join(map(str, written))}")
    if json_file is not None:
        found.to_json(json_file, overwrite=force)
        tell(f"Written: {json_file}")
