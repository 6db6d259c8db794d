"""Fetch one file over HTTP: resumed where it stopped, checked before it counts."""

import contextlib
import hashlib
import http.client
import logging
import re
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from sensorhar.errors import DownloadError

__all__ = ["download"]

logger = logging.getLogger(__name__)

N_CHUNK_BYTES = 1 << 16
TIMEOUT_S = 30.0
#: Attempts in a row that bring nothing before we give up.
N_FRUITLESS = 3

# What a bad connection raises; other OSErrors come from the disk.
_BROKEN = (
    urllib.error.URLError,
    http.client.HTTPException,
    ssl.SSLError,
    ConnectionError,
    TimeoutError,
)

Advance = Callable[[int, int | None], None]


def download(
    url: str,
    path: Path,
    *,
    sha256: str | None = None,
    size_bytes: int | None = None,
    advice: str = "",
    progress: bool = True,
) -> Path:
    """Fetch a file; what was fetched stays in ``path.part`` until it is whole.

    Parameters
    ----------
    url : str
        Address, http or https.
    path : Path
        Where the whole file goes.
    sha256 : str or None, default=None
        Checksum it must have.
    size_bytes : int or None, default=None
        Size it must have.
    advice : str, default=""
        What else a user can do, for the end of messages.
    progress : bool, default=True
        Whether to show a bar.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    DownloadError
        When the file cannot be reached, stays incomplete, does not fit on the disk,
        or is not the one expected. Only an incomplete one stays, to be resumed.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise DownloadError(
            f"download needs an http or https address; got {url!r}. {advice}".rstrip()
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    _check_room(part, size_bytes, advice)
    try:
        with _bar(path.name, size_bytes, progress) as advance:
            _fetch(url, part, size_bytes, advance, advice)
    except OSError as error:
        if isinstance(error, DownloadError):
            raise
        raise DownloadError(
            f"{url} could not be written to {part} ({error}). Free some room, or set "
            f"SENSORHAR_CACHE to another folder. {advice}".rstrip()
        ) from error
    _check_file(url, part, sha256, size_bytes, advice)
    part.replace(path)
    return path


def _fetch(
    url: str, part: Path, size_bytes: int | None, advance: Advance, advice: str
) -> None:
    """Fetch until the file is whole; an attempt that brings nothing new counts."""
    n_fruitless = 0
    while True:
        have = part.stat().st_size if part.exists() else 0
        try:
            is_whole = _attempt(url, part, size_bytes, advance)
            reason = "the connection ended early"
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416 and have:  # the rest we ask for does not exist
                if size_bytes is None or have == size_bytes:
                    return  # whole already, only the check was missing
                part.unlink()
                is_whole, reason = False, str(error)
            else:
                raise DownloadError(
                    f"{url} answered {error.code} {error.reason}. The address may have "
                    f"changed. {advice}".rstrip()
                ) from error
        except _BROKEN as error:
            is_whole, reason = False, str(getattr(error, "reason", error))
        if is_whole:
            return
        now = part.stat().st_size if part.exists() else 0
        n_fruitless = n_fruitless + 1 if now <= have else 0
        logger.info("%s: %d bytes so far (%s)", url, now, reason)
        if n_fruitless == N_FRUITLESS:
            what = "could not be reached" if not now else f"stopped at {now:,} bytes"
            raise DownloadError(
                f"{url} {what} ({reason}). Check the connection and run again"
                f"{' to go on from there' if now else ''}. {advice}".rstrip()
            )


def _attempt(url: str, part: Path, size_bytes: int | None, advance: Advance) -> bool:
    """Fetch what is missing; return whether the answer came to its end."""
    have = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "sensorhar"}
    if have:
        headers["Range"] = f"bytes={have}-"
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        if not have or not _goes_on(answer, have):
            have = 0  # a server that knows no ranges starts over, and so do we
        length = answer.headers.get("Content-Length")
        total = size_bytes if length is None else have + int(length)
        with part.open("ab" if have else "wb") as file:
            advance(have, total)
            have += _copy(answer, file, have, total, advance)
    return total is None or have >= total


def _goes_on(answer: http.client.HTTPResponse, have: int) -> bool:
    """Return whether an answer continues at the byte asked for."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return answer.status == 206 and found is not None and int(found[1]) == have


def _copy(
    answer: http.client.HTTPResponse,
    file: BinaryIO,
    have: int,
    total: int | None,
    advance: Advance,
) -> int:
    n_copied = 0
    while chunk := answer.read(N_CHUNK_BYTES):
        file.write(chunk)
        n_copied += len(chunk)
        advance(have + n_copied, total)
    return n_copied


def _check_room(part: Path, size_bytes: int | None, advice: str) -> None:
    if size_bytes is None:
        return
    have = part.stat().st_size if part.exists() else 0
    free = shutil.disk_usage(part.parent).free
    if free < size_bytes - have:
        raise DownloadError(
            f"{part.parent} must have room for {size_bytes / 1e6:.0f} MB; "
            f"{free / 1e6:.0f} MB are free. Free some, or set SENSORHAR_CACHE to "
            f"another folder. {advice}".rstrip()
        )


def _check_file(
    url: str, part: Path, sha256: str | None, size_bytes: int | None, advice: str
) -> None:
    """Raise, and remove the file, when it is not the one expected."""
    size = part.stat().st_size
    problem = ""
    if sha256 is not None:
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256.lower():
            problem = f"SHA-256 {sha256}; got {found}"
    elif size_bytes is not None and size != size_bytes:
        problem = f"{size_bytes:,} bytes; got {size:,}"
    if problem:
        part.unlink()
        raise DownloadError(
            f"{url} must have {problem} ({size:,} bytes, now removed). It was damaged "
            f"on the way, or its publisher has changed it. Try again. {advice}".rstrip()
        )


@contextlib.contextmanager
def _bar(name: str, size_bytes: int | None, progress: bool) -> Iterator[Advance]:
    """Show how far it is, on stderr."""
    if not progress:
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Downloading {name}", total=size_bytes)
        yield lambda done, total: bar.update(task, completed=done, total=total)
