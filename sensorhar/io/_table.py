"""Text tables whose columns have names: delimiter, decimal sign and encoding."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np

from sensorhar._words import listing
from sensorhar.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MAX_DIGITS",
    "NOTHING",
    "TextTable",
    "is_number",
    "is_text",
    "plain_numbers",
    "split_line",
]

N_HEAD_BYTES = 65_536
GZIP_MAGIC = b"\x1f\x8b"

N_CHUNK_ROWS = 1 << 18

#: What stands where there is no reading, in lower case.
NOTHING = ("", "null", "none", "nan", "na", "n/a", "-", "--", "?", "undefined")

#: No column is called by more letters; a file that does is no table.
MAX_NAME = 1000

#: No number is written longer.
MAX_DIGITS = 60

#: Lines before the names that are looked at for remarks.
MAX_REMARKS = 30

#: Rows that must have as many fields as names for a line to be the one of names.
N_ROWS_ALIKE = 3

#: Signs of numbers in some languages: a real minus, and infinity.
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{INFINITY}": "inf"})

_NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


def is_text(path: Path) -> bool:
    """Return whether the file, or what is gzipped in it, starts with text."""
    head = _head(partial(_open, path), path.name)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return bool(head.strip()) and b"\0" not in head


@dataclass(frozen=True)
class TextTable:
    """Where the header of a table is and how its fields are written.

    Attributes
    ----------
    name : str
        What messages call the file.
    columns : tuple of str
        Names in the header, in the order of the file; later ones of a name that
        repeats are numbered.
    is_exact : bool
        Whether numbers with more than 15 places are read to the last bit, at a third
        of the speed. A shorter one is an integer below 2**53 over a power of ten below
        1e22, both exact in double precision, so that one division, which is all the
        fast parser does, gives the nearest double.
    """

    name: str
    columns: tuple[str, ...]
    delimiter: str
    decimal: str
    encoding: str
    n_skipped: int
    is_exact: bool
    n_bytes_per_row: float
    n_bytes: int | None
    twice: frozenset[str]
    opened: Callable[[], IO[bytes]] = field(repr=False)

    @classmethod
    def open(
        cls,
        path: Path,
        delimiter: str | None = None,
        decimal: str | None = None,
        columns: Sequence[str] | None = None,
        *,
        is_exact: bool = False,
    ) -> "TextTable":
        """Look at the start of a file; it may be gzipped.

        Without a line of names in it, ``columns`` gives them in order.
        """
        opened = partial(_open, path)
        is_packed = not _is_plain(path)
        n_bytes = None if is_packed else path.stat().st_size
        return cls._of(
            opened, path.name, n_bytes, delimiter, decimal, columns, is_exact
        )

    @classmethod
    def of_bytes(
        cls,
        content: bytes,
        name: str,
        delimiter: str | None = None,
        decimal: str | None = None,
    ) -> "TextTable":
        """Look at a file that is in memory."""
        opened = partial(io.BytesIO, content)
        return cls._of(opened, name, len(content), delimiter, decimal, None, False)

    @classmethod
    def _of(
        cls,
        opened: Callable[[], IO[bytes]],
        name: str,
        n_bytes: int | None,
        delimiter: str | None,
        decimal: str | None,
        names: Sequence[str] | None,
        is_exact: bool,
    ) -> "TextTable":
        encoding, lines = _first_lines(opened, name)
        n_skipped = 0
        while n_skipped < len(lines) and _is_preamble(lines[n_skipped]):
            if lines[n_skipped].lower().startswith("sep="):  # spreadsheets write it
                delimiter = delimiter or lines[n_skipped][4:5]
            n_skipped += 1
        if names is None:
            n_skipped += _n_remarks(lines[n_skipped:], delimiter)
        lines = lines[n_skipped:]
        if not lines:
            raise DataError(
                f"{name} must start with a line of column names; it is empty. "
                "Export it again."
            )
        if delimiter is None:
            delimiter = _sniff_delimiter(lines[0])
        if names is None:
            columns = _header(lines[0], delimiter, name)
            rows = lines[1:]
            n_skipped += 1
        else:
            columns, rows = list(names), lines
        twice = frozenset(c for c, count in Counter(columns).items() if count > 1)
        columns = _told_apart(columns)
        _check_width(name, rows, delimiter, len(columns))
        if decimal is None:
            decimal = _sniff_decimal(rows, delimiter)
        size = sum(len(row) + 1 for row in rows) / max(1, len(rows))
        return cls(
            name,
            tuple(columns),
            delimiter,
            decimal,
            encoding,
            n_skipped,
            is_exact,
            size,
            n_bytes,
            twice,
            opened,
        )

    def read(self, columns: list[str], *, as_text: bool = False) -> "pd.DataFrame":
        """Read some columns; as text, nothing stands for a missing value but ''."""
        import pandas as pd

        parts = list(self.chunks(columns, as_text=as_text))
        return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)

    def chunks(
        self, columns: list[str], *, as_text: bool = False
    ) -> "Iterator[pd.DataFrame]":
        """Read some columns, so many rows at a time that they take little memory."""
        import pandas as pd

        if self.twice.intersection(columns):
            raise DataError(
                f"columns of {self.name} must have names that differ; got "
                f"{listing(self.twice.intersection(columns))} more than once. Rename "
                "them in the first line."
            )

        options: dict[str, Any] = {
            "sep": r"\s+" if self.delimiter == " " else self.delimiter,
            "decimal": self.decimal,
            "encoding": self.encoding,
            "skiprows": self.n_skipped,
            "header": None,
            "names": list(self.columns),
            "usecols": columns,
            "index_col": False,
            "skipinitialspace": True,
            "chunksize": N_CHUNK_ROWS,
        }
        if as_text:
            options |= {"dtype": str, "keep_default_na": False}
        elif self.is_exact:
            options["float_precision"] = "round_trip"
        try:
            with self.opened() as file, pd.read_csv(file, **options) as reader:
                for chunk in reader:
                    if not as_text:
                        for name in columns:
                            chunk[name] = plain_numbers(chunk[name], self.decimal)
                    yield chunk[columns]
        except pd.errors.EmptyDataError:
            yield pd.DataFrame({name: [] for name in columns}, dtype=np.float64)
        except UnicodeDecodeError as error:
            raise DataError(
                f"{self.name} must be text in one encoding, which looked like "
                f"{self.encoding}; byte {error.start} of a part of it is none. Save it "
                "as UTF-8."
            ) from error
        except (
            pd.errors.ParserError,
            EOFError,
            gzip.BadGzipFile,
            zlib.error,
            OverflowError,
            csv.Error,
        ) as error:
            raise DataError(
                f"{self.name} must have {len(self.columns)} fields a line as its "
                f"first line does; it cannot be read ({error}). If columns are "
                "not told apart rightly, pass delimiter=..."
            ) from error


def plain_numbers(column: "pd.Series[Any]", decimal: str) -> "pd.Series[Any]":
    """Return a column of text as numbers, if that is what its words are.

    Some languages write the minus as a sign of its own, and some apps a word where
    there is no reading; either makes a text of the whole column.
    """
    if column.dtype.kind in "iufb" or not len(column):
        return column
    import pandas as pd

    first = column.dropna()[:1]
    word = _plain_word(str(first.iloc[0]), decimal) if len(first) else ""
    if word not in NOTHING and not _NUMBER.fullmatch(word) and word != "inf":
        return column
    words = pd.Series(
        [
            value if missing else _plain_word(str(value), decimal)
            for value, missing in zip(column, column.isna(), strict=True)
        ],
        index=column.index,
        name=column.name,
        dtype=object,
    )
    is_empty = words.isna() | words.isin(NOTHING)
    if (words.str.len() > MAX_DIGITS).any():
        return column
    numbers = pd.to_numeric(words.where(~is_empty), errors="coerce")
    return column if (numbers.isna() & ~is_empty).any() else numbers


def _plain_word(word: str, decimal: str) -> str:
    plain = word.strip().lower().translate(_SIGNS)
    return plain.replace(decimal, ".") if decimal != "." else plain


def _header(line: str, delimiter: str, name: str) -> list[str]:
    columns = [
        word or f"column_{i + 1}"  # a delimiter at the line's end makes one
        for i, word in enumerate(_fields(line, delimiter))
    ]
    longest = max(columns, key=len)
    if len(longest) > MAX_NAME:
        raise DataError(
            f"{name} must start with a line of column names; got one of "
            f"{len(longest)} letters, {longest[:40]!r}... It is no table, or its "
            "delimiter is another: pass delimiter=..."
        )
    if all(_NUMBER.fullmatch(word) or _DATE.fullmatch(word) for word in columns):
        raise DataError(
            f"{name} must start with a line of column names; got readings, "
            f"{line[:40]!r}. Add a first line such as 'time_s,acc_x,acc_y', or name "
            "them with columns=[...]."
        )
    return columns


def _told_apart(columns: list[str]) -> list[str]:
    """Return names that differ; from the second on, one that repeats is numbered."""
    seen: Counter[str] = Counter()
    told = []
    for column in columns:
        seen[column] += 1
        told.append(column if seen[column] == 1 else f"{column}#{seen[column]}")
    return told


def _n_remarks(lines: list[str], delimiter: str | None) -> int:
    """Return how many lines tell of the device before the line of names.

    Names stand above rows of as many fields, with numbers in them; if no line does,
    the first one is taken for them.
    """
    for i in range(min(len(lines), MAX_REMARKS)):
        sign = delimiter or _sniff_delimiter(lines[i])
        names = _fields(lines[i], sign)
        rows = [line for line in lines[i + 1 :] if line.strip()][:N_ROWS_ALIKE]
        counts = {len(_fields(row, sign)) - len(names) for row in rows}
        is_like_names = not any(_NUMBER.fullmatch(name) for name in names)
        # A delimiter may stand at the end of the rows alone.
        if is_like_names and len(names) > 1 and rows and counts in ({0}, {1}):
            has_numbers = any(_NUMBER.fullmatch(w) for w in _fields(rows[0], sign))
            if has_numbers or i == 0:
                return i
    return 0


def _is_plain(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) != GZIP_MAGIC


def _open(path: Path) -> IO[bytes]:
    if _is_plain(path):
        return path.open("rb")
    return cast("IO[bytes]", gzip.GzipFile(path, "rb"))


def _head(opened: Callable[[], IO[bytes]], name: str) -> bytes:
    try:
        with opened() as file:
            return file.read(N_HEAD_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{name} must be a whole gzip file; it is damaged ({error}). Copy it "
            "again from where it came from."
        ) from error


def _first_lines(opened: Callable[[], IO[bytes]], name: str) -> tuple[str, list[str]]:
    """Return the encoding and the first whole lines."""
    head = _head(opened, name)
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
    return not line.strip() or line.lower().startswith(("#", "%", "//", "sep="))


def is_number(word: str) -> bool:
    """Return whether a field is a number, with a decimal point or comma."""
    return _NUMBER.fullmatch(word) is not None


def split_line(line: str) -> list[str]:
    """Return the fields of a line, told apart by its own delimiter."""
    return _fields(line, _sniff_delimiter(line)) if line.strip() else []


def _fields(line: str, delimiter: str) -> list[str]:
    if delimiter == " ":
        return line.split()
    row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    return [field.strip() for field in row]


def _check_width(name: str, lines: list[str], delimiter: str, n_columns: int) -> None:
    """Raise for lines with more fields than names; pandas would cut them off."""
    for line in lines:
        if line.count(delimiter) < n_columns:
            continue
        fields = _fields(line, delimiter)
        if any(fields[n_columns:]):
            raise DataError(
                f"{name} must have {n_columns} fields a line as its first line "
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
        for word in _fields(line, delimiter) if line.strip() else ():
            if "," in word and _NUMBER.fullmatch(word):
                return ","
    return "."
