"""Which Bluetooth sensors are in reach, for who does not know their names."""

import asyncio
import re
from typing import TYPE_CHECKING

from sensorhar.cli._say import print_table, say

if TYPE_CHECKING:
    from sensorhar.collect.ble_scan import FoundSensor

__all__ = ["print_sensors"]

LENGTH_S = 5.0


def print_sensors(*, quiet: bool = False) -> None:
    """Print what is in reach, the nearest first, and which profiles it may fit."""
    from sensorhar.collect.ble_scan import scan

    say(f"Looking around for {LENGTH_S:g} s.", quiet=quiet)
    found = asyncio.run(scan(duration_s=LENGTH_S))
    if not found:
        say("No Bluetooth sensor is in reach.", quiet=quiet)
        return
    services = _services()
    rows = [_row(sensor, services) for sensor in found]
    print_table(["address", "dBm", "name", "profiles"], rows)


def _row(sensor: "FoundSensor", services: dict[str, set[str]]) -> list[str]:
    strength = "-" if sensor.strength_dbm is None else f"{sensor.strength_dbm:.0f}"
    fits = " ".join(_fitting(sensor, services)) or "-"
    return [sensor.address, strength, sensor.name or "-", fits]


def _fitting(sensor: "FoundSensor", services: dict[str, set[str]]) -> list[str]:
    """Return the profiles of the sensor's services or name, the best first."""
    offered = {uuid.lower() for uuid in sensor.services}
    heard = re.findall(r"[a-z0-9]{3,}", sensor.name.lower())
    points = {}
    for name, needed in services.items():
        n_words = sum(
            any(part.startswith(word) for word in heard) for part in name.split("_")
        )
        points[name] = 2 * n_words + bool(needed & offered)
    return sorted(filter(points.get, points), key=lambda name: -points[name])


def _services() -> dict[str, set[str]]:
    """Return the services of each known profile."""
    from sensorhar.collect.profiles import load_profile, profile_names

    return {name: {*load_profile(name).service_uuids} for name in profile_names()}
