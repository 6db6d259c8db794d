"""The check that no subject and no sample stands on both sides of a split."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._words import listing
from sensorhar.data.examples import Examples
from sensorhar.errors import LeakageError

__all__ = ["check_no_leak", "known_groups"]

Index = NDArray[np.intp]
N_COMPARED = 16  # pairs of windows whose numbers are compared; one equal pair tells


def check_no_leak(windows: Examples, train: ArrayLike, test: ArrayLike) -> None:
    """Raise a LeakageError when training and test share a subject or samples.

    Samples are shared when two windows of one recording overlap in time. Recordings
    of equal name and different subjects are taken for different ones, unless their
    numbers are the same where they overlap.

    Parameters
    ----------
    windows : Windows
        With groups. Start times and names of recordings are used where known.
    train, test : array-like of int of shape (n_train,) and (n_test,)
        Which windows stand on which side.

    Raises
    ------
    LeakageError
        When they share a subject or a sample.
    ValueError
        When the subjects are unknown.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar import Channel, Windows, WindowSpec
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((4, 60, 1)), spec=spec, y=list("abab"),
    ...     groups=["anna", "anna", "ben", "ben"])
    >>> check_no_leak(windows, [0, 1], [2, 3])
    >>> check_no_leak(windows, [0, 2], [1, 3])
    Traceback (most recent call last):
    ...
    sensorhar.errors.LeakageError: a split must keep each subject on one side; \
got 'anna', 'ben' in training and in test. Pass cv="loso" or groups=windows.groups; \
to measure how much it flatters, pass cv="random-leaky".
    """
    train_at = np.asarray(train, dtype=np.intp)
    test_at = np.asarray(test, dtype=np.intp)
    groups = known_groups(windows)
    is_trained_on = np.zeros(len(windows), dtype=bool)
    is_trained_on[train_at] = True
    twice = test_at[is_trained_on[test_at]]
    if len(twice):
        raise LeakageError(
            f"a split must keep each window on one side; got {len(twice)} in training "
            f"and in test, the first being window {int(twice[0])}. Remove them from "
            "one of the two."
        )
    shared = set(groups[train_at]) & set(groups[test_at])
    if shared:
        if _overlapping_pairs(windows, train_at, test_at, [groups]):
            raise LeakageError(
                f"windows overlap{_share(windows)} and the split ignores subjects, so "
                'training and test share samples. Pass cv="loso" or '
                "groups=windows.groups; to measure how much it flatters, pass "
                'cv="random-leaky".'
            )
        raise LeakageError(
            f"a split must keep each subject on one side; got {listing(shared)} in "
            'training and in test. Pass cv="loso" or groups=windows.groups; to '
            'measure how much it flatters, pass cv="random-leaky".'
        )
    for left, right in _overlapping_pairs(windows, train_at, test_at, [])[:N_COMPARED]:
        if _share_numbers(windows, left, right):
            at: Any = windows
            raise LeakageError(
                "a split must keep each sample on one side; got recording "
                f"{at.recording[left]!r} on both: its window at {at.start_s[left]:g} s "
                f"in training holds samples of that at {at.start_s[right]:g} s in "
                f"test, although their groups differ ({groups[left]!r} and "
                f"{groups[right]!r}). Give all windows of a recording one group."
            )


def known_groups(windows: Examples) -> NDArray[np.object_]:
    """Return the subject of each window, or raise a ValueError that asks for them.

    Parameters
    ----------
    windows : Windows
        Windows to be split.

    Returns
    -------
    object array of str of shape (n_windows,)
        Their groups.

    Raises
    ------
    ValueError
        When the subjects are unknown.
    """
    if windows.groups is None:
        raise ValueError(
            "evaluation needs the subject of each window; got groups=None. Give each "
            "recording its subject, Recording(..., subject='anna'), or the windows "
            "theirs: windows.with_labels(windows.y, groups=subjects)."
        )
    return windows.groups


def _share(windows: Examples) -> str:
    spec = getattr(windows, "spec", None)
    if spec is None or getattr(spec, "step_s", None) is None:
        return ""
    return f" by {100 * (1 - spec.step_s / spec.length_s):.0f} %"


def _overlapping_pairs(
    windows: Examples, train: Index, test: Index, more_keys: list[NDArray[np.object_]]
) -> list[tuple[int, int]]:
    """Return pairs (train, test) of one recording that overlap in time.

    Each test window is paired with its nearest training window only: that is enough
    to know whether there are any. Windows of unknown time or recording are left out, as
    are whole events, whose own lengths are not kept.
    """
    recording = getattr(windows, "recording", None)
    start_s = getattr(windows, "start_s", None)
    spec = getattr(windows, "spec", None)
    if recording is None or start_s is None or spec is None:
        return []
    if getattr(spec, "is_stretched", False):
        return []
    is_known = np.isfinite(start_s) & (recording != "")
    train, test = train[is_known[train]], test[is_known[test]]
    if not set(recording[train]) & set(recording[test]):
        return []  # the common case, and cheap to see
    # Lay the recordings one behind another on a single line, too far apart to touch.
    known = start_s[is_known]
    first = known.min()
    stretch = known.max() - first + 2 * spec.length_s
    table: dict[tuple[str, ...], int] = {}
    keys = zip(recording, *more_keys, strict=True)
    code = np.fromiter((table.setdefault(k, len(table)) for k in keys), dtype=np.intp)
    place = code * stretch + np.where(is_known, start_s - first, 0.0)
    train = train[np.argsort(place[train], kind="stable")]
    after = np.searchsorted(place[train], place[test])
    # Windows that merely touch share nothing: half a sample of tolerance.
    reach_s = spec.length_s - 0.5 / spec.rate_hz
    pairs: list[tuple[int, int]] = []
    for neighbour in (after - 1, after):
        near = np.clip(neighbour, 0, len(train) - 1)
        is_close = np.abs(place[train[near]] - place[test]) < reach_s
        left, right = train[near[is_close]].tolist(), test[is_close].tolist()
        pairs.extend(zip(left, right, strict=True))
    return pairs


def _share_numbers(windows: Any, left: int, right: int) -> bool:
    """Whether two windows that overlap in time hold the same numbers there."""
    shift_s = windows.start_s[right] - windows.start_s[left]
    shift = round(float(shift_s) * windows.spec.rate_hz)
    a, b = windows.batch([left, right])
    if shift < 0:
        a, b, shift = b, a, -shift
    n_shared = len(a) - shift
    return n_shared > 0 and bool(np.array_equal(a[shift:], b[:n_shared]))
