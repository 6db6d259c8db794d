"""ActiGraph loggers: ``.gt3x`` archives with a log of timestamped records."""

from __future__ import annotations

import re
import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._blocks import block_times, is_increasing, to_ns
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._source import Source

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_actigraph", "read_actigraph"]

SEPARATOR = 0x1E
ACTIVITY, PARAMETERS, ACTIVITY2 = 0, 21, 26
MAX_RATE_HZ = 1000
MIN_BYTES = 6

#: Where LOG_PARAMETER records keep counts per g (Parameters.md: ACCEL_SCALE).
ACCEL_SCALE_KEY = (0, 55)

#: Counts per g by how the serial number begins, where nothing else says it.
_SCALES = {"NEO": 341.0, "CLE": 341.0, "MRA": 341.0, "MOS": 256.0, "TAS": 256.0}

_ZONE = re.compile(r"([+-]?)(\d{1,2}):(\d{2}):\d{2}")


def is_actigraph(source: Source) -> bool:
    """Return whether a file is a ``.gt3x`` archive, by what is in it.

    Parameters
    ----------
    source : Source
        The archive, or a folder it was unpacked to.

    Returns
    -------
    bool
        Whether it holds ``info.txt`` and ``log.bin`` or ``activity.bin``.
    """
    try:
        members = {member.lower() for member in source.members}
    except DataError:
        return False
    return "info.txt" in members and bool(members & {"log.bin", "activity.bin"})


def read_actigraph(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str | None = None,
    repair: bool = True,
) -> Recording:
    """Read a ``.gt3x`` file of an ActiGraph (GT3X+ and later).

    Each record holds one second of readings. In idle sleep mode the device writes
    none, which leaves a gap rather than the repeated reading that the maker's own
    software fills in. Stamps are local time; they become UTC by the time zone in the
    file. Light, heart rate and the second (IMU) sensors of a GT9X are not read.

    Parameters
    ----------
    path : str or Path
        The archive, or a folder it was unpacked to.
    subject : str or None, default=None
        Who wore it; None takes the subject name in the file.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    place : str or None, default=None
        Where on the body; None takes the limb in the file.
    repair : bool, default=True
        Whether a clock that repeats or goes back is repaired.

    Returns
    -------
    Recording
        Accelerometer in m/s^2 with gravity.

    Raises
    ------
    DataError
        When the file is broken; it names the byte of the log.

    Warns
    -----
    SensorharWarning
        When records were left out.

    References
    ----------
    ActiGraph, GT3X-File-Format: README, ``LogRecords/Activity.md``, ``Activity2.md``
    and ``Parameters.md``. That stamps are local is not said there; it follows from
    ``info.txt``, whose start date in local ticks is the stamp of the first record.
    """
    source = Source(Path(path))
    if not is_actigraph(source):
        raise DataError(
            f"{source.name} must be an archive with info.txt and log.bin; it holds "
            f"{', '.join(source.members[:5]) or 'no files'}. Download it from the "
            "device again."
        )
    log = source.find("log.bin")
    if log is None:
        raise DataError(
            f"{source.name} must hold log.bin; it has activity.bin, the older layout "
            "of firmware 2.5 and before. Convert it with the maker's software."
        )
    info = _info(source)
    rate_hz = _rate_hz(info, source.name)
    records, scale = _records(source.read(log), f"{log} in {source.name}")
    if scale is None:
        scale = _scale(info, source.name)
    if not records:
        raise DataError(
            f"{log} in {source.name} must hold seconds of activity; it has none. "
            "Download it from the device again."
        )
    raw, counts = _all_samples(records)
    stamps = np.array([stamp for _, stamp, _ in records], dtype=np.int64)
    base = int(stamps[0])
    times = block_times(stamps - base, np.zeros(len(stamps)), counts, rate_hz)
    times_ns = to_ns(times, (base - _zone_s(info)) * 10**9)
    builder = RecordingBuilder(
        source.name, repair=repair and not is_increasing(times_ns)
    )
    builder.add(
        "accelerometer",
        raw / np.float32(scale),
        times_ns,
        unit="g",
        place=info.get("limb", "").lower() if place is None else place,
        has_gravity=True,
        rate_hz=rate_hz,
    )
    return builder.build(
        name=source.stem if name is None else name,
        subject=(info.get("subject name") or None) if subject is None else subject,
        metadata={
            "device": f"ActiGraph {info.get('device type', '')}".strip(),
            "device_serial": info.get("serial number", ""),
            "firmware": info.get("firmware", ""),
            "time_zone": info.get("timezone", "unknown, counted as UTC"),
        },
    )


def _info(source: Source) -> dict[str, str]:
    member = source.find("info.txt")
    assert member is not None  # is_actigraph has seen it
    text = source.read(member).decode("utf-8-sig", errors="replace")
    pairs = (line.partition(":") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, colon, value in pairs if colon}


def _rate_hz(info: dict[str, str], named: str) -> float:
    text = info.get("sample rate", "")
    try:
        rate_hz = float(text.replace(",", "."))
    except ValueError:
        rate_hz = 0.0
    if not 0 < rate_hz <= MAX_RATE_HZ:
        raise DataError(
            f"'Sample Rate' in info.txt of {named} must be a number of Hz; got "
            f"{text!r}. Download it from the device again."
        )
    return rate_hz


