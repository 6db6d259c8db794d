"""Several Bluetooth sensors as one source on one time line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sensorhar._words import listing
from sensorhar.collect.ble import BleSource
from sensorhar.collect.source import Marker, Source, SourceState

__all__ = ["BleSources"]


class BleSources(Source):
    """Yield the readings of several Bluetooth sensors, worn at several places.

    They are searched for together, and each is connected again for itself. Channels
    are named after the place: ``wrist_acc_x``.

    Parameters
    ----------
    sources : sequence of BleSource
        Each with a place of its own.

    Raises
    ------
    ValueError
        On entry, when places are missing or the same.
    ConnectionError
        On entry, when one of them is not found.

    Examples
    --------
    >>> left = BleSource(address="F1:00:00:00:00:01", profile="thingy52", place="left")
    >>> right = BleSource(address="F1:00:00:00:00:02", profile="thingy52",
    ...                   place="right")
    >>> BleSources([left, right]).state().name
    'left + right'
    """

    def __init__(self, sources: Sequence[BleSource]) -> None:
        super().__init__()
        self.sources = tuple(sources)
        self.name = " + ".join(source.place or source.name for source in sources)
        self._pumps: list[asyncio.Task[None]] = []

    def state(self) -> SourceState:
        """Return how all of them do.

        Returns
        -------
        SourceState
            Connected when all are; the battery is the emptiest one.
        """
        states = [source.state() for source in self.sources]
        charges = [s.battery_percent for s in states if s.battery_percent is not None]
        return SourceState(
            name=self.name,
            is_connected=all(state.is_connected for state in states),
            streams=tuple(stream for state in states for stream in state.streams),
            battery_percent=min(charges, default=None),
            n_dropped=self._n_dropped + sum(state.n_dropped for state in states),
        )

    def stop(self) -> None:
        """End the iteration after what has come already."""
        for source in self.sources:
            source.stop()
            self._hand_on(source)
        super().stop()

    def take_markers(self) -> list[Marker]:
        """Return the markers since the last call, each beginning with the place."""
        markers = super().take_markers()
        for source in self.sources:
            markers += [
                Marker(marker.time_s, f"{source.place}: {marker.text}")
                for marker in source.take_markers()
            ]
        return sorted(markers, key=lambda marker: marker.time_s)

    async def _open(self) -> None:
        places = [source.place for source in self.sources]
        if not places or not all(places) or len(set(places)) < len(places):
            raise ValueError(
                "several sensors must be worn at several places; got "
                f"{listing(places) or 'none'}. Pass BleSource(place='left_wrist', ...)."
            )
        for source in self.sources:
            source.prefix_place = True
        opening = [
            asyncio.create_task(source._join(self._zero_s, self.start))
            for source in self.sources
        ]
        try:
            await asyncio.gather(*opening)
        finally:
            for task in opening:
                task.cancel()
            await asyncio.wait(opening)
            if not all(_is_done_well(task) for task in opening):
                await self._close()
        self._pumps = [asyncio.create_task(self._pump(s)) for s in self.sources]
        for pump in self._pumps:
            pump.add_done_callback(lambda _: self._end())

    async def _close(self) -> None:
        pumps, self._pumps = self._pumps, []
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*(source._leave() for source in self.sources))

    async def _pump(self, source: BleSource) -> None:
        async for chunk in source:
            self._put(chunk)

    def _hand_on(self, source: BleSource) -> None:
        """Hand on what a source still has, without waiting."""
        while source._queue:
            self._put(source._queue.popleft())


def _is_done_well(task: asyncio.Task[None]) -> bool:
    return not task.cancelled() and task.exception() is None
