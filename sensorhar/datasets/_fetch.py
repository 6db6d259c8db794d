"""Find the files of a data set on this machine, or fetch them."""

import logging
import os
import sys
from pathlib import Path

from sensorhar.datasets._card import Card
from sensorhar.datasets._download import download
from sensorhar.datasets._unpack import unpack
from sensorhar.errors import DataError

__all__ = ["cache_dir", "find_or_fetch"]

logger = logging.getLogger(__name__)


def cache_dir() -> Path:
    """Return the folder where data sets are kept for this user.

    Returns
    -------
    Path
        ``SENSORHAR_CACHE`` when set, else the usual place of the system.
    """
    own = os.environ.get("SENSORHAR_CACHE")
    if own:
        return Path(own).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "sensorhar"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "sensorhar"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "sensorhar"


def find_or_fetch(
    card: Card,
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    progress: bool = True,
) -> Path:
    """Return the folder with the files of a data set.

    Looked at in this order::

        data_dir  ->  SENSORHAR_DATA  ->  the user's cache  ->  download into the cache

    Parameters
    ----------
    card : Card
        The data set.
    data_dir : str, Path or None, default=None
        A folder that holds it, or the very folder of it. When it does not, the set
        is downloaded into it instead of the cache.
    download : bool, default=True
        Whether to download what is not here.
    progress : bool, default=True
        Whether to show a bar.

    Returns
    -------
    Path
        The folder in which the card's landmark lies.

    Raises
    ------
    DataError
        When the set is not here and must not be downloaded, ``SENSORHAR_DATA`` is no
        folder, or the archive is broken.
    DownloadError
        When the archive cannot be fetched whole.
    """
    places = _places(data_dir)
    for place in places:
        found = _find(card, place)
        if found is not None:
            return found
    if not download:
        looked = ", ".join(str(place) for place in places)
        raise DataError(
            f"data set {card.name!r} must lie in a folder {card.folder!r} when it must "
            f"not be downloaded; it is not in {looked}. Pass download=True, or "
            f"{_advice(card)}"
        )
    if card.url is None:
        looked = ", ".join(str(place) for place in places)
        raise DataError(
            f"data set {card.name!r} cannot be fetched by a program and must lie in a "
            f"folder {card.folder!r}; it is not in {looked}. {card.how_to_get}"
        )
    home = Path(data_dir).expanduser() if data_dir is not None else cache_dir()
    _fetch(card, home, progress)
    found = _find(card, home)
    assert found is not None  # unpack has seen the landmark
    return found


def _places(data_dir: str | Path | None) -> list[Path]:
    if data_dir is not None:
        return [Path(data_dir).expanduser()]
    places = [cache_dir()]
    shared = os.environ.get("SENSORHAR_DATA")
    if shared:
        folder = Path(shared).expanduser()
        if not folder.is_dir():
            raise DataError(
                f"SENSORHAR_DATA must name a folder of data sets; got {shared!r}, "
                f"which is not there seen from {str(Path.cwd())!r}. Correct it, or "
                "unset it."
            )
        places.insert(0, folder)
    return places


def _find(card: Card, place: Path) -> Path | None:
    """Return the set's folder at a place, in any of the forms it comes in."""
    for base in (place / card.folder, place):
        for folder in (base / card.inner_folder, base):
            if (folder / card.landmark).exists():
                return folder
    return None


def _fetch(card: Card, home: Path, progress: bool) -> None:
    assert card.url is not None  # find_or_fetch looked
    suffix = ".tar.gz" if card.url.endswith((".tar.gz", ".tgz")) else ".zip"
    archive = home / f"{card.folder}{suffix}"
    logger.info("downloading %s to %s", card.url, home)
    download(
        card.url,
        archive,
        sha256=card.sha256,
        size_bytes=card.size_bytes,
        advice=f"Or {_advice(card)}",
        progress=progress,
    )
    try:
        unpack(archive, home / card.folder, landmarks=_landmarks(card))
    finally:
        archive.unlink(missing_ok=True)


def _landmarks(card: Card) -> tuple[str, ...]:
    """Return where the landmark may lie below the set's folder."""
    return f"{card.inner_folder}/{card.landmark}", card.landmark


def _advice(card: Card) -> str:
    return (
        f"fetch it by hand from {card.address}, unpack it into a folder "
        f"{card.folder!r}, and set SENSORHAR_DATA to the folder above."
    )
