"""GENEActiv loggers: ``.bin`` files, text with pages of hexadecimal digits."""

from __future__ import annotations

import re
import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._blocks import block_times, is_increasing, to_ns
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._source import Source
from sensorhar.io._times import EPOCH

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_geneactiv", "read_geneactiv"]

PAGE_MARK = b"Recorded Data"
N_PAGE_SAMPLES = 300
HEX_PER_SAMPLE = 12

#: Page times are rounded to this (seen in the files of two devices).
TICK_S = 0.5

_ZONE = re.compile(r"GMT\s*([+-])(\d{1,2}):(\d{2})")
_AXES = ("x", "y", "z")


def is_geneactiv(source: Source) -> bool:
    """Return whether a file is a GENEActiv ``.bin`` file, by its first lines.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it begins with the identity of a GENEActiv.
    """
    head = source.head
    return head.lstrip().startswith(b"Device Identity") and b"GENEActiv" in head


def read_geneactiv(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str | None = None,
    repair: bool = True,
) -> Recording:
    """Read a ``.bin`` file of a GENEActiv.

    A page holds 300 samples and the time of the first to half a second, so that the
    clock is found from many pages. Pages that are not whole are left out and leave a
    gap; the last one of a file that was cut is such a page. Light, button and
    temperature are not read.

    Parameters
    ----------
    path : str or Path
        The file; it may be gzipped.
    subject : str or None, default=None
        Who wore it; None takes the subject code in the file.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    place : str or None, default=None
        Where on the body; None takes the location code in the file.
    repair : bool, default=True
        Whether a clock that repeats or goes back is repaired.

    Returns
    -------
    Recording
        Accelerometer in m/s^2 with gravity, calibrated as the file says.

    Raises
    ------
    DataError
        When the file is broken; it names the line.

    Warns
    -----
    SensorharWarning
        When pages were left out.
    """
    source = Source(Path(path))
    content = source.read()
    mark = content.find(PAGE_MARK)
    if not is_geneactiv(source) or mark < 0:
        raise DataError(
            f"{source.name} must begin with 'Device Identity' and hold pages that "
            f"begin with 'Recorded Data'; got {content[:20]!r}. Download it from the "
            "device again."
        )
    header = _fields(content[:mark])
    rate_hz = _positive(header, "Measurement Frequency", source.name)
    offset = [_number(header, f"{axis} offset", source.name) for axis in _AXES]
    gain = [_positive(header, f"{axis} gain", source.name) for axis in _AXES]
    digits, page_ns = _pages(content, mark, source.name)
    raw = _samples(np.frombuffer(digits, np.uint8))
    zone_ns = _zone_ns(header.get("Time Zone", ""))
    first_ns = page_ns[0]
    stamps = np.array([time_ns - first_ns for time_ns in page_ns]) / 1e9
    counts = np.full(len(stamps), N_PAGE_SAMPLES)
    times = block_times(stamps, np.zeros(len(stamps)), counts, rate_hz, tick_s=TICK_S)
    times_ns = to_ns(times, first_ns - zone_ns)
    builder = RecordingBuilder(
        source.name, repair=repair and not is_increasing(times_ns)
    )
    in_g = (raw * np.float32(100) - np.array(offset, np.float32)) / np.array(
        gain, np.float32
    )
    builder.add(
        "accelerometer",
        in_g,
        times_ns,
        unit="g",
        place=_place(header) if place is None else place,
        has_gravity=True,
        rate_hz=rate_hz,
    )
    code = header.get("Subject Code", "")
    return builder.build(
        name=source.stem if name is None else name,
        subject=(code or None) if subject is None else subject,
        metadata={
            "device": "GENEActiv",
            "device_serial": header.get("Device Unique Serial Code", ""),
            "firmware": header.get("Device Firmware Version", ""),
            "time_zone": header.get("Time Zone", "unknown, counted as UTC"),
        },
    )


def _fields(part: bytes) -> dict[str, str]:
    """Return ``key:value`` lines; the value may hold colons too."""
    fields: dict[str, str] = {}
    for line in part.decode("latin-1").splitlines():
        key, colon, value = line.partition(":")
        if colon:
            fields.setdefault(key.strip(), value.strip("\0 \t\r"))
    return fields


