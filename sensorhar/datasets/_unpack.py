"""Unpack archives that strangers made, whole or not at all."""

import gzip
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from sensorhar._words import listing
from sensorhar.errors import DataError

__all__ = ["unpack"]

#: Archives within archives are unpacked this deep; UCI's lie one deep.
MAX_DEPTH = 2

#: An archive may become so many times larger, and this much besides. Tables of numbers
#: shrink to a third or a tenth; what shrinks a hundredfold is made to fill the disk.
MAX_EXPANSION = 100
FREE_BYTES = 100_000_000

#: A tar may announce names and comments of any length, which are held in memory.
MAX_READ_BYTES = 1 << 20

# What a Mac leaves in archives.
_LITTER = ("__MACOSX", ".DS_Store")

_INNER = (".zip", ".tar.gz", ".tgz")


def unpack(archive: Path, folder: Path, *, landmarks: Sequence[str] = ()) -> Path:
    """Unpack a zip or tar.gz, and those at its top, into a folder not there yet.

    Parameters
    ----------
    archive : Path
        The file; its content says of which kind it is.
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
        When the archive is damaged, does not fit on the disk, expands out of all
        proportion, leads out of its folder, or lacks the landmarks. Nothing of it
        stays.
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
    with archive.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    kind = "tar.gz" if is_gzip else "zip"
    try:
        names = (_unpack_tar if is_gzip else _unpack_zip)(archive, folder, said)
    except DataError:
        raise
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        gzip.BadGzipFile,
        zlib.error,
        EOFError,
        NotImplementedError,  # a compression that zipfile does not know
        RuntimeError,  # a password
        ValueError,  # a number or a name in a header that is none
        FileExistsError,  # a file and a folder of one name
        IsADirectoryError,
        NotADirectoryError,
    ) as error:
        raise DataError(
            f"{said} must be a whole {kind} archive; it is damaged or cut short "
            f"({error}). Remove it and fetch it again."
        ) from error
    for name in names if depth else ():
        inner = folder / name
        if "/" in name or not name.lower().endswith(_INNER) or not inner.is_file():
            continue
        _unpack_one(inner, folder, f"{inner.name} in {said}", depth - 1)
        inner.unlink()


def _unpack_zip(archive: Path, folder: Path, said: str) -> list[str]:
    """Unpack a zip; return the names of its members."""
    with zipfile.ZipFile(archive) as opened:
        members = [m for m in opened.infolist() if not _is_litter(m.filename)]
        for member in members:
            is_link = stat.S_ISLNK(member.external_attr >> 16)
            _check_name(member.filename, is_link, said)
        _check_room(sum(m.file_size for m in members), archive, folder, said)
        for member in members:
            target = folder / member.filename
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            # zipfile checks each member's CRC when it comes to the end of it.
            with opened.open(member) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
    return [member.filename for member in members]


def _unpack_tar(archive: Path, folder: Path, said: str) -> list[str]:
    """Unpack a tar.gz; return the names of its members.

    It is read twice. The first time nothing is written, until every name, the size
    and the check sum at the very end are known to be good.
    """
    n_bytes = 0
    with _Careful(archive) as stream:
        # Each header is looked at before the data behind it is unpacked.
        with tarfile.open(fileobj=stream, mode="r:") as opened:
            for member in opened:
                is_plain = (member.isfile() or member.isdir()) and not member.issparse()
                _check_name(member.name, not is_plain, said)
                n_bytes += tarfile.BLOCKSIZE + member.size
                _check_room(n_bytes, archive, folder, said)
        while more := stream.read(MAX_READ_BYTES):
            n_bytes += len(more)
            _check_room(n_bytes, archive, folder, said)
    names = []
    with (
        _Careful(archive) as stream,
        tarfile.open(fileobj=stream, mode="r:") as opened,
    ):
        for member in opened:
            if _is_litter(member.name):
                continue
            name = str(PurePosixPath(member.name))
            target = folder / name
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            source = opened.extractfile(member)
            assert source is not None  # it is a plain file
            with source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
            names.append(name)
    return names


class _Careful(gzip.GzipFile):
    """The unpacked bytes of a tar.gz, of which nobody reads much at once."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= MAX_READ_BYTES:
            raise tarfile.ReadError(f"a header of {size} bytes")
        return super().read(size)


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _LITTER or part.startswith("._") for part in parts)


def _check_name(name: str, is_link: bool, said: str) -> None:
    """Raise for names that lead out of the folder, and for links, which can."""
    windows = PureWindowsPath(name)
    leads_out = (
        not name
        or name.startswith("/")
        or ".." in windows.parts
        or bool(windows.drive or windows.root)
        or "\\" in name
    )
    if leads_out or is_link:
        raise DataError(
            f"{said} must stay within its own folder; got {name!r}, which leads out "
            "of it or is a link. Do not trust this archive; nothing was unpacked."
        )


def _check_room(wanted: int, archive: Path, folder: Path, said: str) -> None:
    """Raise when so many bytes are too many for the archive, or for the disk."""
    size = archive.stat().st_size
    if wanted > FREE_BYTES + MAX_EXPANSION * size:
        raise DataError(
            f"{said} must expand to at most {MAX_EXPANSION} times its size; got "
            f"{wanted / 1e6:.0f} MB out of {size / 1e6:.3g} MB. Do not trust this "
            "archive."
        )
    free = shutil.disk_usage(folder).free
    if wanted > free:
        raise DataError(
            f"{said} must have {wanted / 1e6:.0f} MB of room; {free / 1e6:.0f} MB are "
            "free. Free some, or set SENSORHAR_CACHE to another folder."
        )
