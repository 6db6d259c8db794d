"""Cut recordings into labelled windows without copying them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive, listing
from sensorhar.data.channel import Channel
from sensorhar.data.events import Events
from sensorhar.data.labels import LabelTrack
from sensorhar.data.plausible import warn_if_implausible
from sensorhar.data.recording import Recording
from sensorhar.data.spec import WindowSpec
from sensorhar.data.stream import Stream
from sensorhar.data.windows import Source, Windows, select_columns
from sensorhar.errors import SpecMismatchError
from sensorhar.preprocess import Align, Step, build, describe
from sensorhar.signal.grid import find_gaps

__all__ = ["make_windows"]

LabelRule = Literal["majority", "centre", "last"]
Null = Literal["drop", "keep", "class"]


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
    length_s : float
        Length of a window in s. Rounded to whole samples.
    overlap : float, default=0
        Share of a window that the next one covers again, in [0, 1). Give this or
        ``step_s``.
    step_s : float
        Time between the starts of neighbouring windows in s.
    rate_hz : float or None, default=None
        Rate of the windows in Hz. None takes that of the recordings when they agree.
    channels : sequence of str or None, default=None
        Channels in order. None takes all of the first recording.
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
    if not 0 <= min_purity <= 1:
        raise ValueError(f"min_purity must lie in [0, 1]; got {min_purity!r}.")
    if spec is not None:
        taken = {"length_s": length_s, "rate_hz": rate_hz, "channels": channels}
        _refuse_beside_spec({**taken, "steps": steps or None})
        steps = [build(step) for step in spec.steps]
        rate_hz, length_s = spec.rate_hz, spec.length_s
        channels = spec.channel_names
        if step_s is None and overlap is None:
            step_s = spec.step_s or spec.length_s
    prepared = [_prepare(recording, steps) for recording in recordings]
    chosen = tuple(channels) if channels is not None else prepared[0].channel_names
    if rate_hz is None:
        rate_hz = _common_rate(prepared, chosen)
    plan = _Plan.of(length_s, overlap, step_s, rate_hz, label_step_s)
    columns = _columns_of(prepared[0], chosen)
    made = WindowSpec(
        columns,
        float(rate_hz),
        plan.n_timepoints,
        min([plan.step, *plan.label_steps.values()]) / rate_hz,
        spec.steps if spec is not None else tuple(describe(step) for step in steps),
    )
    _check_columns(prepared, made, spec)
    has_truth = _has_truth(prepared, null)
    classes = _classes(prepared, null_label) if has_truth else ()
    rule = _Rule(label_rule, min_purity, null, null_label, classes)
    names = _unique_names(prepared)
    parts = [
        _cut(recording, name, made, plan, rule, has_truth, max_gap_s)
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


@dataclass(frozen=True)
class _Plan:
    """Length and steps in samples."""

    n_timepoints: int
    step: int
    label_steps: Mapping[str, int]

    @classmethod
    def of(
        cls,
        length_s: float | None,
        overlap: float | None,
        step_s: float | None,
        rate_hz: float,
        label_step_s: Mapping[str, float] | None,
    ) -> "_Plan":
        if length_s is None:
            raise ValueError("make_windows needs length_s, the window's length in s.")
        check_positive(length_s, "length_s", "s")
        check_positive(rate_hz, "rate_hz", "Hz")
        if overlap is not None and step_s is not None:
            raise ValueError(
                f"give overlap or step_s, not both; got {overlap!r} and {step_s!r}."
            )
        if overlap is not None and not 0 <= overlap < 1:
            raise ValueError(f"overlap must be a share in [0, 1); got {overlap!r}.")
        if step_s is not None:
            check_positive(step_s, "step_s", "s")
        n_timepoints = max(1, round(length_s * rate_hz))
        if step_s is None:
            step_s = n_timepoints * (1 - (overlap or 0.0)) / rate_hz
        for label, label_step in (label_step_s or {}).items():
            check_positive(label_step, f"label_step_s[{label!r}]", "s")
        return cls(
            n_timepoints,
            max(1, round(step_s * rate_hz)),
            {k: max(1, round(v * rate_hz)) for k, v in (label_step_s or {}).items()},
        )


@dataclass(frozen=True)
class _Rule:
    """How a window gets its label."""

    label_rule: LabelRule
    min_purity: float
    null: Null
    null_label: str
    classes: tuple[str, ...]


@dataclass(frozen=True)
class _Cut:
    """Windows of one recording: start samples, label codes (-1 is null), purity."""

    source: Source
    time_s: NDArray[np.float64]
    start: NDArray[np.int64]
    code: NDArray[np.intp]
    purity: NDArray[np.float64]


def _refuse_beside_spec(given: Mapping[str, object]) -> None:
    extra = [name for name, value in given.items() if value is not None]
    if extra:
        raise ValueError(
            f"spec says length, rate, channels and steps already; got {listing(extra)} "
            "beside it. Leave these out, or leave out spec."
        )


def _prepare(recording: Recording, steps: Sequence[Step]) -> Recording:
    for step in steps:
        recording = step(recording)
    return recording


def _streams_of(recording: Recording, channels: Sequence[str]) -> list[Stream]:
    """Return the streams that hold the channels, each once."""
    found: dict[int, Stream] = {}
    for channel in channels:
        stream = recording.stream_of(channel)
        found[id(stream)] = stream
    return list(found.values())


def _common_rate(recordings: Sequence[Recording], channels: Sequence[str]) -> float:
    """Return the one rate of all streams wanted, or ask for one."""
    rates = {
        round(stream.rate_hz, 6)
        for recording in recordings
        for stream in _streams_of(recording, channels)
    }
    lowest, highest = min(rates), max(rates)
    if highest - lowest > 1e-3 * highest:
        raise ValueError(
            "make_windows needs rate_hz when streams differ in rate; got "
            f"{', '.join(f'{rate:.4g}' for rate in sorted(rates)[:5])} Hz. Name the "
            "rate to bring them to, or choose channels of one rate."
        )
    return next(iter(rates)) if len(rates) == 1 else round(highest, 1)


def _columns_of(recording: Recording, names: Sequence[str]) -> tuple[Channel, ...]:
    if not names or len(set(names)) < len(names):
        raise ValueError(f"channels must be names that differ; got {list(names)!r}.")
    columns = []
    for name in names:
        stream = recording.stream_of(name)
        columns.append(stream.channels[stream.channel_names.index(name)])
    return tuple(columns)


def _check_columns(
    recordings: Sequence[Recording], made: WindowSpec, wanted: WindowSpec | None
) -> None:
    """Raise where a recording's channels mean something else than the spec's."""
    reference = made.channels if wanted is None else wanted.channels
    for recording in recordings:
        for have, want in zip(
            _columns_of(recording, made.channel_names), reference, strict=True
        ):
            if (have.unit, have.has_gravity) != (want.unit, want.has_gravity):
                raise SpecMismatchError(
                    f"channel {have.name!r} of recording {recording.name!r} must be "
                    f"{want!r} as in the other windows; got {have!r}. Add or remove "
                    "gravity with SplitGravity, or take other channels."
                )


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


def _unique_names(recordings: Sequence[Recording]) -> list[str]:
    """Name each recording so that no two share a name."""
    seen: dict[str, int] = {}
    names = []
    for i, recording in enumerate(recordings):
        name = recording.name or f"recording-{i}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def _on_one_clock(
    recording: Recording, spec: WindowSpec, max_gap_s: float | None
) -> list[Stream]:
    """Return the streams wanted on one clock of the spec's rate."""
    streams = _streams_of(recording, spec.channel_names)
    is_shared = all(_is_same(stream.time_s, streams[0].time_s) for stream in streams)
    has_rate = all(
        abs(stream.rate_hz / spec.rate_hz - 1) * stream.n_samples < 0.5
        or (stream.is_regular and abs(stream.rate_hz / spec.rate_hz - 1) < 1e-6)
        for stream in streams
    )
    is_whole = not any(stream.has_missing for stream in streams)
    if is_shared and has_rate and is_whole and _is_gridded(streams[0]):
        return streams
    align = Align(
        rate_hz=spec.rate_hz, max_gap_s=max_gap_s, channels=spec.channel_names
    )
    return _streams_of(align(recording), spec.channel_names)


