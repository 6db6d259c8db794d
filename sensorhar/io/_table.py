"""Text tables whose columns have names: delimiter, decimal sign and encoding."""

import codecs
import gzip
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sensorhar._words import listing
from sensorhar.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TextTable", "is_text"]

N_HEAD_BYTES = 65_536
GZIP_MAGIC = b"\x1f\x8b"

_NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*")


def is_text(path: Path) -> bool:
    """Return whether the file, or what is gzipped in it, starts with text."""
    head = _head(path)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return bool(head.strip()) and b"\0" not in head


@dataclass(frozen=True)
class TextTable:
    """Where the header of a table is and how its fields are written.

    Attributes
    ----------
    path : Path
        The file; it may be gzipped.
    columns : tuple of str
        Names in the header, in the order of the file.
    """

    path: Path
    columns: tuple[str, ...]
    delimiter: str
    decimal: str
    encoding: str
    n_skipped: int

    @classmethod
    def open(
        cls, path: Path, delimiter: str | None = None, decimal: str | None = None
    ) -> "TextTable":
        """Look at the start of a file."""
        encoding, lines = _first_lines(path)
        n_skipped = 0
        while n_skipped < len(lines) and _is_preamble(lines[n_skipped]):
            if lines[n_skipped].lower().startswith("sep="):  # spreadsheets write it
                delimiter = delimiter or lines[n_skipped][4:5]
            n_skipped += 1
        lines = lines[n_skipped:]
        if not lines:
            raise DataError(
                f"{path.name} must start with a line of column names; it is empty. "
                "Export it again."
            )
        if delimiter is None:
            delimiter = _sniff_delimiter(lines[0])
        columns = [
            field or f"column_{i + 1}"  # a delimiter at the line's end makes one
            for i, field in enumerate(_fields(lines[0], delimiter))
        ]
        if all(_NUMBER.fullmatch(name) for name in columns):
            raise DataError(
                f"{path.name} must start with a line of column names; got numbers, "
                f"{lines[0][:40]!r}. Add a first line such as 'time_s,acc_x,acc_y'."
            )
        twice = {name for name in columns if columns.count(name) > 1}
        if twice:
            raise DataError(
                f"columns of {path.name} must have names that differ; got "
                f"{listing(twice)} more than once. Rename them in the first line."
            )
        _check_width(path, lines, delimiter, len(columns))
        if decimal is None:
            decimal = _sniff_decimal(lines[1:], delimiter)
        return cls(path, tuple(columns), delimiter, decimal, encoding, n_skipped)

    def read(self, columns: list[str], *, as_text: bool = False) -> "pd.DataFrame":
        """Read some columns; as text, nothing stands for a missing value but ''."""
        import pandas as pd

        options: dict[str, Any] = {
            "sep": r"\s+" if self.delimiter == " " else self.delimiter,
            "decimal": self.decimal,
            "encoding": self.encoding,
            "skiprows": self.n_skipped,
            "header": 0,
            "names": list(self.columns),
            "usecols": columns,
            "index_col": False,
            "skipinitialspace": True,
        }
        if as_text:
            options |= {"dtype": str, "keep_default_na": False}
        else:
            options["float_precision"] = "round_trip"
        try:
            with _open(self.path) as file:
                frame = pd.read_csv(file, **options)
        except (pd.errors.ParserError, EOFError, gzip.BadGzipFile) as error:
            raise DataError(
                f"{self.path.name} must have {len(self.columns)} fields a line as its "
                f"first line does; it cannot be read ({error}). If columns are "
                "not told apart rightly, pass delimiter=..."
            ) from error
        chosen: pd.DataFrame = frame[columns]
        return chosen


def _open(path: Path) -> gzip.GzipFile | BinaryIO:
    with path.open("rb") as file:
        is_gzip = file.read(2) == GZIP_MAGIC
    return gzip.open(path, "rb") if is_gzip else path.open("rb")


def _head(path: Path) -> bytes:
    try:
        with _open(path) as file:
            return file.read(N_HEAD_BYTES)
    except (EOFError, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path.name} must be a whole gzip file; it is damaged ({error}). Copy it "
            "again from where it came from."
        ) from error


def _first_lines(path: Path) -> tuple[str, list[str]]:
    """Return the encoding and the first whole lines."""
    head = _head(path)
    encoding = "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        try:  # the head may end within a character
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            encoding = "cp1252"
    text = io.TextIOWrapper(io.BytesIO(head), encoding=encoding, errors="ignore").read()
    lines = text.splitlines()
    if len(head) == N_HEAD_BYTES and len(lines) > 1:
        lines = lines[:-1]
    return encoding, lines


def _is_preamble(line: str) -> bool:
    return not line.strip() or line.startswith("#") or line.lower().startswith("sep=")


def _fields(line: str, delimiter: str) -> list[str]:
    if delimiter == " ":
        return line.split()
    import csv

    row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    return [field.strip() for field in row]


def _check_width(path: Path, lines: list[str], delimiter: str, n_columns: int) -> None:
    """Raise for lines with more fields than names; pandas would cut them off."""
    for line in lines[1:]:
        if line.count(delimiter) < n_columns:
            continue
        fields = _fields(line, delimiter)
        if any(fields[n_columns:]):
            raise DataError(
                f"{path.name} must have {n_columns} fields a line as its first line "
                f"does; got {len(fields)} in {line[:60]!r}. If the comma stands before "
                "fractions, write the table with another delimiter."
            )


def _sniff_delimiter(header: str) -> str:
    """Return the delimiter that cuts the header into most fields."""
    counts = {sign: header.count(sign) for sign in ("\t", ";", ",", "|")}
    best = max(counts, key=lambda sign: counts[sign])
    if counts[best]:
        return best
    return " " if len(header.split()) > 1 else ","


def _sniff_decimal(lines: list[str], delimiter: str) -> str:
    """Return ',' when some number can only be read that way."""
    if delimiter == ",":
        return "."
    for line in lines:
        for field in _fields(line, delimiter) if line.strip() else ():
            if "," in field and _NUMBER.fullmatch(field):
                return ","
    return "."
