"""Several streams of one person over one stretch of time, and the truth."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing, say_duration
from sensorhar.data.events import Events
from sensorhar.data.stream import Stream

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Recording"]

Plain = str | int | float | bool


class Recording:
    """Streams of one subject, each on its own clock, with events and circumstances.

    Parameters
    ----------
    streams : sequence of Stream
        At least one; channel names differ between them.
    name : str, default=""
        What to call it in reports, such as a file name.
    subject : str or None, default=None
        Who wore the sensors; becomes the group of its windows.
    events : Events or None, default=None
        What truly happened, in s on the same time line. None means unlabelled.
    start : datetime or None, default=None
        When time 0 was, with a time zone; kept in UTC.
    metadata : mapping of str to str, int, float or bool, or None, default=None
        Anything else worth keeping, such as the phone model.

    Attributes
    ----------
    start_s, stop_s, duration_s : float
        First and last time of any stream, and their difference, in s.

    Raises
    ------
    ValueError
        When there is no stream, two channels share a name, the start has no time
        zone, or an event lies outside the recording.

    Examples
    --------
    >>> import numpy as np
    >>> acc = Stream.of_sensor("accelerometer", np.zeros((500, 3)),
    ...     np.arange(500) / 50, place="wrist", has_gravity=False)
    >>> Recording([acc], name="anna-01", subject="anna")
    <Recording 'anna-01' of anna | 9.98 s | acc_x acc_y acc_z 50 Hz | no events>
    """

    __slots__ = ("events", "metadata", "name", "start", "streams", "subject")

    streams: tuple[Stream, ...]
    name: str
    subject: str | None
    events: Events | None
    start: datetime | None
    metadata: Mapping[str, Plain]

    def __init__(
        self,
        streams: Sequence[Stream],
        *,
        name: str = "",
        subject: str | None = None,
        events: Events | None = None,
        start: datetime | None = None,
        metadata: Mapping[str, Plain] | None = None,
    ) -> None:
        called = f"recording {name!r}" if name else "a recording"
        if not streams:
            raise ValueError(f"{called} must hold at least one stream; got none.")
        names = [name for stream in streams for name in stream.channel_names]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(
                f"channel names must differ within {called}; got {listing(twice)} "
                "twice. Give each sensor its place: "
                "Stream.of_sensor(..., place='wrist', prefix_place=True)."
            )
        if start is not None:
            if start.tzinfo is None:
                raise ValueError(
                    f"start of {called} must have a time zone; got {start!r}. "
                    "Use start.replace(tzinfo=datetime.UTC) if it is UTC."
                )
            from datetime import UTC

            start = start.astimezone(UTC)
        for field, value in (
            ("streams", tuple(streams)),
            ("name", name),
            ("subject", None if subject is None else str(subject)),
            ("events", events),
            ("start", start),
            ("metadata", MappingProxyType(dict(metadata or {}))),
        ):
            object.__setattr__(self, field, value)
        if events is not None:
            self._check_events(events)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"a Recording is frozen; {name!r} cannot be set. Build a new one with "
            "recording.with_events(...) or recording.with_streams(...)."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.streams, self._rest())

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of all channels, stream by stream."""
        return tuple(name for stream in self.streams for name in stream.channel_names)

    @property
    def start_s(self) -> float:
        """First time of any stream in s."""
        return min(stream.start_s for stream in self.streams)

    @property
    def stop_s(self) -> float:
        """Last time of any stream in s."""
        return max(stream.stop_s for stream in self.streams)

    @property
    def duration_s(self) -> float:
        """Time from the first to the last sample in s."""
        return self.stop_s - self.start_s

    def stream_of(self, channel: str) -> Stream:
        """Return the stream that holds a channel.

        Raises
        ------
        ValueError
            When there is no such channel.
        """
        for stream in self.streams:
            if channel in stream.channel_names:
                return stream
        raise ValueError(
            f"channel must be one of {', '.join(self.channel_names)} in recording "
            f"{self.name!r}; got {channel!r}."
        )

    def channel(self, name: str) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Return times in s and readings of one channel, as views."""
        stream = self.stream_of(name)
        return stream.time_s, stream.values[:, stream.channel_names.index(name)]

    def with_events(self, events: Events | None) -> Self:
        """Return the recording with other events.

        Raises
        ------
        ValueError
            When an event lies outside the recording.
        """
        return type(self)(self.streams, **{**self._rest(), "events": events})

    def with_streams(self, streams: Sequence[Stream]) -> Self:
        """Return the recording with other streams."""
        return type(self)(streams, **self._rest())

    def crop(self, start_s: float, stop_s: float) -> Self:
        """Return what lies in ``start_s <= time < stop_s``; times are kept.

        Streams without a sample there are left out.
        """
        inside = [
            stream.crop(start_s, stop_s)
            for stream in self.streams
            if np.diff(np.searchsorted(stream.time_s, [start_s, stop_s]))[0] > 0
        ]
        events = None if self.events is None else self.events.crop(start_s, stop_s)
        return type(self)(inside, **{**self._rest(), "events": events})

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the recording to one ``.npz`` file, bit-exact and without pickle.

        Parameters
        ----------
        path : str or Path
            ``.npz`` is added when missing.
        overwrite : bool, default=False
            Whether a file of that name may be replaced.

        Returns
        -------
        Path
            Where it lies. Read it with :func:`sensorhar.read`.

        Raises
        ------
        FileExistsError
            When the file exists and must not be replaced.
        """
        from sensorhar.data.archive import save_recording

        return save_recording(self, path, overwrite=overwrite)

    def to_frame(self) -> "pd.DataFrame":
        """Return all channels as a DataFrame indexed by time_s.

        Streams on different clocks meet in one index; where a channel has no sample
        the table holds NaN.
        """
        import pandas as pd

        tables = [
            pd.DataFrame(
                stream.values,
                index=pd.Index(stream.time_s, name="time_s"),
                columns=list(stream.channel_names),
            )
            for stream in self.streams
        ]
        return pd.concat(tables, axis=1).sort_index()

    def _rest(self) -> dict[str, Any]:
        """All fields but the streams."""
        return {
            "name": self.name,
            "subject": self.subject,
            "events": self.events,
            "start": self.start,
            "metadata": dict(self.metadata),
        }

    def _check_events(self, events: Events) -> None:
        """Raise a ValueError for events outside the recording."""
        # An event may begin at the last sample, which it then covers.
        outside = (events.start_s > self.stop_s) | (events.stop_s <= self.start_s)
        if not outside.any():
            return
        span = f"{self.start_s:.1f}-{self.stop_s:.1f} s"
        first, last = events.start_s.min(), events.stop_s.max()
        if outside.all():
            unix = 1e8 < first < 1e11  # 1973 to 5138 as seconds since 1970
            cure = (
                "They look like Unix times: pass time_base='unix' to read_events."
                if unix
                else "Move them with events.shift(by_s)."
            )
            raise ValueError(
                f"no event overlaps recording {self.name!r}, which spans {span}; the "
                f"events span {first:.10g}-{last:.10g} s. {cure}"
            )
        event = events[int(np.argmax(outside))]
        raise ValueError(
            f"events must lie in recording {self.name!r}, which spans {span}; "
            f"{int(outside.sum())} of {len(events)} do not, the first being "
            f"{event.label!r} at {event.start_s:g}-{event.stop_s:g} s. Drop them with "
            f"events.crop({self.start_s:g}, {self.stop_s:g})."
        )

    def __repr__(self) -> str:
        parts = [
            f"{' '.join(stream.channel_names)} {stream.rate_hz:.4g} Hz"
            for stream in self.streams
        ]
        events = "no events" if self.events is None else f"{len(self.events)} events"
        subject = f" of {self.subject}" if self.subject else ""
        return (
            f"<Recording {self.name!r}{subject} | {say_duration(self.duration_s)} | "
            f"{' | '.join(parts)} | {events}>"
        )


def _rebuild(streams: tuple[Stream, ...], rest: dict[str, Any]) -> Recording:
    """Build a recording again when it is unpickled."""
    return Recording(streams, **rest)
