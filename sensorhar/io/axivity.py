"""Axivity AX3 and AX6 loggers: ``.cwa`` files of 512-byte sectors."""

from __future__ import annotations

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

__all__ = ["is_axivity", "read_axivity"]

HEADER_BYTES = 1024
SECTOR_BYTES = 512
PAYLOAD_BYTES = 480

#: Sectors decoded at a time, so that what is unpacked stays small beside the result.
N_SECTORS = 4096

#: One data sector, little-endian (cwa.h of the Open Movement project).
_SECTOR = np.dtype(
    {
        "names": [
            "magic",
            "fraction",
            "stamp",
            "light",
            "rate_code",
            "axes",
            "offset",
            "count",
            "payload",
        ],
        "formats": ["<u2", "<u2", "<u4", "<u2", "u1", "u1", "<i2", "<u2", "480u1"],
        "offsets": [0, 4, 14, 18, 24, 25, 26, 28, 30],
        "itemsize": SECTOR_BYTES,
    }
)
_MAGIC = int.from_bytes(b"AX", "little")
_HARDWARE = {0x64: "AX6"}


def is_axivity(source: Source) -> bool:
    """Return whether a file is a ``.cwa`` file, by its first sector.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it begins as a metadata sector of 1024 bytes does.
    """
    return source.head[:4] == b"MD" + (HEADER_BYTES - 4).to_bytes(2, "little")


def read_axivity(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    repair: bool = True,
) -> Recording:
    """Read a ``.cwa`` file of an Axivity AX3 or AX6.

    Samples are spread between the stamps of their sectors, so that the rate is the
    true one, which may be some percent off the nominal one. Sectors whose checksum is
    wrong are left out and leave a gap. Device clocks know no time zone; theirs counts
    as UTC. Light, temperature, battery and a magnetometer are not read.

    Parameters
    ----------
    path : str or Path
        The file; it may be gzipped.
    subject : str or None, default=None
        Who wore it.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    place : str, default=""
        Where on the body.
    repair : bool, default=True
        Whether a clock that repeats or goes back is repaired.

    Returns
    -------
    Recording
        Accelerometer in m/s^2 with gravity and, of an AX6, gyroscope in rad/s.

    Raises
    ------
    DataError
        When the file is broken; it names the byte at which.

    Warns
    -----
    SensorharWarning
        When sectors were left out.

    References
    ----------
    Open Movement project, ``Docs/ax3/cwa.h`` and ``ax3-technical.md``.
    """
    source = Source(Path(path))
    content = source.read()
    if not is_axivity(source) or len(content) < HEADER_BYTES + SECTOR_BYTES:
        raise DataError(
            f"{source.name} must begin with a metadata sector of 1024 bytes and hold "
            f"data sectors of 512; got {len(content)} bytes beginning with "
            f"{content[:4]!r}. Download it from the device again."
        )
    sectors = _good_sectors(content, source.name)
    counts = sectors["count"].astype(np.int64)
    rate_hz = _rate_hz(int(sectors["rate_code"][0]))
    base, stamps, offsets = _stamps(sectors, rate_hz)
    times = to_ns(block_times(stamps, offsets, counts, rate_hz), base * 10**9)
    raw = _samples(sectors, counts)
    builder = RecordingBuilder(source.name, repair=repair and not is_increasing(times))
    acc_scale = np.repeat(_acc_scale(sectors), counts)
    first_acc = 3 if raw.shape[1] > 3 else 0
    builder.add(
        "accelerometer",
        raw[:, first_acc : first_acc + 3] * acc_scale[:, None],
        times,
        unit="g",
        place=place,
        has_gravity=True,
        rate_hz=rate_hz,
    )
    if first_acc:
        gyr_scale = np.repeat(_gyr_scale(sectors), counts)
        builder.add(
            "gyroscope",
            raw[:, :3] * gyr_scale[:, None],
            times,
            unit="deg/s",
            place=place,
            rate_hz=rate_hz,
        )
    return builder.build(
        name=source.stem if name is None else name,
        subject=subject,
        metadata=_about(content),
    )


def _good_sectors(content: bytes, named: str) -> NDArray[np.void]:
    """Return the data sectors that are whole, all of one layout."""
    n_sectors = (len(content) - HEADER_BYTES) // SECTOR_BYTES
    sectors = np.frombuffer(content, _SECTOR, n_sectors, HEADER_BYTES)
    words = np.frombuffer(content, "<u2", n_sectors * 256, HEADER_BYTES)
    words = words.reshape(n_sectors, 256)
    is_sum = words.sum(axis=1, dtype=np.uint32) & 0xFFFF == 0
    is_good = (sectors["magic"] == _MAGIC) & is_sum & (sectors["count"] > 0)
    is_good &= (sectors["stamp"] > 0) & (_widths(sectors) > 0)
    is_good &= sectors["count"] * _widths(sectors) <= PAYLOAD_BYTES
    if is_good.any():
        first = sectors[int(is_good.argmax())]
        is_good &= sectors["axes"] == first["axes"]
        is_good &= sectors["rate_code"] == first["rate_code"]
    else:
        raise DataError(
            f"{named} must hold data sectors; of {n_sectors} after byte "
            f"{HEADER_BYTES} none is whole. Download it from the device again."
        )
    # The unwritten end of the memory reads as ones and is nothing lost.
    is_blank = (words == 0xFFFF).all(axis=1)
    n_bad = int((~is_good & ~is_blank).sum())
    rest = (len(content) - HEADER_BYTES) % SECTOR_BYTES
    if n_bad or rest:
        where = int((~is_good & ~is_blank).argmax()) if n_bad else n_sectors
        warnings.warn(
            f"sectors of {named} must be whole; {n_bad + (rest > 0)} of "
            f"{n_sectors + (rest > 0)} are not, the first at byte "
            f"{HEADER_BYTES + where * SECTOR_BYTES}. They were left out and leave "
            "gaps; download the file again if the device still has it.",
            SensorharWarning,
            stacklevel=3,
        )
    good: NDArray[np.void] = sectors[is_good]
    return good


