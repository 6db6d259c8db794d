"""What is wrong with a recording, measured and said in plain sentences."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sensorhar._words import say_duration
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.preprocess._problems import find_problems
from sensorhar.preprocess._stream_quality import StreamQuality, measure_stream

__all__ = ["QualityReport", "quality_report"]


@dataclass(frozen=True)
class QualityReport:
    """What :func:`quality_report` measured; ``print(report)`` tells it.

    Attributes
    ----------
    name : str
        Of the recording.
    subject : str or None
        Who wore the sensors.
    start : str or None
        When time 0 was, in ISO format.
    duration_s : float, in s
        Of the recording.
    streams : tuple of StreamQuality
        For each stream its rate, jitter, gaps, clipping and so on.
    label_s : dict of str to (int, float)
        Number of events and seconds of each label.
    label_coverage : float or None
        Share of the recording that has a label; None without events.
    n_overlapping : int
        Events that begin before another has stopped.
    problems : tuple of str
        What is wrong and what to do, worst first; empty when all is well.
    """

    name: str
    subject: str | None
    start: str | None
    duration_s: float
    streams: tuple[StreamQuality, ...]
    label_s: dict[str, tuple[int, float]]
    label_coverage: float | None
    n_overlapping: int
    problems: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values; NaN becomes None."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    def __str__(self) -> str:
        lines = [self._headline(), ""]
        for stream in self.streams:
            units = ", ".join(dict.fromkeys(stream.units))
            lines.append(f"  {stream.title}: {' '.join(stream.channels)} [{units}]")
        lines += ["", *_columns(CLOCK_HEADER, [_clock_row(s) for s in self.streams])]
        valued = [s for s in self.streams if s.median_magnitude is not None]
        if valued:
            lines += ["", *_columns(VALUE_HEADER, [_value_row(s) for s in valued])]
        lines += ["", *self._label_lines(), ""]
        if not self.problems:
            return "\n".join([*lines, "Nothing wrong was found."])
        n = len(self.problems)
        lines.append(f"{n} problem{'s' if n > 1 else ''}:")
        return "\n".join([*lines, *(f"- {problem}" for problem in self.problems)])

    def _headline(self) -> str:
        name = self.name or "recording"
        is_other = self.subject and self.subject != self.name
        who = f" of {self.subject}" if is_other else ""
        when = f", from {self.start}" if self.start else ""
        return f"{name}{who}: {say_duration(self.duration_s)}{when}"

    def _label_lines(self) -> list[str]:
        if self.label_coverage is None:
            return ["No labels."]
        rows = [
            (label, str(n), say_duration(s), f"{s / max(self.duration_s, 1e-9):.1%}")
            for label, (n, s) in self.label_s.items()
        ]
        table = _columns(("label", "events", "time", "share"), rows)
        n_events = sum(n for n, _ in self.label_s.values())
        overlap = f"; {self.n_overlapping} overlap" if self.n_overlapping else ""
        return [
            *table,
            "",
            f"{n_events} events label {self.label_coverage:.1%} of the recording"
            f"{overlap}.",
        ]


def quality_report(recording: Recording) -> QualityReport:
    """Measure what may be wrong with a recording before training on it.

    Rates, jitter, repeated stamps, gaps, clipped and stuck axes, the size of gravity,
    time not worn, stale fixes and how much is labelled. Nothing is changed.

    Parameters
    ----------
    recording : Recording
        As read, before any step.

    Returns
    -------
    QualityReport
        Numbers, and ``problems`` in plain sentences.

    See Also
    --------
    sensorhar.plot.plot_quality : the same as a picture.

    Examples
    --------
    >>> from sensorhar import Stream
    >>> in_g = np.tile([0.0, 0.0, 1.0], (500, 1))
    >>> in_g += 0.01 * np.random.default_rng(0).normal(size=(500, 3))
    >>> acc = Stream.of_sensor(
    ...     "accelerometer", in_g, np.arange(500) / 50, has_gravity=True)
    >>> report = quality_report(Recording([acc], name="anna.csv"))
    >>> len(report.problems), round(report.streams[0].median_magnitude, 1)
    (1, 1.0)
    >>> "in g, pass units" in report.problems[0]
    True
    """
    streams = tuple(measure_stream(stream, recording) for stream in recording.streams)
    events = recording.events
    label_s, coverage, n_overlapping = {}, None, 0
    if events is not None:
        label_s = {
            label: (len(mine), float(mine.duration_s.sum()))
            for label in events.classes
            for mine in [events.select([label])]
        }
        n_overlapping = len(events.overlapping())
        inside = events.crop(recording.start_s, recording.stop_s)
        coverage = _covered_s(inside) / max(recording.duration_s, 1e-9)
    return QualityReport(
        name=recording.name,
        subject=recording.subject,
        start=None if recording.start is None else recording.start.isoformat(),
        duration_s=recording.duration_s,
        streams=streams,
        label_s=label_s,
        label_coverage=coverage,
        n_overlapping=n_overlapping,
        problems=tuple(find_problems(recording, streams, n_overlapping)),
    )


CLOCK_HEADER = (
    *("sensor", "samples", "Hz", "p50 ms", "p99 ms", "repeats", "gaps", "missing"),
)
VALUE_HEADER = (
    *("sensor", "median size", "8-12", "clipped", "stuck", "repeated", "not worn"),
)


def _clock_row(stream: StreamQuality) -> tuple[str, ...]:
    gaps = str(stream.n_gaps)
    if stream.n_gaps:
        gaps += f" ({say_duration(stream.gap_s)})"
    return (
        stream.title,
        str(stream.n_samples),
        f"{stream.measured_rate_hz:.4g}",
        f"{1000 * stream.jitter_p50_s:.3g}",
        f"{1000 * stream.jitter_p99_s:.3g}",
        str(stream.n_duplicates),
        gaps,
        str(stream.n_missing),
    )


def _value_row(stream: StreamQuality) -> tuple[str, ...]:
    share = stream.gravity_share
    stuck_s = max(stream.stuck_s) + stream.frozen_s
    return (
        stream.title,
        f"{stream.median_magnitude:.3g} {stream.units[0]}",
        "-" if share is None else f"{share:.0%}",
        f"{max(stream.clipped_shares):.2%}",
        say_duration(stuck_s) if stuck_s else "0",
        f"{stream.repeated_share:.0%}",
        say_duration(stream.non_wear_s) if stream.non_wear_s else "0",
    )


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of words under a header, numbers to the right."""
    columns = []
    for name, *words in zip(header, *rows, strict=True):
        size = max(map(len, (name, *words)))
        is_right = bool(words) and all(w[:1].isdigit() or w == "-" for w in words)
        pad = str.rjust if is_right else str.ljust
        columns.append([pad(word, size) for word in (name, *words)])
    return ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]


def _covered_s(events: Events) -> float:
    """Return the time that any event covers, counting overlaps once."""
    total, reached = 0.0, -np.inf
    for start, stop in zip(events.start_s, events.stop_s, strict=True):
        total += max(0.0, float(stop - max(start, reached)))
        reached = max(reached, stop)
    return total


def _plain(value: Any) -> Any:
    """Return JSON values: lists for tuples, None for NaN."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and np.isnan(value):
        return None
    return value
