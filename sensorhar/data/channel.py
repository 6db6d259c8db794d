"""One column of numbers: its name, unit, sensor, place and gravity."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sensorhar._checks import check_choice
from sensorhar.sensors import SENSORS
from sensorhar.units import si_unit_of

__all__ = ["Channel"]


@dataclass(frozen=True)
class Channel:
    """One column of numbers and what it means.

    Parameters
    ----------
    name : str
        Unique within a recording, such as ``"acc_x"`` or ``"wrist_acc_x"``.
    unit : str
        An SI unit of :mod:`sensorhar.units`.
    kind : str, default="derived"
        A row of :data:`sensorhar.sensors.SENSORS`, or ``"derived"`` for a channel
        computed from others.
    place : str, default=""
        Where on the body, such as ``"waist"``; empty when unknown.
    has_gravity : bool or None, default=None
        Whether gravity is included. An accelerometer must say so; for other sensors
        it means nothing and is None.

    Raises
    ------
    ValueError
        When the unit is not SI, the kind is unknown, or an accelerometer does not
        say whether gravity is included.

    Examples
    --------
    >>> Channel("acc_x", "m/s^2", "accelerometer", "waist", has_gravity=True)
    Channel(acc_x [m/s^2] at waist, with gravity)
    """

    name: str
    unit: str
    kind: str = "derived"
    place: str = ""
    has_gravity: bool | None = None

    def __post_init__(self) -> None:
        check_choice(self.kind, f"kind of channel {self.name!r}", [*SENSORS, "derived"])
        if si_unit_of(self.unit) != self.unit:
            raise ValueError(
                f"channel {self.name!r} must have an SI unit; got {self.unit!r}. "
                f"Convert the numbers with sensorhar.units.to_si(values, "
                f"{self.unit!r}), which returns {si_unit_of(self.unit)!r}."
            )
        if self.kind == "accelerometer" and not isinstance(self.has_gravity, bool):
            raise ValueError(
                f"accelerometer channel {self.name!r} must say whether gravity is "
                f"included; got has_gravity={self.has_gravity!r}. At rest, |acc| is "
                "about 9.8 m/s^2 with gravity (has_gravity=True) and 0 without."
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Build a channel from what ``to_dict`` returned."""
        return cls(**fields)

    def __repr__(self) -> str:
        place = f" at {self.place}" if self.place else ""
        gravity = {True: ", with gravity", False: ", without gravity", None: ""}
        return f"Channel({self.name} [{self.unit}]{place}{gravity[self.has_gravity]})"
