"""Where windows of one recording lie, and what each is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.labels import LabelTrack
from sensorhar.data.plausible import warn_if_implausible
from sensorhar.data.recording import Recording
from sensorhar.data.spec import WindowSpec
from sensorhar.data.stream import Stream
from sensorhar.data.windows import Source, select_columns
from sensorhar.preprocess import Align
from sensorhar.signal.grid import find_gaps

__all__ = [
    "Cut",
    "LabelRule",
    "Laid",
    "Null",
    "Plan",
    "Rule",
    "cut",
    "lay_out",
    "present_of",
    "streams_of",
]

LabelRule = Literal["majority", "centre", "last"]
Null = Literal["drop", "keep", "class"]


@dataclass(frozen=True)
class Plan:
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
    ) -> Self:
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
class Rule:
    """How a window gets its label."""

    label_rule: LabelRule
    min_purity: float
    null: Null
    null_label: str
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """Windows of one recording: start samples, label codes (-1 is null), purity."""

    source: Source
    time_s: NDArray[np.float64]
    start: NDArray[np.int64]
    code: NDArray[np.intp]
    purity: NDArray[np.float64]


@dataclass(frozen=True)
class Laid:
    """Channels of one recording on one clock, and where its unbroken stretches lie.

    Stretch k holds the samples from ``edges[k]`` up to before ``edges[k + 1]``.
    """

    source: Source
    time_s: NDArray[np.float64]
    edges: list[int]


def _on_one_clock(
    recording: Recording,
    spec: WindowSpec,
    channels: tuple[str, ...],
    max_gap_s: float | None,
) -> list[Stream]:
    """Return the streams wanted on one clock of the spec's rate."""
    streams = streams_of(recording, channels)
    is_shared = all(_is_same(stream.time_s, streams[0].time_s) for stream in streams)
    has_rate = all(
        abs(stream.rate_hz / spec.rate_hz - 1) * stream.n_samples < 0.5
        or (stream.is_regular and abs(stream.rate_hz / spec.rate_hz - 1) < 1e-6)
        for stream in streams
    )
    is_whole = not any(stream.has_missing for stream in streams)
    # A clock with holes is as it should be, unless longer pauses are to be bridged.
    is_ready = _is_gridded(streams[0]) and (max_gap_s is None or streams[0].is_regular)
    if is_shared and has_rate and is_whole and is_ready:
        return streams
    align = Align(rate_hz=spec.rate_hz, max_gap_s=max_gap_s, channels=channels)
    return streams_of(align(recording), channels)


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


def lay_out(
    recording: Recording,
    name: str,
    spec: WindowSpec,
    max_gap_s: float | None,
    is_masked: bool,
) -> Laid:
    """Bring the channels of the spec side by side, on one clock of its rate."""
    present = present_of(recording, spec.channel_names, is_masked)
    streams = _on_one_clock(recording, spec, present, max_gap_s)
    for stream in streams:
        warn_if_implausible(stream, name)
    names = [name for stream in streams for name in stream.channel_names]
    tables: list[NDArray[np.floating]] = [stream.values for stream in streams]
    absent = [name for name in spec.channel_names if name not in present]
    if absent:
        # One NaN seen everywhere: a mask takes no memory.
        shape = (streams[0].n_samples, len(absent))
        tables.append(np.broadcast_to(np.float32(np.nan), shape))
        names += absent
    source = select_columns(
        tuple(tables), [names.index(channel) for channel in spec.channel_names]
    )
    time_s = streams[0].time_s
    edges = [0, len(time_s)]
    if not streams[0].is_regular:
        gaps = find_gaps(time_s, max_gap_s=1.5 / spec.rate_hz)
        edges = [0, *(int(gap) for gap in gaps[:, 1]), len(time_s)]
    return Laid(source, time_s, edges)


def cut(
    recording: Recording,
    name: str,
    spec: WindowSpec,
    plan: Plan,
    rule: Rule,
    has_truth: bool,
    max_gap_s: float | None,
    is_masked: bool,
) -> Cut:
    """Find the windows of one recording."""
    laid = lay_out(recording, name, spec, max_gap_s, is_masked)
    source, time_s, edges = laid.source, laid.time_s, laid.edges
    if not has_truth:
        start = _starts(edges, plan.n_timepoints, plan.step)
        none = np.full(len(start), np.nan)
        return Cut(source, time_s, start, np.full(len(start), -1), none)
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
    return Cut(source, time_s, start[keep], code[keep], purity[keep])


def _starts(edges: Sequence[int], n_timepoints: int, step: int) -> NDArray[np.int64]:
    """Return start samples of all windows that lie between two neighbouring edges."""
    parts = [
        np.arange(first, last - n_timepoints + 1, step, dtype=np.int64)
        for first, last in pairwise(edges)
    ]
    return np.concatenate(parts)


def present_of(
    recording: Recording, channels: Sequence[str], is_masked: bool
) -> tuple[str, ...]:
    """Return those of the channels that a recording has, when it may lack some."""
    if not is_masked:
        return tuple(channels)
    present = tuple(name for name in channels if name in recording.channel_names)
    if not present:
        raise ValueError(
            f"recording {recording.name!r} must have at least one of the channels "
            f"{listing(channels)}; it has {', '.join(recording.channel_names)}. Leave "
            "it out."
        )
    return present


def streams_of(recording: Recording, channels: Sequence[str]) -> list[Stream]:
    """Return the streams that hold the channels, each once."""
    found: dict[int, Stream] = {}
    for channel in channels:
        stream = recording.stream_of(channel)
        found[id(stream)] = stream
    return list(found.values())
