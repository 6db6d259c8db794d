"""Cut recordings into labelled windows without copying them."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.preprocess import Step, build, describe
from sensorhar.windowing._columns import (
    check_columns,
    choose_channels,
    columns_of,
    common_rate,
    prepare,
    refuse_beside_spec,
    unique_names,
)
from sensorhar.windowing._cutting import Cut, LabelRule, Null, Plan, Rule, cut

__all__ = ["make_windows"]


def make_windows(
    recordings: Sequence[Recording],
    *,
    length_s: float | None = None,
    overlap: float | None = None,
    step_s: float | None = None,
    rate_hz: float | None = None,
    channels: Sequence[str] | None = None,
    steps: Sequence[Step] = (),
    spec: WindowSpec | None = None,
    label_rule: LabelRule = "majority",
    min_purity: float = 0.0,
    null: Null = "drop",
    null_label: str = "null",
    label_step_s: Mapping[str, float] | None = None,
    max_gap_s: float | None = None,
    missing: Literal["refuse", "mask"] = "refuse",
) -> Windows:
    """Cut recordings into windows of equal length, with labels and subjects.

    ::

        samples   |----------------------|  gap  |-------------|
        windows   [------][------]                [------]
                      [------][------]                [------]

    A window never crosses the end of a recording or a gap. When the streams that hold
    the channels share one regular clock of the wanted rate, windows are views on
    them; otherwise each recording is brought onto one clock first (see
    :class:`sensorhar.preprocess.Align`), and windows are views on that.

    Parameters
    ----------
    recordings : sequence of Recording
        Each with the channels wanted.
    length_s : float or None, default=None
        Length of a window in s, rounded to whole samples. Needed unless ``spec`` says
        it.
    overlap : float or None, default=None
        Share of a window that the next one covers again, in [0, 1). Give this or
        ``step_s``; without either, windows follow each other without overlap.
    step_s : float or None, default=None
        Time between the starts of neighbouring windows in s.
    rate_hz : float or None, default=None
        Rate of the windows in Hz. None takes that of the recordings when they agree.
    channels : sequence of str or None, default=None
        Channels in order. None takes all of the first recording, or with
        ``missing="mask"`` all that any recording has.
    steps : sequence of Step, default=()
        Preparation of each recording, in order; kept in the spec.
    spec : WindowSpec or None, default=None
        Make windows exactly as these, such as ``clf.spec_``; then length, rate,
        channels and steps must not be given.
    label_rule : {"majority", "centre", "last"}, default="majority"
        Which label a window gets: the one that covers most of it (time without an
        event competes as null; ties go to an activity, then to the first in
        alphabetical order), or the one at its middle or last sample.
    min_purity : float, default=0
        Windows whose label covers less than this share are left out. 1 keeps only
        pure windows, which flatters every score.
    null : {"drop", "keep", "class"}, default="drop"
        What becomes of windows without activity: left out; kept with label None, for
        prediction; or kept with ``null_label``, as a class of their own.
    null_label : str, default="null"
        Name of that class. Events of this label count as null too.
    label_step_s : mapping of str to float, or None, default=None
        Another step in s for windows of some labels, to see rare activities more
        often. For training only: scores want one uniform step.
    max_gap_s : float or None, default=None
        Longer pauses between samples are gaps. None asks the rate.
    missing : {"refuse", "mask"}, default="refuse"
        What to do with a recording that lacks some of the channels: refuse it, or
        fill them with NaN, which tells a classifier that the sensor was not there
        (see ``sensor_dropout`` of the networks).

    Returns
    -------
    Windows
        Of shape (n_windows, n_timepoints, n_channels), in SI units. ``groups`` are
        the subjects, when each recording names one.

    Raises
    ------
    ValueError
        When parameters contradict each other, a channel is missing, rates differ and
        none is asked for, events overlap, values are missing, or no window comes out.
    SpecMismatchError
        When recordings cannot give windows of the ``spec``.

    Warns
    -----
    UnitWarning
        When an accelerometer's numbers look like another unit.

    Examples
    --------
    >>> import sensorhar as sh
    >>> recordings = sh.simulate_recordings(2, random_state=0)
    >>> windows = sh.make_windows(recordings, length_s=2.56, overlap=0.5, rate_hz=50,
    ...     channels=["acc_x", "acc_y", "acc_z"])
    >>> windows.shape[1:]
    (128, 3)
    """
    recordings = list(recordings)
    if not recordings:
        raise ValueError("make_windows needs at least one recording; got none.")
    check_choice(label_rule, "label_rule", ["majority", "centre", "last"])
    check_choice(null, "null", ["drop", "keep", "class"])
    check_choice(missing, "missing", ["refuse", "mask"])
    if not 0 <= min_purity <= 1:
        raise ValueError(f"min_purity must lie in [0, 1]; got {min_purity!r}.")
    if spec is not None:
        taken = {"length_s": length_s, "rate_hz": rate_hz, "channels": channels}
        refuse_beside_spec({**taken, "steps": steps or None})
        if spec.is_stretched:
            raise ValueError(
                "spec must be of windows on the clock; got one of whole events that "
                "were stretched. make_event_windows(recordings, spec=...) makes these."
            )
        steps = [build(step) for step in spec.steps]
        rate_hz, length_s = spec.rate_hz, spec.length_s
        channels = spec.channel_names
        if step_s is None and overlap is None:
            step_s = spec.step_s or spec.length_s
    prepared = [prepare(recording, steps) for recording in recordings]
    is_masked = missing == "mask"
    chosen = choose_channels(prepared, channels, is_masked)
    if rate_hz is None:
        rate_hz = common_rate(prepared, chosen, is_masked, "make_windows")
    plan = Plan.of(length_s, overlap, step_s, rate_hz, label_step_s)
    columns = columns_of(prepared, chosen, spec, is_masked)
    made = WindowSpec(
        columns,
        float(rate_hz),
        plan.n_timepoints,
        min([plan.step, *plan.label_steps.values()]) / rate_hz,
        spec.steps if spec is not None else tuple(describe(step) for step in steps),
    )
    check_columns(prepared, made, spec, is_masked)
    has_truth = _has_truth(prepared, null)
    classes = _classes(prepared, null_label) if has_truth else ()
    rule = Rule(label_rule, min_purity, null, null_label, classes)
    names = unique_names(prepared)
    parts = [
        cut(recording, name, made, plan, rule, has_truth, max_gap_s, is_masked)
        for recording, name in zip(prepared, names, strict=True)
    ]
    windows = _join(parts, prepared, names, made, rule, has_truth)
    if not len(windows):
        longest = max(recording.duration_s for recording in recordings)
        raise ValueError(
            f"no window came out of {len(recordings)} recordings: windows are "
            f"{made.length_s:g} s long, the longest recording {longest:.1f} s, "
            f"null={null!r}, min_purity={min_purity:g}. Take shorter windows, a larger "
            "max_gap_s, a lower min_purity, or null='keep'."
        )
    return windows


def _has_truth(recordings: Sequence[Recording], null: Null) -> bool:
    without = [r.name for r in recordings if r.events is None]
    if not without:
        return True
    if len(without) < len(recordings) and null != "keep":
        raise ValueError(
            "recordings must all have events or none; "
            f"{listing(without)} have none of {len(recordings)}. Give them "
            "recording.with_events(Events.empty()) if nothing happened there, or pass "
            "null='keep'."
        )
    return len(without) < len(recordings)


def _classes(recordings: Sequence[Recording], null_label: str) -> tuple[str, ...]:
    labels: set[str] = set()
    for recording in recordings:
        if recording.events is None:
            continue
        pairs = recording.events.overlapping()
        if pairs:
            first, second = (recording.events[i] for i in pairs[0])
            raise ValueError(
                f"events of recording {recording.name!r} must not overlap to label "
                f"windows; {len(pairs)} do, the first being {first.label!r} "
                f"({first.start_s:g}-{first.stop_s:g} s) and {second.label!r} "
                f"({second.start_s:g}-{second.stop_s:g} s). Shorten one of them, or "
                "keep one kind with events.select([...])."
            )
        labels.update(recording.events.classes)
    return tuple(sorted(labels - {null_label}))


def _join(
    parts: Sequence[Cut],
    recordings: Sequence[Recording],
    names: Sequence[str],
    spec: WindowSpec,
    rule: Rule,
    has_truth: bool,
) -> Windows:
    """Put the windows of all recordings together."""
    counts = [len(part.start) for part in parts]
    source = np.repeat(np.arange(len(parts), dtype=np.intp), counts)
    y = None
    if has_truth:
        null = rule.null_label if rule.null == "class" else None
        words = np.array([*rule.classes, null], dtype=object)  # code -1 is the last
        y = words[np.concatenate([part.code for part in parts])]
    subjects = np.array([recording.subject for recording in recordings], dtype=object)
    return Windows(
        [part.source for part in parts],
        source,
        np.concatenate([part.start for part in parts]),
        spec=spec,
        y=y,
        groups=subjects[source] if all(subjects) else None,
        start_s=np.concatenate([part.time_s[part.start] for part in parts]),
        recording=np.array(names, dtype=object)[source],
        purity=np.concatenate([part.purity for part in parts]),
        null_label=rule.null_label if rule.null == "class" and has_truth else None,
    )
