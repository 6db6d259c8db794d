"""Edge Impulse samples: the data acquisition format as JSON or CBOR."""

from __future__ import annotations

import io
import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sensorhar import _soft
from sensorhar.data.events import Events
from sensorhar.errors import DataError
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._named_channels import add_named, build_with, derived_stream
from sensorhar.io._source import Source

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_edge_impulse", "read_edge_impulse"]

#: First byte of a CBOR map of three entries, or of one without a stated length.
_CBOR_MAPS = (b"\xa3", b"\xbf")

#: Entries of a sample; writers that sort them begin with another than the header.
_ENTRIES = (b"protected", b"payload", b"signature")


def is_edge_impulse(source: Source) -> bool:
    """Return whether a file is an Edge Impulse sample, by the keys in its start.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it is JSON or CBOR whose first entry is "protected", "payload" or
        "signature".
    """
    return _is_json(source.head) or _is_cbor(source.head)


def read_edge_impulse(
    path: str | Path,
    *,
    label: str | None = None,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    has_gravity: bool | None = None,
) -> Recording:
    """Read one Edge Impulse sample.

    Sensors are found by name (``accX``, ``gyrY``, ``magZ``), others such as audio
    become derived channels. The format holds no start time and no label; signatures
    need the maker's key and are not checked. CBOR needs the package ``cbor2``.

    Parameters
    ----------
    path : str or Path
        A ``.json`` or ``.cbor`` file.
    label : str or None, default=None
        What happens in all of it; becomes one event.
    subject : str or None, default=None
        Who wore the device.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    place : str, default=""
        Where on the body.
    has_gravity : bool or None, default=None
        Whether the accelerometer includes gravity; None lets the readings tell.

    Returns
    -------
    Recording
        Regular streams from 0 s.

    Raises
    ------
    DataError
        When the file is broken; it names line and column, or the row of values.
    MissingPackageError
        When a CBOR file is read without ``cbor2``.

    References
    ----------
    Edge Impulse, Data acquisition format; layout as in its clients.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> sample = {"protected": {"ver": "v1", "alg": "none"}, "signature": "0",
    ...     "payload": {"device_type": "X", "interval_ms": 10,
    ...         "values": [[0, 0, 9.8]] * 300,
    ...         "sensors": [{"name": f"acc{axis}", "units": "m/s2"} for axis in "XYZ"]}}
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "still.json"
    ...     _ = path.write_text(json.dumps(sample))
    ...     read_edge_impulse(path)
    <Recording 'still' | 2.99 s | acc_x acc_y acc_z 100 Hz | no events>
    """
    source = Source(Path(path))
    content = source.read()
    if not is_edge_impulse(source):
        raise DataError(
            f"{source.name} must be JSON or CBOR with 'protected' and 'payload'; got "
            f"{content[:30]!r}. Export the sample again."
        )
    sample = (
        _from_json(content, source.name)
        if _is_json(content)
        else _from_cbor(content, source.name)
    )
    payload = _entry(sample, "payload", dict, source.name)
    interval_ms = _entry(payload, "interval_ms", (int, float), source.name)
    if not (0 < interval_ms < 1e9 and math.isfinite(interval_ms)):
        raise DataError(
            f"'interval_ms' of {source.name} must be above 0 ms; got {interval_ms!r}. "
            "Export the sample again."
        )
    names, units = _sensors(payload, source.name)
    values = _values(payload, len(names), source.name)
    times = np.arange(len(values)) * (interval_ms / 1000)
    rate_hz = 1000 / interval_ms
    builder = RecordingBuilder(source.name, repair=False)  # regular as stated
    rest = add_named(
        builder,
        names,
        units,
        values,
        times,
        place=place,
        has_gravity=has_gravity,
        rate_hz=rate_hz,
    )
    derived = []
    if rest:
        derived.append(
            derived_stream(
                [names[i] for i in rest],
                [units[i] for i in rest],
                values[:, rest],
                times,
                source.name,
                place=place,
                rate_hz=rate_hz,
            )
        )
    recording = build_with(
        builder,
        derived,
        name=source.stem if name is None else name,
        subject=subject,
        metadata={
            "device": str(payload.get("device_type", "")),
            "device_name": str(payload.get("device_name", "")),
        },
    )
    if label is None:
        return recording
    stop_s = recording.stop_s + interval_ms / 1000
    return recording.with_events(Events([recording.start_s], [stop_s], [label]))


