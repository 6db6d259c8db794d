"""Bring the recordings of two devices onto one timeline."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.signal.sync import ClockOffset, find_offset

__all__ = ["synchronise"]

#: Kinds that feel a shake, best first: what both devices have of these is compared.
FEELING = ("accelerometer", "linear_acceleration", "gyroscope")


def synchronise(
    recording: Recording,
    reference: Recording,
    *,
    expected_s: float | Literal["start"] = 0.0,
    max_offset_s: float | None = None,
    with_drift: bool = False,
) -> Recording:
    """Move the streams of one device onto the clock of another, and join the two.

    The offset is told by movement that both felt: shake or clap with both in hand at
    the beginning, and at the end as well if the clocks may drift.

    ::

        reference   |--------~shake~-------------------|
        recording       |--------~shake~---------|           another clock
        result      |--------~shake~-------------------|
                 |-----------~shake~----|

    Parameters
    ----------
    recording : Recording
        Its streams are moved.
    reference : Recording
        Its clock, name, subject, start and metadata are kept.
    expected_s : float or "start", default=0.0
        What must be added to the times of the recording, as far as known. ``"start"``
        takes the difference of the two start times.
    max_offset_s : float or None, default=None
        How far from that it may be. None tries everything.
    with_drift : bool, default=False
        Also measure and undo how fast the clocks drift apart.

    Returns
    -------
    Recording
        Streams of both, the reference's first. Channels of the recording whose names
        the reference has already get their place as prefix (``wrist_acc_x``). Events
        are the reference's, or else the recording's, moved. Metadata tells
        ``sync_offset_s``, ``sync_drift`` and ``sync_confidence``.

    Raises
    ------
    ValueError
        When the two share no kind of motion sensor, no offset stands out, start times
        are unknown but asked for, or names clash and no place tells them apart.

    See Also
    --------
    sensorhar.signal.find_offset : the same on arrays, for a video say.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> time_s = np.arange(3000) / 50
    >>> shake = rng.normal(size=(3000, 3)) * np.exp(-((time_s - 20) ** 2))[:, None]
    >>> watch, phone = (
    ...     Recording([Stream.of_sensor("accelerometer", shake, time_s + late_s,
    ...                                 place=place, has_gravity=False)])
    ...     for place, late_s in (("wrist", 1.37), ("waist", 0.0)))
    >>> both = synchronise(watch, phone)
    >>> both.channel_names
    ('acc_x', 'acc_y', 'acc_z', 'wrist_acc_x', 'wrist_acc_y', 'wrist_acc_z')
    >>> round(both.metadata["sync_offset_s"], 2)
    -1.37
    """
    if isinstance(expected_s, str):
        check_choice(expected_s, "expected_s", ["start"])
        expected_s = _between_starts(recording, reference)
    mine, theirs = _same_kind(recording, reference)
    offset = find_offset(
        mine.values,
        mine.time_s,
        theirs.values,
        theirs.time_s,
        expected_s=expected_s,
        max_offset_s=max_offset_s,
        with_drift=with_drift,
    )
    moved = [_moved(stream, offset) for stream in recording.streams]
    events = reference.events
    if events is None and recording.events is not None:
        start_s, stop_s = (
            offset.apply(times)
            for times in (recording.events.start_s, recording.events.stop_s)
        )
        events = type(recording.events)(
            start_s, stop_s, recording.events.labels, recording.events.score
        )
    return Recording(
        [*reference.streams, *_renamed(moved, reference)],
        name=reference.name,
        subject=reference.subject,
        events=events,
        start=reference.start,
        metadata={
            **reference.metadata,
            "sync_offset_s": offset.offset_s,
            "sync_drift": offset.drift,
            "sync_confidence": offset.confidence,
        },
    )


def _between_starts(recording: Recording, reference: Recording) -> float:
    """Return the offset that the start times tell."""
    if recording.start is None or reference.start is None:
        raise ValueError(
            'expected_s="start" needs both start times; got '
            f"{recording.start!r} and {reference.start!r}. Pass the offset in s, or "
            "leave it out."
        )
    return (recording.start - reference.start).total_seconds()


def _same_kind(recording: Recording, reference: Recording) -> tuple[Stream, Stream]:
    """Return a stream of each that feels the same; acceleration with or without g."""
    for kinds in (FEELING[:2], FEELING[2:]):
        pair = [
            next(
                (s for s in one.streams if s.kind in kinds and s.n_channels == 3), None
            )
            for one in (recording, reference)
        ]
        if pair[0] is not None and pair[1] is not None:
            return pair[0], pair[1]
    raise ValueError(
        "both recordings must have an accelerometer, or both a gyroscope; got "
        f"{listing({s.kind for s in recording.streams})} and "
        f"{listing({s.kind for s in reference.streams})}. Compare other readings with "
        "sensorhar.signal.find_offset."
    )


def _moved(stream: Stream, offset: ClockOffset) -> Stream:
    rate_hz = stream.rate_hz / (1 + offset.drift) or None
    return Stream(
        stream.values, offset.apply(stream.time_s), stream.channels, rate_hz=rate_hz
    )


def _renamed(streams: Sequence[Stream], reference: Recording) -> list[Stream]:
    """Give channels whose names are taken their place as prefix."""
    taken = set(reference.channel_names)
    result = []
    for stream in streams:
        if not taken & set(stream.channel_names):
            result.append(stream)
            continue
        prefix = f"{stream.place}_" if stream.place else ""
        channels = [replace(c, name=prefix + c.name) for c in stream.channels]
        clash = taken & {channel.name for channel in channels}
        if clash:
            raise ValueError(
                f"channel names must differ between the two recordings; got "
                f"{listing(clash)} twice. Read one of them with place='wrist' or "
                "wherever it was worn."
            )
        result.append(
            Stream(
                stream.values, stream.time_s, channels, rate_hz=stream.rate_hz or None
            )
        )
    return result
