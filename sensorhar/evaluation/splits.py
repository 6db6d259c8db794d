"""Splits into training and test that keep people apart, in words and checked."""

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.examples import Examples
from sensorhar.evaluation.leakage import check_no_leak, known_groups

__all__ = ["Splits", "make_splits", "natural_order"]

Index = NDArray[np.intp]
Pair = tuple[Index, Index]

N_FOLDS = 5  # of a leaky split that names no number
CHOICES = (
    'cv must be "loso", "official", "group-10" or another number of folds, '
    '"random-leaky", "recording-leaky", a scikit-learn splitter, or pairs '
    "(train, test) of indices"
)


@dataclass(frozen=True, eq=False)
class Splits:
    """Pairs of training and test windows, with their protocol in words.

    Parameters
    ----------
    windows : Windows
        What the indices point into.
    pairs : tuple of (array of int, array of int)
        Indices of the windows trained on and tested on, split by split.
    protocol : str
        How the splits were made, for the report.
    is_leaky : bool, default=False
        Whether people or samples stand on both sides, as was asked for by name.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar import Channel, Windows, WindowSpec
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((4, 60, 1)), spec=spec, y=list("abab"),
    ...     groups=["anna", "anna", "ben", "ben"])
    >>> for train, test in make_splits(windows, "loso"):
    ...     print(train, test)
    [2 3] [0 1]
    [0 1] [2 3]
    """

    windows: Examples
    pairs: tuple[Pair, ...]
    protocol: str
    is_leaky: bool = False

    @property
    def digest(self) -> str:
        """Twelve hex digits that change when a split, label or subject does."""
        state = hashlib.sha256()
        for name in ("y", "groups"):
            labels = getattr(self.windows, name)
            state.update("\0".join(map(str, [] if labels is None else labels)).encode())
        for pair in self.pairs:
            for side in pair:
                state.update(f"|{len(side)}|".encode())
                state.update(side.astype("<i8").tobytes())
        return state.hexdigest()[:12]

    def __len__(self) -> int:
        return len(self.pairs)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def __repr__(self) -> str:
        leaky = "LEAKY " * self.is_leaky
        return f"<{leaky}Splits {len(self)} of {len(self.windows)} windows>"


def make_splits(
    windows: Examples | tuple[Examples, Examples],
    cv: Any = "loso",
    *,
    random_state: int = 0,
) -> Splits:
    """Split windows into training and test, and check that nothing leaks.

    Parameters
    ----------
    windows : Windows, or pair (train, test) of Windows
        With groups, which hold the subject. A pair is needed for ``"official"`` and
        joined for all others.
    cv : str, int, splitter or iterable of pairs, default="loso"
        ``"loso"`` leaves one subject out at a time. ``"official"`` trains on the
        first of the pair and tests on the second. ``"group-10"``, or 10, deals whole
        subjects into ten folds that resemble each other in their labels
        (scikit-learn's StratifiedGroupKFold, shuffled). A scikit-learn splitter, or
        pairs of index arrays, are taken as they are. All of these are checked.

        ``"random-leaky"`` and ``"recording-leaky"`` deal single windows, or whole
        recordings, into five folds regardless of who wore the sensors
        (``"random-leaky-10"`` into ten). Their scores are flattered, and marked.
    random_state : int, default=0
        Seed of the dealing.

    Returns
    -------
    Splits
        Pairs of index arrays.

    Raises
    ------
    LeakageError
        When a subject or a sample stands on both sides and that was not asked for.
    ValueError
        When ``cv`` is none of these, subjects are unknown or fewer than folds, or a
        side of a split is empty.

    See Also
    --------
    sensorhar.leak_audit : measure how much a leak flatters.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar import Channel, Windows, WindowSpec
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((4, 60, 1)), spec=spec, y=list("abab"),
    ...     groups=["anna", "anna", "ben", "ben"])
    >>> make_splits(windows, "loso").protocol
    'leave one subject out: each of 2 subjects is tested once, by a classifier \
trained on the others'
    """
    is_official = isinstance(cv, str) and cv == "official"
    if isinstance(windows, (tuple, list)):
        splits = (
            _official(*windows)
            if is_official
            else _make(_join(windows), cv, random_state)
        )
    elif is_official:
        raise ValueError(
            'cv="official" needs a pair (train, test) of Windows; got one '
            f"{type(windows).__name__}. Pass evaluate(classifier, (train, test), "
            'cv="official"), or cv="loso".'
        )
    else:
        splits = _make(windows, cv, random_state)
    _check(splits)
    return splits


