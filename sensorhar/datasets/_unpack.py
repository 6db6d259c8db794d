"""Unpack archives that strangers made, whole or not at all."""

import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from sensorhar._words import listing
from sensorhar.errors import DataError

__all__ = ["unpack"]

#: Archives within archives are unpacked this deep; UCI's lie one deep.
MAX_DEPTH = 2

# What a Mac leaves in archives.
_LITTER = ("__MACOSX", ".DS_Store")


def unpack(archive: Path, folder: Path, *, landmarks: Sequence[str] = ()) -> Path:
    """Unpack a zip, and the zips at its top, into a folder that is not there yet.

    Parameters
    ----------
    archive : Path
        The zip file.
    folder : Path
        Where its content goes; it appears when everything is in it.
    landmarks : sequence of str, default=()
        Paths within, of which one must be there for it to be the right archive.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        When the archive is damaged, does not fit on the disk, leads out of its
        folder, or lacks the landmarks. Nothing of it stays.
    """
    if folder.exists():
        raise DataError(
            f"{folder} must not exist to unpack {archive.name} into it; it does, "
            f"without {listing(landmarks)}. Move it away or remove it."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        made.mkdir()
        _unpack_one(archive, made, archive.name, MAX_DEPTH)
        if landmarks and not any((made / mark).exists() for mark in landmarks):
            inside = ", ".join(repr(p.name) for p in sorted(made.iterdir())[:5])
            raise DataError(
                f"{archive.name} must hold {listing(landmarks)}; got "
                f"{inside or 'nothing'}. It is another archive, or its publisher has "
                "changed it."
            )
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _unpack_one(archive: Path, folder: Path, said: str, depth: int) -> None:
    """Unpack one archive, then those at the top of it."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [m for m in opened.infolist() if not _is_litter(m.filename)]
            for member in members:
                _check_member(member, said)
            _check_room(members, folder, said)
            for member in members:
                _write_member(opened, member, folder)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,  # a compression that zipfile does not know
        RuntimeError,  # a password
    ) as error:
        raise DataError(
            f"{said} must be a whole zip archive; it is damaged or cut short "
            f"({error}). Remove it and fetch it again."
        ) from error
    at_top = [m.filename for m in members if "/" not in m.filename]
    for name in at_top if depth else ():
        inner = folder / name
        if inner.suffix.lower() != ".zip":
            continue
        _unpack_one(inner, folder, f"{inner.name} in {said}", depth - 1)
        inner.unlink()


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _LITTER for part in parts)


def _check_member(member: zipfile.ZipInfo, said: str) -> None:
    """Raise for names that lead out of the folder, and for links, which can."""
    name = member.filename
    windows = PureWindowsPath(name)
    leads_out = (
        not name
        or name.startswith("/")
        or ".." in windows.parts
        or bool(windows.drive or windows.root)
        or "\\" in name
    )
    if leads_out or stat.S_ISLNK(member.external_attr >> 16):
        raise DataError(
            f"{said} must stay within its own folder; got {name!r}, which leads out "
            "of it or is a link. Do not trust this archive; nothing was unpacked."
        )


def _check_room(members: list[zipfile.ZipInfo], folder: Path, said: str) -> None:
    wanted = sum(member.file_size for member in members)
    free = shutil.disk_usage(folder).free
    if wanted > free:
        raise DataError(
            f"{said} must have {wanted / 1e6:.0f} MB of room; {free / 1e6:.0f} MB are "
            "free. Free some, or set SENSORHAR_CACHE to another folder."
        )


def _write_member(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path
) -> None:
    target = folder / member.filename
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # zipfile checks each member's CRC when it comes to the end of it.
    with opened.open(member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
