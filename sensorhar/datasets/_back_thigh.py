"""The layout that HARTH and HAR70+ share: a sensor at the back and one at the thigh."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._clock import repair_stamps
from sensorhar.datasets._named_columns import read_named_columns
from sensorhar.datasets._readings import as_readings
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.datasets._tables import read_bytes
from sensorhar.errors import DataError

__all__ = ["CHANNELS", "PLACES", "Clock", "read_back_thigh"]

Clock = Literal["stamps", "rows"]

#: Rate of both sets as their authors state it.
RATE_HZ = 50.0

#: Place of each sensor, and the start of its column names.
_SENSORS = {"lower_back": "back", "thigh": "thigh"}

PLACES = tuple(_SENSORS)
CHANNELS = tuple(f"{place}_acc_{axis}" for place in PLACES for axis in "xyz")
_COLUMNS = tuple(f"{stem}_{axis}" for stem in _SENSORS.values() for axis in "xyz")


def read_back_thigh(
    path: Path, names: Mapping[int, str], subject: str, clock: Clock
) -> Recording:
    """Read the recording of one person.

    Parameters
    ----------
    path : Path
        A table with columns timestamp, back_x to thigh_z in g, and label. Others,
        such as a row number that some files have, are left out.
    names : mapping of int to str
        Our word for each label.
    subject : str
        Who it was; also the name of the recording.
    clock : {"stamps", "rows"}
        Whether samples lie where the stamps say, or a fiftieth of a second apart.

    Returns
    -------
    Recording
        Two accelerometers on one clock.

    Raises
    ------
    DataError
        When the file is missing or is no such table.
    """
    check_choice(clock, "clock", ("stamps", "rows"))
    wanted = {"timestamp": "str", **dict.fromkeys(_COLUMNS, np.float64)}
    table = read_named_columns(
        read_bytes(path), {**wanted, "label": np.float64}, path.name
    )
    values = as_readings(table[list(_COLUMNS)].to_numpy(), "g", path.name)
    codes = table["label"].to_numpy()
    metadata: dict[str, str | int | float | bool] = {"clock": clock}
    if clock == "rows":
        time_s = np.arange(len(table)) / RATE_HZ
        rate_hz = RATE_HZ
    else:
        stamps = _seconds(table["timestamp"], path.name)
        repair = repair_stamps(stamps, rate_hz=RATE_HZ, called=path.name)
        time_s = repair.time_s
        # The rate a stamp to the next; gaps would make the mean too low.
        rate_hz = 1 / float(np.median(np.diff(time_s))) if len(table) > 1 else RATE_HZ
        metadata |= {"n_gaps": repair.report.n_gaps}
    streams = [
        Stream.of_sensor(
            "accelerometer",
            values[:, 3 * i : 3 * i + 3],
            time_s,
            place=place,
            has_gravity=True,
            rate_hz=rate_hz,
            prefix_place=True,
        )
        for i, place in enumerate(PLACES)
    ]
    return Recording(
        streams,
        name=subject,
        subject=subject,
        events=events_of_samples(
            codes, time_s, names, rate_hz=rate_hz, called=path.name
        ),
        metadata=metadata,
    )


def _seconds(stamps: object, named: str) -> NDArray[np.float64]:
    """Return seconds since the first stamp, exact to the microsecond."""
    import pandas as pd

    try:
        dates = pd.to_datetime(pd.Series(stamps), format="ISO8601")
        ticks = dates.to_numpy("datetime64[ns]")
    except (ValueError, OverflowError, TypeError) as error:
        raise DataError(
            f"timestamp in {named} must be dates such as '2019-01-12 00:00:00.020'; "
            f"they cannot be read ({str(error).partition(chr(10))[0]}). Fetch the data "
            "set again."
        ) from error
    if np.isnat(ticks).any():
        raise DataError(
            f"timestamp in {named} must be a date in each row; row "
            f"{int(np.isnat(ticks).argmax()) + 1} has none. Fetch the data set again."
        )
    return np.asarray((ticks - ticks[0]) / np.timedelta64(1, "s"), dtype=np.float64)
