"""Apple CoreMotion: tables with columns named after CMDeviceMotion."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sensorhar._checks import check_positive
from sensorhar.io._app_table import FRAME, AppTable, words
from sensorhar.io._apple import GRAVITY, RAW, TURN, USER, Times, add_apple
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._columns import plain_name
from sensorhar.io._source import Source
from sensorhar.io._times import unit_of_column
from sensorhar.io.sensor_log import is_sensor_log

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_core_motion", "read_core_motion"]

#: Columns of time, the best first: since 1970, then since the phone was started.
_UNIX = "(timeintervalsince1970|timestampsince1970|unixtime(stamp)?|epoch(time)?)"
_BOOT = "((motion|devicemotion|accelerometer)?timestamp(sincereboot)?|time|t)([mun]?s)?"

#: Seconds since 1970 are more than this, seconds since a phone was started less.
MIN_UNIX_S = 6.3e8


def is_core_motion(source: Source) -> bool:
    """Return whether a file is a table of CoreMotion's values, by its column names.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it has columns like ``userAcceleration.x`` beside ``gravity.x`` or
        ``rotationRate.x``, or this one beside ``acceleration.x``.
    """
    line = source.text.lstrip("\ufeff").split("\n", 1)[0]
    if "seconds_elapsed" in line or is_sensor_log(source):
        return False  # a table of Sensor Logger or SensorLog, which say more
    names = [words(header.strip().strip('"')) for header in re.split("[,;\t]", line)]
    has_user, has_gravity, has_turn, has_raw = (
        any(re.fullmatch(pattern.format(axis="x"), name) for name in names)
        for pattern in (USER, GRAVITY, TURN, RAW)
    )
    return (has_user and (has_gravity or has_turn)) or (has_turn and has_raw)


def read_core_motion(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    rate_hz: float | None = None,
) -> Recording:
    r"""Read a table of Apple's CoreMotion values, as many apps write it.

    ::

        timestamp, userAcceleration.x ..  g        lin_x  = -9.80665 userAcceleration
                   gravity.x ..           g        acc_x  = -9.80665 (both together)
                   rotationRate.x ..      rad/s    gyr_x
                   magneticField.x ..     uT       mag_x

    Spellings such as ``motionUserAccelerationX(G)`` are the same. Where the parts are
    missing, ``acceleration.x`` in g is their sum with Apple's sign.

    Parameters
    ----------
    path : str or Path
        The file.
    subject : str or None, default=None
        Who carried the device.
    name : str or None, default=None
        Name of the recording. None takes the file's.
    place : str, default=""
        Where the device was.
    rate_hz : float or None, default=None
        Rate in Hz that numbers the rows of a table without times.

    Returns
    -------
    Recording
        In SI and the Android frame. Times since the device was started begin at 0.

    Raises
    ------
    DataError
        When the table is broken, has no times, or no readings.

    Warns
    -----
    ClockWarning
        When stamps were repaired.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> columns = [f"{what}.{axis}" for what in ("gravity", "userAcceleration")
    ...            for axis in "xyz"]
    >>> rows = [f"{9000 + i / 50},0,0,-1,0,0,0" for i in range(150)]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "walk.csv"
    ...     _ = path.write_text("\n".join([",".join(["timestamp", *columns]), *rows]))
    ...     recording = read_core_motion(path)
    >>> float(recording.channel("acc_z")[1][0])
    9.80665
    """
    if rate_hz is not None:
        check_positive(rate_hz, "rate_hz", "Hz")
    source = Source(Path(path))
    table = AppTable.read(source)
    builder = RecordingBuilder(source.name)
    if table is not None and len(table):
        add_apple(builder, table, place=place, motion=_times(table, rate_hz))
    notes: dict[str, str | int | float | bool] = {
        "app": "CoreMotion",
        "platform": "ios",
        "frame": FRAME,
        "axes turned": True,
    }
    if table is not None:
        notes |= table.notes()
    return builder.build(
        name=source.stem if name is None else name, subject=subject, metadata=notes
    )


def _times(table: AppTable, rate_hz: float | None) -> Times:
    unix = table.find_words(_UNIX)
    if unix is not None:
        return table.unix_ns(unix, 1)
    boot = table.find_words(_BOOT)
    if boot is None:
        if rate_hz is None:
            boot = table.need(None, "timestamp (or pass rate_hz=... for rows without)")
        else:
            return np.arange(len(table)) / rate_hz
    if table.frame[boot].dtype.kind not in "iuf":
        texts = [text for text in table.text(boot)[:1] if re.match(r"\d{4}-\d\d", text)]
        if texts:
            return table.dates_ns(boot, ["ISO8601", "%Y-%m-%d %H:%M:%S.%f %z"])
    numbers = table.numbers(boot)
    first = float(numbers[0])
    for per_second in (1, 1000, 10**6, 10**9):
        if MIN_UNIX_S < first / per_second < 10 * MIN_UNIX_S:
            return table.unix_ns(boot, per_second)
    unit = unit_of_column(plain_name(boot))
    seconds = table.seconds(boot, "s" if unit in ("auto", "iso") else unit)
    return np.asarray(seconds - seconds[0])
