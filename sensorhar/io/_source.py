"""A file, an archive or a folder of files, looked at before it is read."""

import codecs
import gzip
import os
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sensorhar.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Source"]

N_HEAD_BYTES = 65_536
GZIP_MAGIC = b"\x1f\x8b"

#: Largest file that is unpacked in memory; a week at 100 Hz is about 5 GB of text, and
#: whoever has that has it unpacked.
MAX_MEMBER_BYTES = 2 << 30

#: Numbers as text shrink some tenfold, repeated ones a hundredfold; more is a trick.
MAX_RATIO = 500
#: Below this the ratio does not matter.
FREE_BYTES = 64 << 20

MAX_MEMBERS = 10_000


@dataclass(frozen=True)
class Source:
    """What a path holds, read as little as needed to tell its format.

    Attributes
    ----------
    path : Path
        A file or a folder.
    """

    path: Path
    _cache: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path.name

    @property
    def stem(self) -> str:
        """The name without its endings, such as .csv.gz or .zip."""
        stem = self.path.name
        if self.is_folder:
            return stem
        while 2 <= len(Path(stem).suffix) <= 7 and not Path(stem).suffix[1:].isdigit():
            stem = Path(stem).stem
        return stem

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    @cached_property
    def is_zip(self) -> bool:
        """Whether it is a zip archive."""
        return not self.is_folder and zipfile.is_zipfile(self.path)

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, unpacked if gzipped; nothing of a folder or archive."""
        if self.is_folder or self.is_zip:
            return b""
        with self.path.open("rb") as file:
            head = file.read(N_HEAD_BYTES)
        if not head.startswith(GZIP_MAGIC):
            return head
        try:
            with gzip.open(self.path, "rb") as packed:
                return packed.read(N_HEAD_BYTES)
        except (OSError, EOFError, zlib.error):
            return b""  # its reader says how it is broken

    @cached_property
    def text(self) -> str:
        """The head as text; empty when it is none."""
        if self.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self.head.decode("utf-16", errors="ignore")
        if b"\0" in self.head:
            return ""
        return self.head.decode("utf-8-sig", errors="replace")

    @property
    def lines(self) -> list[str]:
        """The first whole lines of the text."""
        lines = self.text.splitlines()
        return lines[:-1] if len(self.head) == N_HEAD_BYTES and lines[1:] else lines

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names of the files inside, with ``/`` between folders, in sorted order."""
        if self.is_folder:
            found = []
            for folder, _, files in os.walk(self.path):
                base = Path(folder).relative_to(self.path)
                found += [(base / name).as_posix() for name in files]
                if len(found) > MAX_MEMBERS:
                    raise DataError(
                        f"folder {self.name} must hold one recording; it holds more "
                        f"than {MAX_MEMBERS} files. Choose the folder of one."
                    )
            return tuple(sorted(name for name in found if not _is_litter(name)))
        if not self.is_zip:
            return ()
        try:
            with zipfile.ZipFile(self.path) as archive:
                infos = archive.infolist()
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
        ) as error:
            raise self._broken(error) from error
        if len(infos) > MAX_MEMBERS:
            raise DataError(
                f"{self.name} must hold one recording; it holds {len(infos)} files. "
                "Unpack it, and choose the folder of one."
            )
        names = [i.filename for i in infos if not i.is_dir()]
        for name in names:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise DataError(
                    f"files in {self.name} must stay in its folder; got {name!r}. Do "
                    "not use an archive that tries to write elsewhere."
                )
        return tuple(sorted(name for name in names if not _is_litter(name)))

    def find(self, name: str) -> str | None:
        """Return the member of that file name, in whatever case and folder."""
        wanted = name.lower()
        found = [m for m in self.members if PurePosixPath(m).name.lower() == wanted]
        return min(found, key=len, default=None)

    def read(self, member: str | None = None) -> bytes:
        """Return one file, unpacked, or what the path itself holds.

        Raises
        ------
        DataError
            When it is damaged, missing, or grows beyond all reason.
        """
        if member is None:
            return self._read_itself()
        if member in self._cache:
            return self._cache[member]
        if member not in self.members:
            raise DataError(
                f"{self.name} must hold {member!r}; it does not. Export it again."
            )
        content = (
            self._limited(self.path / member)
            if self.is_folder
            else self._unpack(member)
        )
        self._cache[member] = content
        return content

    def table(
        self,
        member: str | None = None,
        columns: list[str] | None = None,
        *,
        delimiter: str | None = None,
        decimal: str | None = None,
        as_text: bool = False,
    ) -> "pd.DataFrame":
        """Return a text table with a line of column names, all columns or some."""
        from sensorhar.io._table import TextTable

        named = self.name if member is None else f"{member} in {self.name}"
        table = TextTable.of_bytes(self.read(member), named, delimiter, decimal)
        wanted = list(table.columns) if columns is None else columns
        return table.read(wanted, as_text=as_text)

    def _read_itself(self) -> bytes:
        if self.is_folder:
            raise DataError(
                f"{self.name} must be one file; it is a folder. Choose a file in it."
            )
        content = self._limited(self.path)
        if not content.startswith(GZIP_MAGIC):
            return content
        try:
            with gzip.open(self.path, "rb") as file:
                unpacked = file.read(MAX_MEMBER_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(
                f"{self.name} must be a whole gzip file; it is damaged ({error}). Copy "
                "it again from where it came from."
            ) from error
        self._check_growth(len(unpacked), len(content), self.name)
        return unpacked

    def _limited(self, path: Path) -> bytes:
        size = path.stat().st_size
        if size > MAX_MEMBER_BYTES:
            raise DataError(
                f"{path.name} must have less than {MAX_MEMBER_BYTES >> 30} GiB; it has "
                f"{size / 2**30:.1f}. Cut it into parts, or convert it to .csv."
            )
        return path.read_bytes()

    def _unpack(self, member: str) -> bytes:
        try:
            with zipfile.ZipFile(self.path) as archive:
                info = archive.getinfo(member)
                self._check_growth(info.file_size, info.compress_size, member)
                with archive.open(info) as file:
                    # A size that is not the stated one makes zipfile raise.
                    return file.read()
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            zlib.error,
            RuntimeError,  # a password is asked for
            NotImplementedError,
            ValueError,
        ) as error:
            if isinstance(error, DataError):
                raise
            raise self._broken(error) from error

    def _check_growth(self, n_bytes: int, n_packed: int, member: str) -> None:
        if n_bytes > MAX_MEMBER_BYTES or (
            n_bytes > FREE_BYTES and n_bytes > MAX_RATIO * n_packed
        ):
            raise DataError(
                f"{member} in {self.name} must unpack to a reasonable size; "
                f"{n_packed} bytes would become {n_bytes}. Do not use this archive, or "
                "unpack it yourself if you trust it."
            )

    def _broken(self, error: Exception) -> DataError:
        return DataError(
            f"{self.name} must be a whole zip archive; it is damaged ({error}). Export "
            "it again, or copy it again from where it came from."
        )


def _is_litter(name: str) -> bool:
    """Return whether an operating system put this file there."""
    return "__MACOSX" in name or PurePosixPath(name).name.startswith(".")