def _scale(info: dict[str, str], named: str) -> float:
    """Return counts per g as info.txt or the serial number say."""
    text = info.get("acceleration scale", "").replace(",", ".")
    try:
        scale = float(text)
    except ValueError:
        scale = _SCALES.get(info.get("serial number", "")[:3].upper(), 0.0)
    if not 0 < scale < 1e6:
        raise DataError(
            f"info.txt of {named} must say the 'Acceleration Scale' in counts per g, "
            f"or a known serial number; got {text!r} and "
            f"{info.get('serial number')!r}. Add the line 'Acceleration Scale: 256.0'."
        )
    return scale


def _records(
    log: bytes, named: str
) -> tuple[list[tuple[int, int, bytes]], float | None]:
    """Return the activity records that are whole, and counts per g if recorded."""
    records: list[tuple[int, int, bytes]] = []
    scale = None
    at, n_bad, first_bad = 0, 0, 0
    while at < len(log):
        end = _end_of_record(log, at)
        if end is None:
            n_bad += 1
            first_bad = first_bad if n_bad > 1 else at
            found = log.find(SEPARATOR, at + 1)
            at = found if found >= 0 else len(log)
            continue
        kind, stamp = log[at + 1], int.from_bytes(log[at + 2 : at + 6], "little")
        payload = log[at + 8 : end - 1]
        # One byte is no reading but tells of a cable.
        if kind in (ACTIVITY, ACTIVITY2) and len(payload) >= MIN_BYTES:
            records.append((kind, stamp, payload))
        elif kind == PARAMETERS and scale is None:
            scale = _recorded_scale(payload)
        at = end
    if n_bad:
        warnings.warn(
            f"records of {named} must begin with 1E and end with their checksum; "
            f"{n_bad} do not, the first at byte {first_bad}. They were left out and "
            "leave gaps.",
            SensorharWarning,
            stacklevel=3,
        )
    return records, scale


def _end_of_record(log: bytes, at: int) -> int | None:
    """Return where the record ends that begins here; None when it is not whole."""
    if log[at] != SEPARATOR or at + 9 > len(log):
        return None
    end = at + 9 + int.from_bytes(log[at + 6 : at + 8], "little")
    if end > len(log):
        return None
    checked = np.frombuffer(log, np.uint8, end - 1 - at, at)
    is_whole = (~int(np.bitwise_xor.reduce(checked)) & 0xFF) == log[end - 1]
    return end if is_whole else None


def _recorded_scale(payload: bytes) -> float | None:
    """Return ACCEL_SCALE of a parameter record: keys and values of 4 bytes each."""
    for space, key, value in struct.iter_unpack("<HHI", payload[: len(payload) & ~7]):
        if (space, key) == ACCEL_SCALE_KEY:
            # A float of its own: 24 bits of fraction, 8 of exponent.
            fraction = ((value & 0xFFFFFF) ^ 0x800000) - 0x800000
            exponent = ((value >> 24) ^ 0x80) - 0x80
            scale = fraction / 2**23 * 2.0**exponent
            return scale if 0 < scale < 1e6 else None
    return None


def _all_samples(
    records: list[tuple[int, int, bytes]],
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the samples of all records, and how many each holds."""
    bits = {ACTIVITY: 36, ACTIVITY2: 48}
    counts = np.array(
        [len(payload) * 8 // bits[kind] for kind, _, payload in records], np.int64
    )
    first = np.cumsum(counts) - counts
    raw = np.empty((int(counts.sum()), 3), np.float32)
    alike: dict[tuple[int, int], list[int]] = {}
    for i, (kind, _, payload) in enumerate(records):
        alike.setdefault((kind, len(payload)), []).append(i)
    for (kind, n_bytes), which in alike.items():
        joined = b"".join(records[i][2] for i in which)
        table = np.frombuffer(joined, np.uint8).reshape(len(which), n_bytes)
        n_samples = int(counts[which[0]])
        rows = first[which][:, None] + np.arange(n_samples)
        raw[rows] = _samples(kind, table, n_samples)
    return raw, counts


def _samples(kind: int, data: NDArray[np.uint8], n_samples: int) -> NDArray[np.int16]:
    """Return x, y and z of records of one size, (n_records, n_samples, 3)."""
    n_records = len(data)
    if kind == ACTIVITY2:
        whole = np.ascontiguousarray(data[:, : 6 * n_samples])
        return whole.view("<i2").reshape(n_records, n_samples, 3)
    # 12 bits each in the order y, x, z, the most significant first: 2 in 3 bytes.
    n_pairs = -(-data.shape[1] // 3)
    table = np.zeros((n_records, 3 * n_pairs), np.int16)
    table[:, : data.shape[1]] = data
    table = table.reshape(n_records, n_pairs, 3)
    values = np.empty((n_records, n_pairs, 2), np.int16)
    values[..., 0] = table[..., 0] << 4 | table[..., 1] >> 4
    values[..., 1] = (table[..., 1] & 15) << 8 | table[..., 2]
    values -= (values > 2047) * np.int16(4096)
    values = values.reshape(n_records, -1)[:, : 3 * n_samples]
    return values.reshape(n_records, n_samples, 3)[..., [1, 0, 2]]


def _zone_s(info: dict[str, str]) -> int:
    """Return how far the device's clock is ahead of UTC, in s."""
    found = _ZONE.search(info.get("timezone", ""))
    if found is None:
        return 0
    seconds = int(found[2]) * 3600 + int(found[3]) * 60
    return -seconds if found[1] == "-" else seconds
