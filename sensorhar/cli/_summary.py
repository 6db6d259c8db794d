"""What is in a recording, in plain numbers."""

from pathlib import Path
from typing import Any

import numpy as np

from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.data.windows import Windows
from sensorhar.signal.grid import find_gaps

__all__ = ["summarise_recording", "summarise_windows"]

#: Sensors whose size tells whether the unit is right.
SIZED = ("accelerometer", "linear_acceleration", "gravity", "gyroscope", "magnetometer")


def summarise_recording(recording: Recording, file: Path) -> dict[str, Any]:
    """Return all that ``inspect`` shows, as plain JSON values."""
    start = recording.start
    return {
        "file": str(file),
        "holds": "recording",
        "name": recording.name,
        "subject": recording.subject,
        "start": None if start is None else start.isoformat(),
        "start_s": recording.start_s,
        "duration_s": recording.duration_s,
        "streams": [_stream(stream) for stream in recording.streams],
        "events": None if recording.events is None else _events(recording),
        "metadata": dict(recording.metadata),
    }


def summarise_windows(windows: Windows, file: Path) -> dict[str, Any]:
    """Return shape, labels and subjects of windows, as plain JSON values."""
    labels = None
    if windows.y is not None:
        known = [label for label in windows.y if label is not None]
        names, counts = np.unique(np.array(known, dtype=str), return_counts=True)
        labels = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return {
        "file": str(file),
        "holds": "windows",
        "n_windows": len(windows),
        "spec": windows.spec.to_dict(),
        "labels": labels,
        "subjects": None if windows.groups is None else sorted(set(windows.groups)),
    }


def _stream(stream: Stream) -> dict[str, Any]:
    steps_s = np.diff(stream.time_s)
    gaps = find_gaps(stream.time_s)
    gap_s = stream.time_s[gaps[:, 1]] - stream.time_s[gaps[:, 0]]
    p50, p99 = np.percentile(steps_s, [50, 99]) if len(steps_s) else (np.nan, np.nan)
    is_lost = np.isnan(stream.values).any(axis=1)
    return {
        "kind": stream.kind,
        "place": stream.place,
        "channels": list(stream.channel_names),
        "units": [channel.unit for channel in stream.channels],
        "has_gravity": stream.channels[0].has_gravity,
        "n_samples": stream.n_samples,
        "rate_hz": stream.rate_hz,
        "is_regular": stream.is_regular,
        "start_s": stream.start_s,
        "duration_s": stream.duration_s,
        "step_p50_s": float(p50),
        "step_p99_s": float(p99),
        "n_gaps": len(gaps),
        "gap_s": float(gap_s.sum()),
        "longest_gap_s": float(gap_s.max(initial=0.0)),
        "n_missing": int(is_lost.sum()),
        "median_magnitude": _median_magnitude(stream, ~is_lost),
    }


def _median_magnitude(stream: Stream, is_known: Any) -> float | None:
    """Return the median length of a three-axis reading; None for other streams."""
    if stream.kind not in SIZED or stream.n_channels != 3 or not is_known.any():
        return None
    known = stream.values[is_known].astype(np.float64)
    return float(np.median(np.sqrt(np.sum(known**2, axis=1))))


def _events(recording: Recording) -> dict[str, Any]:
    events = recording.events
    assert events is not None  # the caller looked
    labels = {}
    for label in events.classes:
        mine = events.select([label])
        labels[label] = {"n_events": len(mine), "total_s": float(mine.duration_s.sum())}
    covered_s = _covered_s(events.crop(recording.start_s, recording.stop_s))
    return {
        "n_events": len(events),
        "n_overlapping": len(events.overlapping()),
        "covered_s": covered_s,
        "coverage": covered_s / recording.duration_s if recording.duration_s else 0.0,
        "labels": labels,
    }


def _covered_s(events: Events) -> float:
    """Return the time that any event covers, counting overlaps once."""
    total, reached = 0.0, -np.inf
    for start, stop in zip(events.start_s, events.stop_s, strict=True):
        total += max(0.0, float(stop - max(start, reached)))
        reached = max(reached, stop)
    return total
