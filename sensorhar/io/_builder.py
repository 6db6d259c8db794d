"""Readings of several sensors, as a file gives them, put together as a recording."""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.events import Events
from sensorhar.data.plausible import (
    guess_gravity,
    guess_unit,
    steady_magnitude,
    warn_if_implausible,
)
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.errors import ClockWarning, DataError, SensorharWarning, UnitWarning
from sensorhar.io._times import EPOCH
from sensorhar.sensors import SENSORS
from sensorhar.signal.clock import ClockRepair, ClockReport, repair_clock
from sensorhar.units import factor

__all__ = ["RecordingBuilder"]

#: Sensors that report when they have something to say, at no fixed rate.
EVENT_LIKE = ("gps", "heart_rate", "barometer")

#: A phone first hands out the last place it knew; fixes this much older than the
#: first movement are not where the person was, nor are the same ones soon after it.
STALE_S = 2.0


@dataclass(frozen=True)
class _Part:
    kind: str
    values: NDArray[Any]
    times: NDArray[Any]
    names: tuple[str, ...]
    place: str
    prefix: str
    has_gravity: bool | None
    is_unit_known: bool
    rate_hz: float | None
    sequence: NDArray[Any] | None


class RecordingBuilder:
    """Collect what the parts of a file hold, then build the recording.

    Parameters
    ----------
    named : str
        Name of the file, for messages.
    repair : bool, default=True
        Whether clocks are repaired; otherwise broken ones are refused.
    """

    def __init__(self, named: str, *, repair: bool = True) -> None:
        self.named = named
        self.repair = repair
        self._parts: list[_Part] = []
        self._repairs: dict[int, ClockRepair] = {}

    def add(
        self,
        kind: str,
        values: ArrayLike,
        times: ArrayLike,
        *,
        unit: str | None = None,
        is_unit_known: bool = True,
        place: str = "",
        has_gravity: bool | None = None,
        prefix_place: bool = False,
        rate_hz: float | None = None,
        sequence: ArrayLike | None = None,
        channels: Sequence[str] | None = None,
    ) -> None:
        """Add the readings of one sensor at one place.

        Parameters
        ----------
        kind : str
            A row of :data:`sensorhar.sensors.SENSORS`.
        values : array-like of shape (n_samples, n_channels)
            Readings; NaN where there is none. Rows without any are left out.
        times : array-like of shape (n_samples,)
            Integers are nanoseconds since 1970; floats are seconds from the start.
        unit : str or None, default=None
            Unit of all columns; None is SI.
        is_unit_known : bool, default=True
            Whether somebody said so; otherwise the size of the readings decides.
        place : str, default=""
            Where on the body.
        has_gravity : bool or None, default=None
            Of an accelerometer; None lets the readings tell.
        prefix_place : bool, default=False
            Whether channel names start with the place.
        rate_hz : float or None, default=None
            Nominal rate in Hz.
        sequence : array-like of int of shape (n_samples,), default=None
            Number of each sample, unwrapped.
        channels : sequence of str or None, default=None
            Which channels of the sensor the columns are; None is all in order.
        """
        sensor = SENSORS[kind]
        names = tuple(sensor.channels if channels is None else channels)
        table = np.asarray(values)
        if table.dtype.kind != "f":
            table = table.astype(np.float64)
        stamps = np.asarray(times)
        if not len(table):
            return
        if np.isnan(np.sum(table)):
            is_there = ~np.isnan(table).all(axis=1)
            if not is_there.any():
                return
            if not is_there.all():
                table, stamps = table[is_there], stamps[is_there]
                if sequence is not None:
                    sequence = np.asarray(sequence)[is_there]
        if unit is not None:
            table = table * factor(unit, sensor.units[0])
        self._parts.append(
            _Part(
                kind,
                table,
                stamps,
                names,
                place,
                f"{place}_" if prefix_place and place else "",
                has_gravity,
                is_unit_known,
                rate_hz,
                None if sequence is None else np.asarray(sequence),
            )
        )

    def __len__(self) -> int:
        return len(self._parts)

    def build(
        self,
        *,
        name: str,
        subject: str | None = None,
        events: Events | None = None,
        metadata: Mapping[str, str | int | float | bool] | None = None,
        start: datetime | None = None,
        unix_events: tuple[ArrayLike, ArrayLike, Sequence[str]] | None = None,
    ) -> Recording:
        """Return the recording; 0 s is the first sample of a motion sensor.

        Parameters
        ----------
        name : str
            What to call it.
        subject : str or None, default=None
            Who wore the sensors.
        events : Events or None, default=None
            In s from the start; those outside are left out.
        metadata : mapping or None, default=None
            Anything else; reports of repaired clocks are added.
        start : datetime or None, default=None
            When 0 s was, for times that do not count from 1970.
        unix_events : tuple of starts, stops and labels, default=None
            Events in integer ns since 1970, in place of ``events``.

        Raises
        ------
        DataError
            When there is nothing to build from, or a clock is beyond repair.
        """
        if not self._parts:
            raise DataError(
                f"{self.named} must hold readings of a sensor; it holds none. Export "
                "it again, with the sensors you need switched on."
            )
        zero_ns = self._zero_ns()
        notes: dict[str, str | int | float | bool] = dict(metadata or {})
        streams = []
        for part in self._parts:
            stream = self._stream(part, zero_ns, notes)
            if stream is not None:
                streams.append(stream)
        if not streams:
            raise DataError(
                f"{self.named} must hold readings of a sensor; all its fixes are "
                "older than the recording. Record longer."
            )
        if zero_ns is not None:
            start = EPOCH + timedelta(microseconds=zero_ns // 1000)
            if unix_events is not None:
                begin, end, labels = unix_events
                events = Events(
                    (np.asarray(begin, dtype=np.int64) - zero_ns) / 1e9,
                    (np.asarray(end, dtype=np.int64) - zero_ns) / 1e9,
                    labels,
                )
        try:
            recording = Recording(
                streams, name=name, subject=subject, start=start, metadata=notes
            )
        except ValueError as error:
            raise DataError(f"{self.named}: {error}") from error
        if events is None:
            return recording
        inside = events.crop(recording.start_s, np.nextafter(recording.stop_s, np.inf))
        return recording.with_events(inside)

    def _zero_ns(self) -> int | None:
        """Return ns since 1970 of the first sample of a motion sensor."""
        is_unix = {part.times.dtype.kind in "iu" for part in self._parts}
        if len(is_unix) > 1:
            raise DataError(
                f"all sensors of {self.named} must count time in the same way; some "
                "count from 1970 and some from a start. Export it again."
            )
        if is_unix == {False}:
            return None
        motion = [part for part in self._parts if part.kind not in EVENT_LIKE]
        return min(int(part.times[0]) for part in motion or self._parts)

    def _stream(
        self,
        part: _Part,
        zero_ns: int | None,
        notes: dict[str, str | int | float | bool],
    ) -> Stream | None:
        values, times = part.values, part.times
        time_s = (
            np.asarray(times, dtype=np.float64)
            if zero_ns is None
            else np.asarray((times - zero_ns) / 1e9)
        )
        first = f"{part.prefix}{part.names[0]}"
        called = f"the {part.kind.replace('_', ' ')} of {self.named!r}"
        if part.kind in EVENT_LIKE:
            has_motion = any(other.kind not in EVENT_LIKE for other in self._parts)
            values, time_s = _tidy(part, values, time_s, has_motion, called, notes)
            if not len(values):
                return None
        elif self.repair:
            time_s = self._repaired(part, time_s, called, f"clock {first}", notes)
        is_acc = part.kind == "accelerometer"
        sensor = SENSORS[part.kind]
        channels = [
            Channel(
                part.prefix + name,
                sensor.units[sensor.channels.index(name)],
                part.kind,
                part.place,
                part.has_gravity is not False if is_acc else None,
            )
            for name in part.names
        ]
        try:
            stream = Stream(values, time_s, channels, rate_hz=part.rate_hz)
        except ValueError as error:
            raise DataError(f"{self.named}: {error}") from error
        if not part.is_unit_known and part.has_gravity is not False:
            stream = _with_guessed_unit(stream, called)
        if is_acc and part.has_gravity is None:
            stream = _with_guessed_gravity(stream, self.named)
        warn_if_implausible(stream, self.named)
        return stream

    def _repaired(
        self,
        part: _Part,
        time_s: NDArray[np.float64],
        called: str,
        key: str,
        notes: dict[str, str | int | float | bool],
    ) -> NDArray[np.float64]:
        # Sensors of one table share its stamps, which are looked at once.
        shared = id(part.times)
        repair = self._repairs.get(shared) if part.sequence is None else None
        if repair is None:
            try:
                repair = repair_clock(
                    time_s, sequence=part.sequence, rate_hz=part.rate_hz
                )
            except ValueError as error:
                raise DataError(f"{called}: {error}") from error
            self._repairs[shared] = repair
        if repair.report.is_repaired:
            notes[key] = json.dumps(repair.report.to_dict())
            warnings.warn(
                _say_repair(called, repair.report), ClockWarning, stacklevel=5
            )
        return repair.time_s


def _say_repair(called: str, report: ClockReport) -> str:
    found = [
        text
        for count, text in (
            (report.n_repeats, f"{report.n_repeats} of {report.n_samples} repeat"),
            (report.n_backwards, f"{report.n_backwards} go backwards"),
        )
        if count
    ] or [f"come in bursts, {1000 * report.jitter_p99_s:.3g} ms off at p99"]
    return (
        f"stamps of {called} must increase regularly; {', '.join(found)}. The samples "
        f"were spread at {report.rate_hz:.5g} Hz and none was dropped; pass "
        "repair=False to refuse such files."
    )


def _tidy(
    part: _Part,
    values: NDArray[Any],
    time_s: NDArray[np.float64],
    has_motion: bool,
    called: str,
    notes: dict[str, str | int | float | bool],
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Sort an event-like sensor, drop repeats of a report, and fixes that are stale."""
    order = np.argsort(time_s, kind="stable")
    # Of several reports at one moment the last is the newest.
    is_last = np.append(np.diff(time_s[order]) > 0, True)
    keep = order[is_last]
    n_repeated = len(order) - len(keep)
    if n_repeated:
        notes[f"{part.prefix}{part.kind} repeated"] = n_repeated
    if part.kind == "gps" and has_motion:
        is_stale = time_s[keep] < -STALE_S
        if is_stale.any():
            age_s = -float(time_s[keep][0])
            n_before = int(is_stale.sum())
            # Once the recording runs, phones hand such a place out anew, to the digit.
            last = np.nan_to_num(values[keep][n_before - 1])
            is_same = (np.nan_to_num(values[keep]) == last).all(axis=1)
            is_stale |= is_same & (time_s[keep] < STALE_S)
            notes[f"{part.prefix}gps stale"] = int(is_stale.sum())
            warnings.warn(
                f"{called} must not begin before the motion sensors; it does, by "
                f"{age_s:.0f} s. {int(is_stale.sum())} fixes at places the phone "
                "remembered were left out.",
                SensorharWarning,
                stacklevel=5,
            )
            keep = keep[~is_stale]
    return values[keep], time_s[keep]


def _with_guessed_unit(stream: Stream, called: str) -> Stream:
    """Return the stream in SI when its size says that it is not."""
    unit = guess_unit(stream)
    if unit is None:
        return stream
    si_unit = stream.channels[0].unit
    warnings.warn(
        f"{called} does not state its unit; its size, {steady_magnitude(stream):.3g}, "
        f"is that of {unit}, and it was converted to {si_unit}. Pass units="
        f'{{"{SENSORS[stream.kind].prefix}": "{unit}"}} to say so yourself, or '
        f'"{si_unit}" to keep the numbers.',
        UnitWarning,
        stacklevel=5,
    )
    return stream.with_values(stream.values * factor(unit, si_unit))


def _with_guessed_gravity(stream: Stream, named: str) -> Stream:
    """Return the stream with the gravity flag its readings tell of."""
    is_whole = stream.n_channels == 3
    guess = guess_gravity(stream) if is_whole else None
    if guess is None:
        seen = f"{steady_magnitude(stream):.3g} m/s^2" if is_whole else "not known"
        warnings.warn(
            f"the accelerometer of {named!r} may or may not include gravity: its mean "
            f"over 2 s is {seen} where 9.8 (with) or 0 (without) is expected. It "
            "counts as included; pass has_gravity=True or False.",
            SensorharWarning,
            stacklevel=5,
        )
        return stream
    channels = [replace(channel, has_gravity=guess) for channel in stream.channels]
    return stream.with_values(stream.values, channels)
