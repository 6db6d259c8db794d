"""Look around for Bluetooth sensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sensorhar._checks import check_positive
from sensorhar.collect._ble_radio import Wanted, radio
from sensorhar.collect._within import RadioError

if TYPE_CHECKING:
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

__all__ = ["FoundSensor", "scan"]


@dataclass(frozen=True)
class FoundSensor:
    """A Bluetooth sensor in reach.

    Attributes
    ----------
    name : str
        As advertised; empty where it tells none.
    address : str
        For ``BleSource(address=...)``; on macOS an identifier.
    strength_dbm : float or None
        Of its signal: -40 is near, -90 is far. None where it is not advertising.
    services : tuple of str
        UUIDs that it advertises.
    is_held : bool
        The operating system is connected to it already.
    """

    name: str
    address: str
    strength_dbm: float | None
    services: tuple[str, ...]
    is_held: bool = False


async def scan(
    *, name: str | None = None, service: str | None = None, duration_s: float = 5.0
) -> list[FoundSensor]:
    """Return the Bluetooth sensors in reach, the strongest first.

    Sensors that the operating system is connected to do not advertise; they are found
    as well where it tells (Linux, macOS).

    Parameters
    ----------
    name : str or None, default=None
        Only those whose name begins so; case does not matter.
    service : str or None, default=None
        Only those that advertise this service.
    duration_s : float, default=5.0
        How long to look.

    Returns
    -------
    list of FoundSensor
        Those held by the operating system last.

    Raises
    ------
    ValueError
        When the duration is not above 0.
    ConnectionError
        When there is no Bluetooth, or it does not work.

    Examples
    --------
    ::

        for sensor in await scan(duration_s=3):
            print(sensor.name, sensor.address, sensor.strength_dbm)
    """
    check_positive(duration_s, "duration_s", "s")
    services = frozenset() if service is None else frozenset({service.lower()})
    found: dict[str, FoundSensor] = {}
    shared = radio()

    def note(device: BLEDevice, advertisement: AdvertisementData) -> bool:
        shown = advertisement.local_name or device.name or ""
        uuids = tuple(advertisement.service_uuids)
        by_name = Wanted(name=name).fits(device.address, shown, [])
        by_service = Wanted(services=services).fits(device.address, shown, list(uuids))
        if by_name and by_service:
            strength_dbm = float(advertisement.rssi)
            found[device.address] = FoundSensor(
                shown, device.address, strength_dbm, uuids
            )
        return False

    try:
        for device in await shared.all_held(services):
            if Wanted(name=name).fits(device.address, device.name, []):
                found[device.address] = FoundSensor(
                    device.name or "", device.address, None, tuple(services), True
                )
        await shared.find(note, duration_s)
    except RadioError as error:
        raise ConnectionError(
            f"Bluetooth must be there and switched on; {error}. Check the adapter and "
            "the bluetooth service."
        ) from error
    return sorted(
        found.values(),
        key=lambda sensor: (
            -999.0 if sensor.strength_dbm is None else sensor.strength_dbm
        ),
        reverse=True,
    )
