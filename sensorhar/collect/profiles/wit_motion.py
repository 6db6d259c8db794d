"""WitMotion sensors: frames of 20 bytes without checksum, time or number."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading
from sensorhar.collect.profiles.sensor_map import SensorMap, Stamp
from sensorhar.data.channel import Channel
from sensorhar.units import factor

__all__ = ["WitMotionDecoder"]

_N_FRAME = 20
_MOTION, _REGISTER = b"\x55\x61", b"\x55\x71"

#: Full ranges, at 2^15: 16 g, 2000 deg/s, 180 deg (datasheet v20-0707).
_ACC = 16 / 32768 * factor("g", "m/s^2")
_GYR = 2000 / 32768 * factor("deg/s", "rad/s")
_ANGLE = math.pi / 32768

#: Registers that may be asked for (FF AA 27 register 00). The field in 1/120 uT is
#: from the maker's example code, not from the datasheet.
_MAG_REGISTER, _QUAT_REGISTER = 0x3A, 0x51
_MAG = 1 / 120
_QUAT = 1 / 32768


class WitMotionDecoder:
    r"""Decode motion frames, and replies that hold the field or the orientation.

    ::

        55 61 | acc xyz 16 | gyr xyz 16 | roll pitch yaw 16
        55 71 | register 16 | 8 registers of 16

    Roll, pitch and yaw are the channels ``roll_rad``, ``pitch_rad`` and ``yaw_rad``.
    Frames are found again in a stream that lost bytes.

    Parameters
    ----------
    rate_hz : float or None, default=None
        As set on the device; it sends no time.
    place : str, default=""
        Where on the body.

    Attributes
    ----------
    n_skipped : int
        Bytes that belonged to no frame.

    Examples
    --------
    >>> import struct
    >>> frame = b"\x55\x61" + struct.pack("<9h", 0, 0, 2048, 0, 0, 16384, 0, 0, 0)
    >>> acc, gyr, _ = WitMotionDecoder().decode(frame)
    >>> acc.values.tolist()
    [[0.0, 0.0, 9.80665]]
    """

    def __init__(self, rate_hz: float | None = None, *, place: str = "") -> None:
        angles = tuple(
            Channel(name, "rad", place=place)
            for name in ("roll_rad", "pitch_rad", "yaw_rad")
        )
        self._stamp = Stamp(rate_hz=rate_hz)
        self._motion = (
            SensorMap(
                "accelerometer", (0, 1, 2), (_ACC,) * 3, place=place, has_gravity=True
            ),
            SensorMap("gyroscope", (3, 4, 5), (_GYR,) * 3, place=place),
            SensorMap("derived", (6, 7, 8), (_ANGLE,) * 3, angles, place),
        )
        self._registers = {
            _MAG_REGISTER: SensorMap(
                "magnetometer", (0, 1, 2), (_MAG,) * 3, None, place
            ),
            _QUAT_REGISTER: SensorMap(
                "orientation", (0, 1, 2, 3), (_QUAT,) * 4, None, place
            ),
        }
        self.n_skipped = 0
        self._rest = b""

    def decode(self, packet: bytes) -> list[Reading]:
        """Return the readings of the frames that end in a packet.

        Parameters
        ----------
        packet : bytes
            As it came.

        Returns
        -------
        list of Reading
            Three for each motion frame, one for each reply that is known.

        Raises
        ------
        BadPacketError
            When bytes belonged to no frame and none was found.
        """
        data = self._rest + bytes(packet)
        readings: list[Reading] = []
        start = n_skipped = 0
        while start < len(data):
            is_begun = data[start] == 0x55 and data[start + 1 : start + 2] in (
                b"", b"\x61", b"\x71"
            )  # fmt: skip
            stop = start + _N_FRAME
            # Numbers can look like the start of a frame; where the next one begins,
            # another must.
            if not is_begun or data[stop : stop + 1] not in (b"", b"\x55"):
                start, n_skipped = start + 1, n_skipped + 1
            elif stop > len(data):
                break
            else:
                readings += self._read(data[start:stop])
                start = stop
        self._rest = data[start:]
        self.n_skipped += n_skipped
        if n_skipped and not readings:
            raise BadPacketError(
                "a frame must start with 55 61 or 55 71; passed over "
                f"{n_skipped} bytes of {packet[:20].hex(' ')!r}."
            )
        return readings

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return the frame that decodes to the readings.

        Parameters
        ----------
        readings : sequence of Reading
            Of one frame, as ``decode`` returns them.

        Returns
        -------
        list of bytes
            A frame for each sample.
        """
        row_of = {each.kind: register for register, each in self._registers.items()}
        register = row_of.get(readings[0].kind)
        sensors = self._motion if register is None else (self._registers[register],)
        rows = np.zeros((readings[0].n_samples, 9 if register is None else 8))
        for sensor, reading in zip(sensors, readings, strict=True):
            sensor.write(reading, rows)
        head = _MOTION if register is None else _REGISTER + bytes([register, 0])
        return [head + row.tobytes() for row in np.rint(rows).astype("<i2")]

    def _read(self, frame: bytes) -> list[Reading]:
        if frame.startswith(_MOTION):
            row = np.frombuffer(frame, "<i2", offset=2).astype(np.float64)
            return [each.read(row[np.newaxis], self._stamp) for each in self._motion]
        sensor = self._registers.get(int.from_bytes(frame[2:4], "little"))
        row = np.frombuffer(frame, "<i2", offset=4).astype(np.float64)
        return [sensor.read(row[np.newaxis], Stamp())] if sensor else []
