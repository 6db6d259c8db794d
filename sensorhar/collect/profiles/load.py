"""Find a device's profile by its name, or read one's own from a file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sensorhar.collect.profiles._parse import parse_profile
from sensorhar.collect.profiles.profile import Profile
from sensorhar.errors import DataError

__all__ = ["load_profile", "profile_names", "profile_path"]

_FOLDER = Path(__file__).parent


def profile_names() -> list[str]:
    """Return the names of the devices that are known.

    Returns
    -------
    list of str
        Sorted.

    Examples
    --------
    >>> "thingy52" in profile_names()
    True
    """
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def profile_path(name: str) -> Path:
    """Return the file of a known device, to copy and change.

    Parameters
    ----------
    name : str
        One of :func:`profile_names`.

    Returns
    -------
    Path
        A TOML file.

    Raises
    ------
    ValueError
        When there is none of that name.

    Examples
    --------
    >>> profile_path("microbit").name
    'microbit.toml'
    """
    if name not in profile_names():
        raise ValueError(
            f"profile must be the path of a .toml file or one of "
            f"{', '.join(profile_names())}; got {name!r}."
        )
    return _FOLDER / f"{name}.toml"


def load_profile(name_or_path: str | Path, *, place: str = "") -> Profile:
    """Return a profile by its name, or from a TOML file of one's own.

    Parameters
    ----------
    name_or_path : str or Path
        One of :func:`profile_names`, or a file that ends in ``.toml``.
    place : str, default=""
        Where the device is worn, such as ``"wrist"``; empty takes what the file says.

    Returns
    -------
    Profile
        For any number of devices of that kind.

    Raises
    ------
    ValueError
        When there is no profile of that name.
    FileNotFoundError
        When there is no such file.
    DataError
        When the file is not TOML, or a key is missing, unknown or wrong.

    Examples
    --------
    >>> profile = load_profile("microbit", place="ankle")
    >>> decoder = profile.characteristics[0].make_decoder()
    >>> (reading,) = decoder.decode(bytes.fromhex("0001 A003 2001"))
    >>> reading.kind, reading.values.round(2).tolist()
    ('accelerometer', [[2.51, 9.1, 2.82]])
    """
    is_name = isinstance(name_or_path, str) and not name_or_path.endswith(".toml")
    path = profile_path(str(name_or_path)) if is_name else Path(name_or_path)
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(
            f"{path.name}: a profile must be TOML in UTF-8; got a file that is not: "
            f"{error}."
        ) from None
    return parse_profile(content, path.name, path.stem, place)