def natural_order(names: Iterable[str]) -> list[str]:
    """Sort names as a person would: ``"2"`` before ``"10"``.

    Parameters
    ----------
    names : iterable of str
        Such as subjects.

    Returns
    -------
    list of str
        Each name once.

    Examples
    --------
    >>> natural_order(["p10", "p2", "anna", "p2"])
    ['anna', 'p2', 'p10']
    """

    def key(name: str) -> list[tuple[bool, int, str]]:
        pieces = [piece for piece in re.split(r"([0-9]+)", name) if piece]
        return [(not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in pieces]

    return sorted(set(names), key=key)


def _join(windows: Any) -> Examples:
    return type(windows[0]).concat(list(windows))  # type: ignore[no-any-return]


def _official(train: Examples, test: Examples) -> Splits:
    n_train = len(train)
    whole = _join((train, test))
    pair = (
        np.arange(n_train, dtype=np.intp),
        np.arange(n_train, len(whole), dtype=np.intp),
    )
    people = [len(set(known_groups(side))) for side in (train, test)]
    return Splits(
        whole,
        (pair,),
        f"official split: trained on {_count(people[0], 'subject')} ({n_train} "
        f"windows), tested on {_count(people[1], 'other')} ({len(test)} windows)",
    )


def _make(windows: Examples, cv: Any, random_state: int) -> Splits:
    """Make splits of any kind but the official one, unchecked."""
    groups = known_groups(windows)
    if isinstance(cv, str) and cv == "loso":
        return _loso(windows, groups)
    if isinstance(cv, (int, np.integer)) and not isinstance(cv, bool):
        return _by_group(windows, groups, int(cv), random_state)
    if isinstance(cv, str):
        named = re.fullmatch(r"(group|random-leaky|recording-leaky)(?:-([0-9]+))?", cv)
        if named is None or (named[1] == "group" and named[2] is None):
            raise ValueError(f"{CHOICES}; got {cv!r}.")
        n_folds = int(named[2] or N_FOLDS)
        if named[1] == "group":
            return _by_group(windows, groups, n_folds, random_state)
        if named[1] == "random-leaky":
            return _by_window(windows, n_folds, random_state)
        return _by_recording(windows, groups, n_folds, random_state)
    if hasattr(cv, "split"):
        with warnings.catch_warnings():
            # That a splitter ignores groups is found out, and refused, below.
            warnings.filterwarnings("ignore", "The groups parameter is ignored")
            pairs = list(cv.split(np.zeros(len(windows)), windows.y, groups))
        return _given(windows, pairs, f"{cv!r}")
    if isinstance(cv, Iterable):
        return _given(windows, cv, "splits given by index")
    raise ValueError(f"{CHOICES}; got {cv!r}.")


def _loso(windows: Examples, groups: NDArray[np.object_]) -> Splits:
    people = natural_order(groups)
    if len(people) < 2:
        raise ValueError(
            f'cv="loso" needs at least 2 subjects; got {listing(people) or "none"}. '
            "Record someone else, or keep a recording of another day for testing."
        )
    return Splits(
        windows,
        tuple(_halves(groups == who) for who in people),
        f"leave one subject out: each of {len(people)} subjects is tested once, by a "
        "classifier trained on the others",
    )


def _by_group(
    windows: Examples, groups: NDArray[np.object_], n_folds: int, random_state: int
) -> Splits:
    return Splits(
        windows,
        _deal(windows, groups, n_folds, random_state, "subjects"),
        f"{n_folds} folds of whole subjects, balanced by label: each of "
        f"{len(set(groups))} subjects is tested once, by a classifier trained on the "
        "other folds",
    )


def _by_window(windows: Examples, n_folds: int, random_state: int) -> Splits:
    every = np.array([str(i) for i in range(len(windows))], dtype=object)
    return Splits(
        windows,
        _deal(windows, every, n_folds, random_state, "windows"),
        f"LEAKY: random windows in {n_folds} folds, so the same people, and samples "
        "of overlapping windows, stand in training and in test",
        is_leaky=True,
    )


def _by_recording(
    windows: Examples, groups: NDArray[np.object_], n_folds: int, random_state: int
) -> Splits:
    recording = getattr(windows, "recording", None)
    if recording is None or (recording == "").any():
        raise ValueError(
            'cv="recording-leaky" needs the recording of each window; some have no '
            "name. Name the recordings, Recording(..., name='anna-01'), or pass "
            'cv="random-leaky".'
        )
    both = np.array([f"{g}\0{r}" for g, r in zip(groups, recording, strict=True)])
    return Splits(
        windows,
        _deal(windows, both.astype(object), n_folds, random_state, "recordings"),
        f"LEAKY: whole recordings in {n_folds} folds, so people recorded more than "
        "once stand in training and in test",
        is_leaky=True,
    )


def _deal(
    windows: Examples,
    units: NDArray[np.object_],
    n_folds: int,
    random_state: int,
    called: str,
) -> tuple[Pair, ...]:
    """Deal units into folds that resemble each other in their labels."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    n_units = len(set(units))
    if n_folds < 2 or n_units < n_folds:
        raise ValueError(
            f"{n_folds} folds of {called} need at least {max(n_folds, 2)} {called} and "
            f"2 folds; got {n_units} {called}. Pass another number of folds, such as "
            'cv="group-5", or cv="loso".'
        )
    y = [""] * len(units) if windows.y is None else [str(label) for label in windows.y]
    commonest = max(y.count(label) for label in set(y))
    if commonest < n_folds:
        raise ValueError(
            f"{n_folds} folds need a label of at least {n_folds} windows to balance "
            f"them by; the commonest label has {commonest}. Pass fewer folds, or "
            'cv="loso".'
        )
    is_single = n_units == len(units)
    kind = StratifiedKFold if is_single else StratifiedGroupKFold
    folds = kind(n_splits=n_folds, shuffle=True, random_state=random_state)
    with warnings.catch_warnings():
        # A class rarer than the folds cannot be in each; the report shows its support.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        pairs = folds.split(np.zeros(len(units)), y, None if is_single else units)
        return tuple(pairs)


def _given(windows: Examples, pairs: Iterable[Any], called: str) -> Splits:
    """Take pairs of indices or masks as they are."""
    taken = []
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise ValueError(f"{CHOICES}; got {pair!r} among the pairs.")
        sides = [np.atleast_1d(np.asarray(side)) for side in pair]
        train, test = (
            np.flatnonzero(side) if side.dtype == bool else side.astype(np.intp)
            for side in sides
        )
        taken.append((train, test))
    n = _count(len(taken), "split")
    protocol = f"{called}: {n}, no subject on both sides (checked)"
    return Splits(windows, tuple(taken), protocol)


def _check(splits: Splits) -> None:
    """Check every split for emptiness, range and, unless asked for, leaks."""
    n_windows = len(splits.windows)
    if not len(splits):
        raise ValueError("cv must give at least one split; got none.")
    for i, (train, test) in enumerate(splits, start=1):
        if not len(train) or not len(test):
            raise ValueError(
                f"split {i} of {len(splits)} must have windows to train on and to "
                f"test on; got {len(train)} and {len(test)}. Pass another cv."
            )
        both = np.concatenate([train, test])
        if both.min() < 0 or both.max() >= n_windows:
            raise ValueError(
                f"split {i} of {len(splits)} must hold indices from 0 to "
                f"{n_windows - 1}; got {int(both.min())} to {int(both.max())}."
            )
        if not splits.is_leaky:
            check_no_leak(splits.windows, train, test)


def _halves(is_test: NDArray[np.bool_]) -> Pair:
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' * (n != 1)}"
