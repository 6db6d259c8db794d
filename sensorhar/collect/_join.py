"""Channels of several sources under names of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sensorhar.collect.source import Source
from sensorhar.data.channel import Channel
from sensorhar.data.stream import Stream
from sensorhar.io._columns import plain_name
from sensorhar.sensors import SENSORS

__all__ = ["JoinedNames"]


class JoinedNames:
    """Give each channel of several sources a name that no other has.

    A single source keeps its names. Of several, each name begins with the place of the
    sensor, or with the name of its source where no place is known; those that a source
    has prefixed itself stay.

    Parameters
    ----------
    sources : sequence of Source
        All that are recorded at once.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._is_single = len(sources) == 1
        called = [
            plain_name(getattr(source, "place", "") or source.name) or "source"
            for source in sources
        ]
        counts = Counter(called)
        self._prefixes = [
            f"{name}{i}" if counts[name] > 1 else name
            for i, name in enumerate(called, 1)
        ]
        self._channels: dict[tuple[int, tuple[Channel, ...]], tuple[Channel, ...]] = {}
        self._owner: dict[str, int] = {}

    def rename(self, number: int, chunk: Stream) -> Stream:
        """Return a chunk of a source, counted from 0, under its names."""
        if self._is_single:
            return chunk
        key = (number, chunk.channels)
        if key not in self._channels:
            self._channels[key] = self._plan(number, chunk.channels)
        return Stream(
            chunk.values,
            chunk.time_s,
            self._channels[key],
            rate_hz=chunk.rate_hz or None,
        )

    def _plan(self, number: int, channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
        prefix = self._prefixes[number]
        names = [
            name if _is_prefixed(channel, prefix) else f"{prefix}_{name}"
            for channel in channels
            for name in [channel.name]
        ]
        if any(self._owner.get(name, number) != number for name in names):
            names = [f"source{number + 1}_{name}" for name in names]
        self._owner.update(dict.fromkeys(names, number))
        return tuple(
            replace(channel, name=name)
            for channel, name in zip(channels, names, strict=True)
        )


def _is_prefixed(channel: Channel, prefix: str) -> bool:
    sensor = SENSORS.get(channel.kind)
    is_own = sensor is not None and channel.name not in sensor.channels
    return is_own or channel.name.startswith(f"{prefix}_")