def _number(fields: dict[str, str], key: str, named: str) -> float:
    words = fields.get(key, "").replace(",", ".").split()
    try:
        value = float(words[0])
    except (IndexError, ValueError) as error:
        raise DataError(
            f"{named} must have a line {key!r} with a number; got "
            f"{fields.get(key)!r}. Download it from the device again."
        ) from error
    if not abs(value) < 1e9:
        raise DataError(f"{key!r} of {named} must be below 1e9; got {value!r}.")
    return value


def _positive(fields: dict[str, str], key: str, named: str) -> float:
    value = _number(fields, key, named)
    if value <= 0:
        raise DataError(
            f"{key!r} of {named} must be above 0; got {value!r}. Download the file "
            "from the device again."
        )
    return value


def _pages(content: bytes, mark: int, named: str) -> tuple[bytes, list[int]]:
    """Return the digits of all whole pages as bytes, and their times in ns."""
    digits, times = bytearray(), []
    n_bad, first_bad, why = 0, 0, ""
    while mark >= 0:
        end = content.find(PAGE_MARK, mark + 1)
        page = content[mark : end if end >= 0 else len(content)]
        try:
            time_ns, samples = _page(page)
        except ValueError as error:
            if not n_bad:
                first_bad, why = mark, str(error)
            n_bad += 1
        else:
            digits += samples
            times.append(time_ns)
        mark = end
    if n_bad:
        line = content.count(b"\n", 0, first_bad) + 1
        message = (
            f"pages of {named} must hold a time and {N_PAGE_SAMPLES} samples; {n_bad} "
            f"of {n_bad + len(times)} do not, the first from line {line} on: {why}."
        )
        if not times:
            raise DataError(f"{message} Download it from the device again.")
        warnings.warn(
            f"{message} They were left out and leave gaps.",
            SensorharWarning,
            stacklevel=3,
        )
    return bytes(digits), times


def _page(page: bytes) -> tuple[int, bytes]:
    """Return the time of one page in ns of device time, and its samples."""
    lines = page.split()
    hexadecimal = lines[-1] if lines else b""
    if len(hexadecimal) != N_PAGE_SAMPLES * HEX_PER_SAMPLE:
        raise ValueError(
            f"{len(hexadecimal)} digits instead of {N_PAGE_SAMPLES * HEX_PER_SAMPLE}"
        )
    samples = bytes.fromhex(hexadecimal.decode("latin-1"))
    text = page[:400].decode("latin-1")
    found = re.search(r"Page Time:(20\d\d-\d\d-\d\d \d\d:\d\d:\d\d):(\d{3})", text)
    if found is None:
        raise ValueError("no page time such as 2019-05-21 16:16:43:500")
    since = datetime.fromisoformat(found[1]) - EPOCH.replace(tzinfo=None)
    seconds = since.days * 86_400 + since.seconds
    return seconds * 10**9 + int(found[2]) * 10**6, samples


def _samples(data: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return x, y and z, each 12 bits in two's complement, from 6 bytes a sample."""
    table = data.reshape(-1, 6).astype(np.int16)
    raw = np.empty((len(table), 3), np.int16)
    raw[:, 0] = table[:, 0] << 4 | table[:, 1] >> 4
    raw[:, 1] = (table[:, 1] & 15) << 8 | table[:, 2]
    raw[:, 2] = table[:, 3] << 4 | table[:, 4] >> 4
    raw -= (raw > 2047) * np.int16(4096)
    return raw.astype(np.float32)


def _zone_ns(text: str) -> int:
    """Return how far device time is ahead of UTC."""
    found = _ZONE.search(text)
    if found is None:
        return 0
    minutes = int(found[2]) * 60 + int(found[3])
    return (-1 if found[1] == "-" else 1) * minutes * 60 * 10**9


def _place(header: dict[str, str]) -> str:
    """Return the location code as a word, such as "left_wrist"."""
    code = header.get("Device Location Code", "").lower()
    return re.sub(r"\W+", "_", code).strip("_")