def _is_json(head: bytes) -> bool:
    start = re.sub(rb"\s", b"", head[:256].removeprefix(b"\xef\xbb\xbf"))
    return any(start.startswith(b'{"' + entry + b'":') for entry in _ENTRIES)


def _is_cbor(head: bytes) -> bool:
    # A text of n < 24 bytes begins with 0x60 + n.
    keys = (bytes([0x60 + len(entry)]) + entry for entry in _ENTRIES)
    return head[:1] in _CBOR_MAPS and head[1:].startswith(tuple(keys))


def _from_json(content: bytes, named: str) -> Any:
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{named} must be whole JSON; it breaks in line {error.lineno}, column "
            f"{error.colno}: {error.msg}. Export the sample again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{named} must be plain JSON; it cannot be read ({error}). Export the "
            "sample again."
        ) from error


def _from_cbor(content: bytes, named: str) -> Any:
    cbor2 = _soft.require(
        "cbor2", extra="devices", purpose="reading Edge Impulse samples in CBOR"
    )
    try:
        # Devices pad their files, so that what follows the first item is left alone.
        return cbor2.CBORDecoder(io.BytesIO(content)).decode()
    except (
        cbor2.CBORDecodeError,
        ValueError,
        TypeError,
        EOFError,
        OverflowError,
        RecursionError,
        MemoryError,
    ) as error:
        raise DataError(
            f"{named} must be whole CBOR; it cannot be read ({error}). Export the "
            "sample again."
        ) from error


def _entry(mapping: Any, key: str, kind: Any, named: str) -> Any:
    """Return an entry that must be there and of a kind."""
    value = mapping.get(key) if isinstance(mapping, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise DataError(
            f"{named} must have an entry {key!r} of the data acquisition format; got "
            f"{str(value)[:40]!r}. Export the sample again."
        )
    return value


def _sensors(payload: Any, named: str) -> tuple[list[str], list[str]]:
    sensors = _entry(payload, "sensors", list, named)
    names = [str(_entry(sensor, "name", str, named)) for sensor in sensors]
    units = [str(sensor.get("units", "")) for sensor in sensors]
    if not names:
        raise DataError(
            f"'sensors' of {named} must name at least one; got none. Export the sample "
            "again."
        )
    return names, units


def _values(payload: Any, n_sensors: int, named: str) -> NDArray[np.float64]:
    """Return values as (n_samples, n_sensors); with one sensor they may be flat."""
    rows = _entry(payload, "values", list, named)
    try:
        table = np.array(rows, dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(_say_bad_row(rows, n_sensors, named)) from error
    if table.ndim == 1 and n_sensors == 1:
        table = table[:, None]
    if table.ndim != 2 or table.shape[1] != n_sensors or not len(table):
        raise DataError(_say_bad_row(rows, n_sensors, named))
    return table


def _say_bad_row(rows: list[Any], n_sensors: int, named: str) -> str:
    number, got = 1, "no rows"
    for i, row in enumerate(rows):
        cells = row if isinstance(row, list) else [row]
        is_number = all(isinstance(cell, int | float) or cell is None for cell in cells)
        if len(cells) != n_sensors or not is_number:
            number, got = i + 1, repr(row)[:60]
            break
    return (
        f"row {number} of 'values' of {named} must hold {n_sensors} numbers, one for "
        f"each of 'sensors'; got {got}. Export the sample again."
    )
