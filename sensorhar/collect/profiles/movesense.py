"""Movesense sensors with the firmware gatt_sensordata_app (GSP)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading
from sensorhar.collect.profiles.sensor_map import SensorMap, Stamp
from sensorhar.units import factor

__all__ = ["MovesenseDecoder"]

#: First byte of a packet.
_REPLY, _DATA, _DATA_PART2 = 1, 2, 3

#: Units as documented for /Meas/Acc, /Meas/Gyro and /Meas/Magn; not verified on a
#: captured packet.
_FACTORS = {
    "accelerometer": 1.0,
    "gyroscope": factor("deg/s", "rad/s"),
    "magnetometer": 1.0,
}
_BYTES_PER_SAMPLE = 12

#: Bytes of a first part when encoding, as over Bluetooth with packets of 247 bytes.
MAX_PART = 240


class MovesenseDecoder:
    r"""Decode one subscription to ``/Meas/Acc``, ``/Meas/IMU6`` or ``/Meas/IMU9``.

    ::

        2 | ref | time 32, ms | acc xyz of n samples | gyr xyz of n | mag xyz of n
        3 | ref | the rest of the packet before

    The time is that of the first sample.

    Parameters
    ----------
    sensors : sequence of str
        Kinds in the order sent, such as ``["accelerometer", "gyroscope"]``.
    n_samples : int
        Samples of each in a packet: rate / 13.
    rate_hz : float
        As subscribed to.
    place : str, default=""
        Where on the body.

    References
    ----------
    Movesense, gatt_sensordata_app, example client for Python.

    Examples
    --------
    >>> decoder = MovesenseDecoder(["accelerometer"], n_samples=1, rate_hz=13)
    >>> packet = b"\x02\x63" + struct.pack("<I3f", 1500, 0.0, 0.0, 9.75)
    >>> (reading,) = decoder.decode(packet)
    >>> reading.ticks, reading.values.tolist()
    (1500, [[0.0, 0.0, 9.75]])
    """

    def __init__(
        self,
        sensors: Sequence[str],
        *,
        n_samples: int,
        rate_hz: float,
        place: str = "",
    ) -> None:
        self.n_samples = n_samples
        self.rate_hz = rate_hz
        self._maps = [
            SensorMap(
                kind, (0, 1, 2), (_FACTORS[kind],) * 3, place=place,
                has_gravity=True if kind == "accelerometer" else None,
            )
            for kind in sensors
        ]  # fmt: skip
        self._n_bytes = 6 + len(self._maps) * n_samples * _BYTES_PER_SAMPLE
        self._begun = b""

    def decode(self, packet: bytes) -> list[Reading]:
        """Return the readings that a packet completes.

        Parameters
        ----------
        packet : bytes
            As it came.

        Returns
        -------
        list of Reading
            One for each sensor, or none yet.

        Raises
        ------
        BadPacketError
            When its length is not what was subscribed to, a part is missing, or the
            device refused the subscription.
        """
        packet = bytes(packet)
        if len(packet) < 2 or packet[0] not in (_REPLY, _DATA, _DATA_PART2):
            raise BadPacketError(
                "a packet must start with 1 (reply), 2 (data) or 3 (its rest); got "
                f"{packet[:2].hex(' ')!r}."
            )
        begun, self._begun = self._begun, b""
        if packet[0] == _REPLY:
            self._begun = begun
            return _check_reply(packet)
        if packet[0] == _DATA:
            whole = packet
            if len(whole) < self._n_bytes:
                self._begun = packet
                if begun:
                    raise BadPacketError("data must be followed by their rest (3).")
                return []
        elif not begun or begun[1] != packet[1]:
            raise BadPacketError("the rest (3) must follow the data (2) it belongs to.")
        else:
            whole = begun + packet[2:]
        if len(whole) != self._n_bytes:
            raise BadPacketError(
                f"data of {self.n_samples} samples must have {self._n_bytes} bytes; "
                f"got {len(whole)}. Set n_samples to the rate divided by 13."
            )
        return self._read(whole)

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return the packets that decode to the readings, in two parts where long.

        Parameters
        ----------
        readings : sequence of Reading
            One for each sensor, in their order.

        Returns
        -------
        list of bytes
            One or two packets.
        """
        ticks = (readings[0].ticks or 0) - self._ticks_to_last()
        whole = bytes([_DATA, 99]) + struct.pack("<I", ticks % 2**32)
        for sensor, reading in zip(self._maps, readings, strict=True):
            rows = np.zeros((self.n_samples, 3))
            sensor.write(reading, rows)
            whole += rows.astype("<f4").tobytes()
        if len(whole) <= MAX_PART:
            return [whole]
        return [whole[:MAX_PART], bytes([_DATA_PART2, 99]) + whole[MAX_PART:]]

    def _read(self, whole: bytes) -> list[Reading]:
        ticks = struct.unpack_from("<I", whole, 2)[0] + self._ticks_to_last()
        stamp = Stamp(ticks % 2**32, 1e-3, 32, rate_hz=self.rate_hz)
        with np.errstate(invalid="ignore"):
            table = np.frombuffer(whole, "<f4", offset=6).astype(np.float64)
        blocks = table.reshape(len(self._maps), self.n_samples, 3)
        return [
            sensor.read(block, stamp)
            for sensor, block in zip(self._maps, blocks, strict=True)
        ]

    def _ticks_to_last(self) -> int:
        return round((self.n_samples - 1) / self.rate_hz * 1e3)


def _check_reply(packet: bytes) -> list[Reading]:
    """Return nothing, or say that the device refused; the status is as in HTTP."""
    status = packet[2:4]
    codes = {int.from_bytes(status, "little"), int.from_bytes(status, "big")}
    refused = [code for code in codes if 400 <= code < 600]
    if refused:
        raise BadPacketError(
            "the device must accept the subscription; it replied "
            f"{refused[0]}. Its path and rate are in the profile's start command."
        )
    return []