def _is_same(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether two clocks tell the same times; at once when they share their memory."""
    if one.shape != other.shape:
        return False
    where = [a.__array_interface__["data"][0] for a in (one, other)]
    is_one_memory = where[0] == where[1] and one.strides == other.strides
    return is_one_memory or bool(np.array_equal(one, other))


def _is_gridded(stream: Stream) -> bool:
    """Whether steps are one period each, but for gaps."""
    if stream.is_regular:
        return True
    steps = np.diff(stream.time_s) * stream.rate_hz
    return bool((np.abs(steps - 1) < 0.1).any() and (steps > 0.9).all()) and not bool(
        ((steps > 1.1) & (steps < 1.5)).any()
    )


def _cut(
    recording: Recording,
    name: str,
    spec: WindowSpec,
    plan: _Plan,
    rule: _Rule,
    has_truth: bool,
    max_gap_s: float | None,
) -> _Cut:
    """Find the windows of one recording."""
    streams = _on_one_clock(recording, spec, max_gap_s)
    for stream in streams:
        warn_if_implausible(stream, name)
    # Steps have to see every row in the streams' own order; columns come after.
    names = [name for stream in streams for name in stream.channel_names]
    source = select_columns(
        tuple(stream.values for stream in streams),
        [names.index(channel) for channel in spec.channel_names],
    )
    time_s = streams[0].time_s
    edges = [0, len(time_s)]
    if not streams[0].is_regular:
        gaps = find_gaps(time_s, max_gap_s=1.5 / spec.rate_hz)
        edges = [0, *(int(gap) for gap in gaps[:, 1]), len(time_s)]
    if not has_truth:
        start = _starts(edges, plan.n_timepoints, plan.step)
        none = np.full(len(start), np.nan)
        return _Cut(source, time_s, start, np.full(len(start), -1), none)
    events = recording.events if recording.events is not None else Events.empty()
    track = LabelTrack.of(events, time_s, rule.classes)
    start = _starts(edges, plan.n_timepoints, plan.step)
    code, purity = track.label(start, plan.n_timepoints, rule.label_rule)
    for label, step in plan.label_steps.items():
        if label not in rule.classes:
            raise ValueError(
                f"label_step_s must name labels that occur; got {label!r} beside "
                f"{listing(rule.classes)}."
            )
        wanted = rule.classes.index(label)
        more = _starts(edges, plan.n_timepoints, step)
        more_code, more_purity = track.label(more, plan.n_timepoints, rule.label_rule)
        is_other, is_wanted = code != wanted, more_code == wanted
        start = np.concatenate([start[is_other], more[is_wanted]])
        code = np.concatenate([code[is_other], more_code[is_wanted]])
        purity = np.concatenate([purity[is_other], more_purity[is_wanted]])
    order = np.argsort(start, kind="stable")
    keep = order[purity[order] >= rule.min_purity]
    if rule.null == "drop":
        keep = keep[code[keep] >= 0]
    return _Cut(source, time_s, start[keep], code[keep], purity[keep])


def _starts(edges: Sequence[int], n_timepoints: int, step: int) -> NDArray[np.int64]:
    """Return start samples of all windows that lie between two neighbouring edges."""
    parts = [
        np.arange(first, last - n_timepoints + 1, step, dtype=np.int64)
        for first, last in pairwise(edges)
    ]
    return np.concatenate(parts)


def _join(
    parts: Sequence[_Cut],
    recordings: Sequence[Recording],
    names: Sequence[str],
    spec: WindowSpec,
    rule: _Rule,
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
