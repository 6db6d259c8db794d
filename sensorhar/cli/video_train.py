"""``sensorhar video train``: a classifier of clips or poses, saved to a file."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sensorhar.cli._models import build, check_models
from sensorhar.cli._options import AsJson, Epochs, Force, Quiet
from sensorhar.cli._say import check_free, print_json, say
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
from sensorhar.cli.train import _bar_if_seen

__all__ = ["EXAMPLES", "train"]

EXAMPLES = """\
Examples:
sensorhar video train videos/ --model c3d --size 112 --out swim.sensorhar
sensorhar video train videos/ --labels labels.csv --model i3d --out swim.sensorhar
sensorhar video train UCF-101/ --labels trainlist01.txt --model i3d --out ucf.sensorhar
sensorhar video train skeletons/ --model st-gcn --rate 30 --out act.sensorhar
"""


def train(
    data: VideoData,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="NAME",
            help="c3d, i3d, slow-fast, two-stream, st-gcn or another of the "
            "classifiers; each takes clips, and most take poses.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to save it.")
    ],
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
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Equal seeds, equal model.")
    ] = 0,
    on_error: OnError = OnErrorChoice.RAISE,
    workers: Workers = 1,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Train a classifier on videos or skeletons and save it to one file.

    Networks stop early by the loss on some of the groups, which they do not train on.
    Of a list with a training and a test part only the first is used.
    """
    names = check_models(model, epochs=epochs)
    if len(names) > 1:
        raise ValueError(
            f"--model must be one name; got {model!r}. Train them one by one, or "
            "compare them with sensorhar video evaluate."
        )
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
    check_free(out, force=force)
    tell = partial(say, quiet=quiet)
    examples = load_examples(data, plan, say=tell, quiet=quiet)
    if isinstance(examples, tuple):
        examples = examples[0]
        tell("Take the training part; the test part stays unseen.")
    tell(f"  {examples!r}", style="dim")
    clf = build(names[0], epochs=epochs, seed=seed, verbose=_bar_if_seen(quiet))
    set_network(clf, width=width, batch=batch)
    tell(f"Train {names[0]}.")
    clf.fit(examples)
    clf.save(out, overwrite=force)
    what = type(examples).__name__.lower()
    result = {
        "model": names[0],
        "classifier": type(clf).__name__,
        "out": str(out),
        "data": str(data),
        f"n_{what}": len(examples),
        "n_groups": 0 if examples.groups is None else len(set(examples.groups)),
        "labels": [str(label) for label in clf.classes_],
        "spec": examples.spec.to_dict(),
        "skipped": [{"file": name, "reason": why} for name, why in examples.skipped],
        "n_epochs": len(next(iter(clf.history_.values()), [])),
        "seed": seed,
    }
    if as_json:
        print_json(result)
        return
    print(
        f"{out}: {type(clf).__name__} of {examples.spec.describe()}, "
        f"{len(clf.classes_)} labels, trained on {len(examples)} {what}"
    )
    tell(f"Next: sensorhar video predict {out} FILE --out events.csv", style="dim")
