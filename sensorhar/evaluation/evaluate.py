"""Train and test classifiers on honest splits, seed by seed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from sensorhar._soft import loaded_versions
from sensorhar._words import listing
from sensorhar.data.examples import Examples
from sensorhar.data.windows import Windows
from sensorhar.evaluation.example import pick_examples
from sensorhar.evaluation.keep import Keep
from sensorhar.evaluation.report import Report
from sensorhar.evaluation.result import MAJORITY, Scored
from sensorhar.evaluation.run import Run, is_random
from sensorhar.evaluation.splits import Splits, make_splits, natural_order

__all__ = ["evaluate"]


def evaluate(
    classifiers: Any,
    windows: Examples | tuple[Examples, Examples],
    *,
    cv: Any = "loso",
    seeds: int | Sequence[int] = 1,
    names: Sequence[str] | None = None,
    random_state: int = 0,
    progress: bool = True,
    keep_in: str | Path | None = None,
) -> Report:
    """Score classifiers on people they have not seen.

    Each classifier is cloned and trained anew for each split and seed. What it says
    of the test windows of all splits is pooled before scoring. A row ``majority``,
    which always answers the commonest training label, stands in every report.

    Parameters
    ----------
    classifiers : estimator, sequence of estimators, or dict of str to estimator
        Anything with scikit-learn's ``fit`` and ``predict``. They get ``Windows``,
        and their subjects as ``groups`` when ``fit`` takes them. Parameters called
        ``random_state`` are set to the seed, and ``verbose`` to 0.
    windows : Windows, Poses or Clips, or pair (train, test) of them
        With a label and a subject each. A pair is needed for ``cv="official"``.
    cv : str, int, splitter or iterable of pairs, default="loso"
        See :func:`sensorhar.evaluation.make_splits`: ``"loso"``, ``"official"``,
        ``"group-10"``, a scikit-learn splitter, or a leaky split by its name.
    seeds : int or sequence of int, default=1
        How many seeds (0, 1, ...), or which. The splits stay the same. A classifier
        without ``random_state`` is trained once.
    names : sequence of str or None, default=None
        What the report calls them. None takes the class, or the key of the dict.
    random_state : int, default=0
        Seed of the dealing into folds.
    progress : bool, default=True
        Show a bar in the terminal.
    keep_in : str, Path or None, default=None
        A folder in which each finished fit is kept until the report is there. When
        the run dies, the same call goes on where it stopped.

    Returns
    -------
    Report
        Scores with their spread over seeds and subjects.

    Raises
    ------
    LeakageError
        When a split lets a subject or a sample stand on both sides.
    ValueError
        When a window has no label or there is one label only, subjects are unknown,
        names repeat, or a classifier wants a table of features.

    See Also
    --------
    sensorhar.leak_audit : what the leaky splits would have claimed.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sensorhar import Channel, WindowSpec
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((6, 60, 1)), spec=spec, y=list("aabaab"),
    ...     groups=["anna"] * 3 + ["ben"] * 3)
    >>> report = evaluate(DummyClassifier(strategy="uniform"), windows, seeds=2,
    ...     progress=False)
    >>> report.names
    ('DummyClassifier', 'majority')
    >>> round(report["majority"].score("accuracy").mean, 3)
    0.667
    """
    named = _name(classifiers, names)
    seed_list = _as_seeds(seeds)
    splits = make_splits(windows, cv, random_state=random_state)
    _check_labels(splits.windows)
    if MAJORITY not in named:
        from sklearn.dummy import DummyClassifier

        named[MAJORITY] = DummyClassifier(strategy="most_frequent")
    plan = {
        name: seed_list if is_random(clf) and name != MAJORITY else seed_list[:1]
        for name, clf in named.items()
    }
    scored, truth = _line_up(splits)
    results = []
    versions = loaded_versions()
    keep = Keep(
        None if keep_in is None else Path(keep_in),
        f"{splits.digest} {_fingerprint(splits.windows)} {sorted(versions.items())}",
    )
    n_fits = sum(len(plan[name]) for name in named) * len(splits)
    with _bar(n_fits, progress) as step:
        for name, classifier in named.items():
            run = Run(name, classifier, splits, truth, keep)
            for seed, i in product(plan[name], range(len(splits))):
                step(f"{name} | seed {seed} | split {i + 1} of {len(splits)}")
                run.fit(seed, i)
            results.append(run.result(plan[name], scored))
    report = Report(
        results=tuple(results),
        protocol=splits.protocol,
        data=_describe(splits.windows),
        labels=truth,
        subjects=tuple(natural_order(scored.subject)),
        n_splits=len(splits),
        split_hash=splits.digest,
        versions=versions,
        null_label=getattr(splits.windows, "null_label", None),
        is_leaky=splits.is_leaky,
        notes=_notes(splits, plan, seed_list),
        examples=_examples(splits.windows),
        scored=scored,
    )
    keep.clear()
    return report


def _name(classifiers: Any, names: Sequence[str] | None) -> dict[str, Any]:
    """Return the classifiers by name, or raise for what is none."""
    if isinstance(classifiers, Mapping):
        members, called = list(classifiers.values()), list(map(str, classifiers))
    elif isinstance(classifiers, (list, tuple)):
        members, called = list(classifiers), []
    else:
        members, called = [classifiers], []
    for member in members:
        lacks = [n for n in ("fit", "predict", "get_params") if not hasattr(member, n)]
        if lacks or isinstance(member, type):
            raise ValueError(
                "classifiers must be estimators with fit, predict and get_params; got "
                f"{member!r}. Pass an instance, such as CNNClassifier()."
            )
    if not members:
        raise ValueError("evaluate needs at least one classifier; got none.")
    if names is not None:
        called = list(names)
    elif not called:
        kinds = [type(member).__name__ for member in members]
        called = [
            kind if kinds.count(kind) == 1 else f"{kind} {kinds[: i + 1].count(kind)}"
            for i, kind in enumerate(kinds)
        ]
    if len(called) != len(members) or len(set(called)) < len(called):
        raise ValueError(
            f"names must differ and be {len(members)}, one for each classifier; got "
            f"{called!r}."
        )
    return dict(zip(called, members, strict=True))


def _as_seeds(seeds: int | Sequence[int]) -> tuple[int, ...]:
    if isinstance(seeds, (int, np.integer)) and not isinstance(seeds, bool):
        chosen = tuple(range(int(seeds)))
    elif isinstance(seeds, Sequence) and not isinstance(seeds, str):
        chosen = tuple(seeds)
    else:
        chosen = ()
    is_whole = all(isinstance(seed, (int, np.integer)) for seed in chosen)
    if not chosen or not is_whole or len(set(chosen)) < len(chosen):
        raise ValueError(
            "seeds must be a number of seeds of at least 1, or different whole "
            f"numbers; got {seeds!r}."
        )
    return tuple(map(int, chosen))


def _check_labels(windows: Examples) -> None:
    """Refuse windows without labels, and a single label."""
    if windows.y is None:
        raise ValueError(
            "evaluate needs a label for every window; got windows without labels. Give "
            "the recordings their events, recording.with_events(events), before "
            "make_windows."
        )
    if not windows.is_labelled:
        n_without = sum(label is None for label in windows.y)
        raise ValueError(
            f"evaluate needs a label for every window; got {n_without} of "
            f"{len(windows)} without. Make the windows with null='drop' to leave these "
            "out, or null='class' to score them as a class of their own."
        )
    if len(windows.classes) < 2:
        raise ValueError(
            "evaluate needs windows of at least two labels; got only "
            f"{listing(windows.classes)}."
        )


def _line_up(splits: Splits) -> tuple[Scored, tuple[str, ...]]:
    """Return the test windows in the order of the splits, and all labels."""
    windows: Any = splits.windows
    at = np.concatenate([test for _, test in splits])
    sizes = [len(test) for _, test in splits]
    n_windows = len(windows)
    recording = getattr(windows, "recording", np.full(n_windows, "", dtype=object))
    start_s = getattr(windows, "start_s", np.full(n_windows, np.nan))
    scored = Scored(
        window=at,
        split=np.repeat(np.arange(len(splits)), sizes),
        label=windows.y[at],
        subject=windows.groups[at],
        recording=recording[at],
        start_s=start_s[at],
    )
    return scored, windows.classes


def _notes(
    splits: Splits, plan: Mapping[str, tuple[int, ...]], seeds: tuple[int, ...]
) -> tuple[str, ...]:
    notes = []
    y: Any = splits.windows.y
    unseen = {
        label: n
        for label in splits.windows.classes
        if (n := sum(label not in set(y[train]) for train, _ in splits))
    }
    for label, n in unseen.items():
        of = f"{n} split{'s' * (n != 1)}"
        notes.append(f"{label!r} is missing from the training part of {of}")
    once = [n for n in plan if n != MAJORITY and len(plan[n]) < len(seeds)]
    if once:
        notes.append(f"trained once, for no seed changes them: {', '.join(once)}")
    return tuple(notes)


def _fingerprint(windows: Any) -> str:
    """Return what changes with the windows' numbers, looked at here and there."""
    chosen = np.unique(np.linspace(0, len(windows) - 1, 100).astype(np.intp))
    state = hashlib.sha256(repr(getattr(windows, "spec", None)).encode())
    some = windows[chosen]
    names = getattr(windows, "modalities", None)
    for part in [some] if names is None else [some[name] for name in names]:
        state.update(np.ascontiguousarray(np.asarray(part)).tobytes())
    return state.hexdigest()[:12]


