"""``sensorhar train``: a classifier from labelled recordings, saved to a file."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sensorhar.cli._data import WindowPlan, load_windows
from sensorhar.cli._models import build, check_models
from sensorhar.cli._options import (
    AsJson,
    Channels,
    Data,
    Epochs,
    Force,
    Length,
    NullChoice,
    Overlap,
    Quiet,
    Rate,
)
from sensorhar.cli._say import check_free, print_json, say

__all__ = ["EXAMPLES", "train"]

EXAMPLES = """\
Examples:
sensorhar train simulated --model features-linear --out walker.sensorhar
sensorhar train recordings/ --model cnn --rate 50 --out walker.sensorhar
sensorhar train hapt --model lstm --length 3 --epochs 9 --out hapt.sensorhar
"""


def train(
    data: Data,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="NAME",
            help="cnn, lstm, cnn-lstm, conv-lstm, deepconvlstm, mlp, features-linear, "
            "features-forest or minirocket.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to save it.")
    ],
    length: Length = None,
    overlap: Overlap = None,
    rate: Rate = None,
    channels: Channels = None,
    null: NullChoice = None,
    epochs: Epochs = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Equal seeds, equal model.")
    ] = 0,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Train a classifier and save it to one file.

    Networks stop early by the loss on some of the people, whom they do not train on.
    Of a set with an official split only the training part is used.
    """
    names = check_models(model, epochs=epochs)
    if len(names) > 1:
        raise ValueError(
            f"--model must be one name; got {model!r}. Train them one by one, or "
            "compare them with sensorhar evaluate."
        )
    plan = WindowPlan(length, overlap, rate, channels, null)
    plan.check(data)
    check_free(out, force=force)
    tell = partial(say, quiet=quiet)
    windows = load_windows(data, plan, say=tell)
    if isinstance(windows, tuple):
        windows = windows[0]
        tell("Take the official training part; the test part stays unseen.")
    tell(f"  {windows!r}", style="dim")
    tell(f"Train {names[0]}.")
    clf = build(names[0], epochs=epochs, seed=seed, verbose=_bar_if_seen(quiet))
    clf.fit(windows)
    clf.save(out, overwrite=force)
    result = {
        "model": names[0],
        "classifier": type(clf).__name__,
        "out": str(out),
        "data": data,
        "n_windows": len(windows),
        "n_subjects": len(set(windows.groups)) if windows.groups is not None else None,
        "labels": list(clf.classes_),
        "spec": windows.spec.to_dict(),
        "n_epochs": len(next(iter(clf.history_.values()), [])),
        "seed": seed,
    }
    if as_json:
        print_json(result)
        return
    print(
        f"{out}: {type(clf).__name__} of {windows.spec.describe()}, "
        f"{len(clf.classes_)} labels, trained on {len(windows)} windows"
    )
    tell(f"Next: sensorhar predict {out} RECORDING --out events.csv", style="dim")


def _bar_if_seen(quiet: bool) -> int:
    """Ask for a progress bar where somebody can see it, on the error stream."""
    import sys

    if quiet or not sys.stderr.isatty():
        return 0
    import rich

    rich.reconfigure(stderr=True)
    return 1
