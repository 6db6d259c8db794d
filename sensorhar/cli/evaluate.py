"""``sensorhar evaluate``: scores on people that a classifier has not seen."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sensorhar.cli._data import WindowPlan, is_prewindowed, load_windows
from sensorhar.cli._models import build, check_models
from sensorhar.cli._options import (
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
from sensorhar.cli._say import check_free, say

if TYPE_CHECKING:
    from sensorhar import Report

__all__ = ["EXAMPLES", "evaluate", "report_files", "write_report"]

EXAMPLES = """\
Examples:
sensorhar evaluate simulated --model features-linear,minirocket --cv group-4
sensorhar evaluate uci-har --model cnn,features-linear --cv official --seeds 5
sensorhar evaluate hapt --model cnn --cv group-10 --length 3 --report out
sensorhar evaluate recordings/ --model features-forest --json scores.json
"""

N_LOSO = 10  # with more people, leaving each out in turn is slow; ten folds do


def evaluate(
    data: Data,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="NAME[,NAME...]",
            help="cnn, lstm, cnn-lstm, conv-lstm, deepconvlstm, mlp, features-linear, "
            "features-forest, minirocket.",
        ),
    ],
    cv: Annotated[
        str | None,
        typer.Option(
            "--cv",
            metavar="SPLIT",
            help="official, loso, group-K or K (folds of whole people), or "
            "random-leaky, to see how it flatters. (default: official if there is "
            "one, else loso, or group-10 for more than ten people)",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="How often to train anew.")
    ] = 1,
    length: Length = None,
    overlap: Overlap = None,
    rate: Rate = None,
    channels: Channels = None,
    null: NullChoice = None,
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
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Score classifiers on people they have not seen, and print a report.

    Each is trained anew for every split and seed. A classifier that always answers
    the commonest label stands beside them.
    """
    names = check_models(model, epochs=epochs)
    plan = WindowPlan(length, overlap, rate, channels, null)
    plan.check(data)
    split = _check_cv(cv, data)
    if seeds < 1:
        raise ValueError(f"--seeds must be a whole number from 1; got {seeds}.")
    check_free(json_file, *report_files(report), force=force)
    tell = partial(say, quiet=quiet)
    windows = load_windows(data, plan, say=tell)
    for part in windows if isinstance(windows, tuple) else (windows,):
        tell(f"  {part!r}", style="dim")
    if split is None:
        split = _usual_split(windows)
    plural = f", {seeds} seeds" if seeds > 1 else ""
    tell(f"Train and score {', '.join(names)}: {split}{plural}.")
    classifiers = {name: build(name, epochs=epochs) for name in names}
    import sensorhar

    found = sensorhar.evaluate(
        classifiers,
        windows,
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


def report_files(folder: Path | None) -> list[Path]:
    """Return the files that a report consists of; the folder is made if missing."""
    if folder is None:
        return []
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file; --report needs a folder.")
    # A folder still to be made has nothing to replace.
    is_there = folder.is_dir()
    names = ("report.html", "report.md", "report.json")
    return [folder / name for name in names] if is_there else []


def write_report(report: "Report", folder: Path, *, force: bool) -> list[Path]:
    """Write a report as a page, as text and as JSON."""
    from sensorhar.plot import html_report

    saved = report.save(folder, overwrite=force)
    page = html_report(report, folder / "report.html", overwrite=force)
    return [page, *saved]


def _check_cv(cv: str | None, data: str) -> str | int | None:
    """Return the split as the library takes it, or raise."""
    if cv is None:
        return None
    if cv.isdecimal():
        return int(cv)
    kind, _, n_folds = cv.rpartition("-")
    is_known = cv in ("loso", "official", "random-leaky", "recording-leaky") or (
        kind in ("group", "random-leaky", "recording-leaky") and n_folds.isdecimal()
    )
    if not is_known:
        raise ValueError(
            "--cv must be official, loso, group-K, a number of folds, or random-leaky; "
            f"got {cv!r}. For example --cv group-5."
        )
    if cv == "official" and not is_prewindowed(data):
        raise ValueError(
            "--cv official needs a set that is published in training and test windows, "
            f"such as uci-har; got {data!r}. Take --cv loso or group-10."
        )
    return cv


def _usual_split(windows: Any) -> str:
    if isinstance(windows, tuple):
        return "official"
    n_people = len(set(windows.groups if windows.groups is not None else ()))
    return "loso" if n_people <= N_LOSO else "group-10"