def _widths(sectors: NDArray[np.void]) -> NDArray[np.int64]:
    """Return bytes per sample of each sector; 0 for a layout that is not known."""
    n_axes, packing = sectors["axes"] >> 4, sectors["axes"] & 15
    widths = np.where(packing == 2, 2 * n_axes.astype(np.int64), 0)
    widths[~np.isin(n_axes, (3, 6, 9))] = 0
    widths[(packing == 0) & (n_axes == 3)] = 4
    return widths


def _rate_hz(code: int) -> float:
    """Return the nominal rate of a rate code."""
    return 3200 / float(1 << (15 - (code & 0x0F)))


def _stamps(
    sectors: NDArray[np.void], rate_hz: float
) -> tuple[int, NDArray[np.float64], NDArray[np.float64]]:
    """Return the first whole second, stamps since then, and where they hold."""
    packed = sectors["stamp"].astype(np.int64)
    year, month = 2000 + (packed >> 26), (packed >> 22) & 15
    months = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + ((packed >> 17) & 31) - 1
    seconds = days * 86_400 + ((packed >> 12) & 31) * 3600
    seconds += ((packed >> 6) & 63) * 60 + (packed & 63)
    base = int(seconds[0])
    # Newer firmware stores the fraction of the second, and has moved the offset back
    # by it for the sake of older readers.
    fraction = sectors["fraction"].astype(np.int64)
    has_fraction = fraction & 0x8000 != 0
    parts = np.where(has_fraction, (fraction & 0x7FFF) << 1, 0)
    offsets = sectors["offset"] + ((parts * int(rate_hz)) >> 16)
    return base, (seconds - base) + parts / 65_536, offsets.astype(np.float64)


def _samples(
    sectors: NDArray[np.void], counts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return all samples as stored, one row each, gyroscope first if there is one."""
    width = int(_widths(sectors[:1])[0])
    n_axes = 3 if width == 4 else width // 2
    raw = np.empty((int(counts.sum()), n_axes), np.float32)
    row = 0
    for begin in range(0, len(sectors), N_SECTORS):
        part = sectors[begin : begin + N_SECTORS]
        n_slots = PAYLOAD_BYTES // width
        taken = np.arange(n_slots) < counts[begin : begin + N_SECTORS, None]
        payload = np.ascontiguousarray(part["payload"][:, : n_slots * width])
        table = (
            _unpack(payload.view("<u4"))
            if width == 4
            else payload.view("<i2").reshape(len(part), n_slots, n_axes)
        )
        chosen = table[taken]
        raw[row : row + len(chosen)] = chosen
        row += len(chosen)
    return raw


def _unpack(words: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Return x, y and z from 10 bits each and a common exponent of 2 bits."""
    exponent = (words >> 30).astype(np.int32)
    axes = [(words >> shift & 0x3FF).astype(np.int32) for shift in (0, 10, 20)]
    table = np.stack([axis - 1024 * (axis > 511) for axis in axes], axis=-1)
    return np.asarray(table << exponent[..., None], dtype=np.int32)


def _acc_scale(sectors: NDArray[np.void]) -> NDArray[np.float32]:
    """Return g per count of each sector."""
    scale = np.ldexp(1.0, -(8 + (sectors["light"] >> 13).astype(np.int64)))
    return scale.astype(np.float32)


def _gyr_scale(sectors: NDArray[np.void]) -> NDArray[np.float32]:
    """Return deg/s per count of each sector; the full range is 8000 / 2^n deg/s."""
    code = (sectors["light"] >> 10 & 7).astype(np.int64)
    return (np.ldexp(8000.0, -code) / 32_768).astype(np.float32)


def _about(content: bytes) -> dict[str, str | int | float | bool]:
    """Return what the metadata sector says of the device."""
    upper = int.from_bytes(content[11:13], "little")
    serial = int.from_bytes(content[5:7], "little")
    serial += (0 if upper == 0xFFFF else upper) << 16
    session = int.from_bytes(content[7:11], "little")
    return {
        "device": f"Axivity {_HARDWARE.get(content[4], 'AX3')}",
        "device_serial": serial,
        "session": session,
        "firmware": content[41],
        "time_zone": "unknown, counted as UTC",
    }