def _describe(windows: Examples) -> str:
    """Say in words what was evaluated."""
    n_people = len(set([] if windows.groups is None else windows.groups))
    text = f"{len(windows)} {type(windows).__name__.lower()} of {n_people} subjects, "
    text += f"{len(windows.classes)} labels"
    spec: Any = getattr(windows, "spec", None)
    if spec is None:
        return f"{text}, shape {windows.shape}"
    if np.isfinite(spec.length_s):
        text += f"; {spec.length_s:g} s each"
    if getattr(spec, "step_s", None) is not None:
        text += f", one every {spec.step_s:g} s"
    steps = ", ".join(
        step["step"] for step in getattr(spec, "steps", ()) if "step" in step
    )
    return f"{text}; {spec.describe()}" + f" after {steps}" * bool(steps)


def _examples(windows: Examples) -> Any:
    return pick_examples(windows) if isinstance(windows, Windows) else ()


@contextmanager
def _bar(n_fits: int, is_shown: bool) -> Iterator[Any]:
    """Give a function that says what is being done now and moves a bar on."""
    if not is_shown:
        yield lambda _text: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    is_live = console.is_terminal or console.is_jupyter  # else it would print breaks
    with Progress(
        *columns, console=console, transient=True, disable=not is_live
    ) as bar:
        task = bar.add_task("starting", total=n_fits, completed=-1)

        def step(text: str) -> None:
            bar.update(task, advance=1, description=text)

        yield step
