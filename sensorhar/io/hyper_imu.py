"""HyperIMU (Android): a table whose columns are named after the phone's sensors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError
from sensorhar.io._app_table import FRAME, AppTable
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._held import fixes_once, since_begin
from sensorhar.io._source import Source

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_hyper_imu", "read_hyper_imu"]

#: A column is ``MPL_Accelerometer.x``: the sensor's own name, which differs between
#: makers, and the axis. The first that fits is taken.
_SENSORS = {
    "linear_acceleration": r"(?!.*uncal).*linear[ _]?acc[^.]*[._]{axis}",
    "gravity": r".*gravity[^.]*[._]{axis}",
    "accelerometer": r"(?!.*(uncal|linear)).*acc[^.]*[._]{axis}",
    "gyroscope": r"(?!.*uncal).*gyro[^.]*[._]{axis}",
    "magnetometer": r"(?!.*uncal).*magn[^.]*[._]{axis}",
}

#: Some makers name a sensor by its chip alone (``ST_LIS3DHTR.x``); these measure
#: nothing else.
_CHIPS = {
    "accelerometer": r".*(?<![a-z])(lis[23]|bma[24]|kx[tc0]|mma[78]|adxl|mc34|stk8)",
    "gyroscope": r".*(?<![a-z])(l3g|itg3|mpu3)",
    "magnetometer": r".*(?<![a-z])(ak0|ak8|yas5|mmc[35]|bmm1|qmc|hmc5)",
}
_TIME = r"time ?stamp"

#: Lines before the names; a spreadsheet that saves the table fills them with commas.
_REMARKS = re.compile(rb"(?:[ \t\",;]*(?:@[^\n]*)?\r?\n)*")
_TIMER = re.compile(r"sampling (?:time|rate):\s*(\d+)\s*ms", re.IGNORECASE)


def is_hyper_imu(source: Source) -> bool:
    """Return whether a file is a table of HyperIMU, by its first lines.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it starts with ``@ HyperIMU``.
    """
    return re.match(r"\"?@\s*hyperimu", source.text.lower()) is not None


def read_hyper_imu(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
) -> Recording:
    r"""Read a table of the app HyperIMU.

    Lines that start with ``@`` tell the app and its timer; below stands a table with
    an optional stamp in ms since 1970 and three columns a sensor, in SI and uT. Before
    a sensor has reported it stands as 0, which is left out::

        @ HyperIMU - ianovir - 2017
        @ Date: Sat Nov 11 15:39:03 GMT+01:00 2017, Sampling Time: 50ms

        timestamp,MPL_Gyroscope.x,MPL_Gyroscope.y,MPL_Gyroscope.z,...

    Parameters
    ----------
    path : str or Path
        The file.
    subject : str or None, default=None
        Who carried the phone.
    name : str or None, default=None
        Name of the recording. None takes the file's.
    place : str, default=""
        Where the phone was.

    Returns
    -------
    Recording
        In SI and the Android frame. Without stamps, rows are numbered by the timer.

    Raises
    ------
    DataError
        When the table is broken, or neither stamps nor timer tell the time.

    Warns
    -----
    ClockWarning
        When stamps were repaired.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = [f"{1510411143791 + 50 * i},0,0,9.81" for i in range(100)]
    >>> head = "timestamp,Acc.x,Acc.y,Acc.z"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "walk.csv"
    ...     _ = path.write_text("\n".join(["@ HyperIMU - ianovir - 2017", head, *rows]))
    ...     recording = read_hyper_imu(path)
    >>> recording
    <Recording 'walk' | 4.95 s | acc_x acc_y acc_z 20 Hz | no events>
    """
    source = Source(Path(path))
    content = source.read().removeprefix(b"\xef\xbb\xbf")
    remarks = _REMARKS.match(content)
    n_remarks = remarks.end() if remarks else 0
    said = content[:n_remarks].decode("utf-8", "replace")
    table = AppTable.of_bytes(content[n_remarks:], source.name)
    builder = RecordingBuilder(source.name)
    notes: dict[str, str | int | float | bool] = {"app": "HyperIMU", "frame": FRAME}
    timer = _TIMER.search(said)
    rate_hz = 1000 / int(timer[1]) if timer and int(timer[1]) else None
    if table is not None and len(table):
        stamps = table.find(_TIME)
        times: NDArray[np.int64] | NDArray[np.float64]
        if stamps is not None:
            times = table.unix_ns(stamps, 1000)
        elif rate_hz is not None:
            times = np.arange(len(table)) / rate_hz
        else:
            raise DataError(
                f"{source.name} must have a column 'timestamp', or say 'Sampling Time' "
                "in its first lines; it does neither. Read it with sensorhar.read_csv "
                "and rate_hz=..."
            )
        for kind, pattern in _SENSORS.items():
            headers = table.axes(pattern)
            if headers is None and kind in _CHIPS:
                headers = table.axes(_CHIPS[kind] + r"[^.]*[._]{axis}")
            if headers is not None:
                builder.add(
                    kind,
                    since_begin(table.values(headers)),
                    times,
                    place=place,
                    has_gravity=True if kind == "accelerometer" else None,
                )
        latitude = table.find(r".*lat(itude)?")
        longitude = table.find(r".*lon(g|gitude)?")
        if latitude is not None and longitude is not None:
            altitude = table.find(r".*alt(itude)?")
            fixes = table.fixes(
                {"lat_deg": latitude, "lon_deg": longitude, "alt_m": altitude}
            )
            builder.add("gps", fixes_once(fixes, times), times, place=place)
        notes |= table.notes()
    return builder.build(
        name=source.stem if name is None else name, subject=subject, metadata=notes
    )
