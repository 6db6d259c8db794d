"""SI units of sensor readings, and the one place where others become SI."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._words import listing

__all__ = ["STANDARD_GRAVITY", "factor", "si_unit_of", "to_si"]

#: Standard acceleration of gravity in m/s^2, exact by the 3rd CGPM (1901).
STANDARD_GRAVITY = 9.80665

# unit -> (SI unit of the library, factor). One tesla is 10^4 gauss, so 1 G = 100 uT.
_UNITS: dict[str, tuple[str, float]] = {
    "m/s^2": ("m/s^2", 1.0),
    "g": ("m/s^2", STANDARD_GRAVITY),
    "mg": ("m/s^2", STANDARD_GRAVITY / 1000),
    "rad/s": ("rad/s", 1.0),
    "deg/s": ("rad/s", math.pi / 180),
    "mdeg/s": ("rad/s", math.pi / 180_000),
    "uT": ("uT", 1.0),
    "nT": ("uT", 1e-3),
    "T": ("uT", 1e6),
    "gauss": ("uT", 100.0),
    "mgauss": ("uT", 0.1),
    "Pa": ("Pa", 1.0),
    "hPa": ("Pa", 100.0),
    "mbar": ("Pa", 100.0),
    "kPa": ("Pa", 1000.0),
    "m": ("m", 1.0),
    "km": ("m", 1000.0),
    "m/s": ("m/s", 1.0),
    "km/h": ("m/s", 1 / 3.6),
    "knot": ("m/s", 1852 / 3600),
    "deg": ("deg", 1.0),  # latitude, longitude and bearing stay in degrees
    "bpm": ("bpm", 1.0),
    "s": ("s", 1.0),
    "ms": ("s", 1e-3),
    "rad": ("rad", 1.0),
    "1": ("1", 1.0),
}
_SPELLINGS = {
    "m/s2": "m/s^2", "m/s²": "m/s^2", "m s-2": "m/s^2", "m/s/s": "m/s^2",
    "mps2": "m/s^2", "milli-g": "mg", "rad/sec": "rad/s", "rps": "rad/s",
    "dps": "deg/s", "°/s": "deg/s", "mdps": "mdeg/s", "µT": "uT", "μT": "uT",
    "microtesla": "uT", "G": "gauss", "mG": "mgauss", "mps": "m/s", "kmh": "km/h",
    "°": "deg", "": "1", "hpa": "hPa", "pa": "Pa",
}  # fmt: skip


def _known(unit: str) -> tuple[str, float]:
    """Return the SI unit and factor of a unit in any spelling."""
    name = _SPELLINGS.get(unit, unit)
    if name not in _UNITS:
        raise ValueError(
            f"unit must be one of {', '.join(_UNITS)}; got {unit!r}. "
            "Convert the numbers to one of these first."
        )
    return _UNITS[name]


def si_unit_of(unit: str) -> str:
    """Return the SI unit that readings in a unit are kept in.

    Parameters
    ----------
    unit : str
        A unit such as ``"g"``, ``"deg/s"`` or ``"m/s²"``.

    Returns
    -------
    str
        The library's spelling of the SI unit.

    Raises
    ------
    ValueError
        When the unit is unknown.

    Examples
    --------
    >>> si_unit_of("g")
    'm/s^2'
    """
    return _known(unit)[0]


def factor(unit: str, to: str) -> float:
    """Return the number that turns readings in one unit into another.

    Parameters
    ----------
    unit, to : str
        Units of the same quantity.

    Returns
    -------
    float
        ``reading_in_to = reading_in_unit * factor(unit, to)``.

    Raises
    ------
    ValueError
        When a unit is unknown, or the two measure different quantities.

    Examples
    --------
    >>> factor("g", "m/s^2")
    9.80665
    """
    (si, scale), (other_si, other_scale) = _known(unit), _known(to)
    if si != other_si:
        same = [name for name, (base, _) in _UNITS.items() if base == other_si]
        raise ValueError(
            f"{unit!r} cannot be converted to {to!r}: they measure different "
            f"quantities. Units that can: {listing(same)}."
        )
    return scale / other_scale


def to_si(values: ArrayLike, unit: str) -> tuple[NDArray[Any], str]:
    """Convert readings to the SI unit the library works in.

    Parameters
    ----------
    values : array-like
        Readings. Floats keep their precision, integers become float64.
    unit : str
        Their unit.

    Returns
    -------
    values : array
        Readings in SI; the same array when they already are.
    unit : str
        The SI unit.

    Raises
    ------
    ValueError
        When the unit is unknown.

    Examples
    --------
    >>> to_si([1.0, 0.0], "g")
    (array([9.80665, 0.     ]), 'm/s^2')
    """
    si, scale = _known(unit)
    array = np.asarray(values)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if scale == 1.0:
        return array, si
    return array * array.dtype.type(scale), si
