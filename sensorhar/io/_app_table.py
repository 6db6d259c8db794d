"""Tables that phone apps write: columns found by name, stamps kept exact."""

from __future__ import annotations

import codecs
import json
import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.plausible import guess_gravity
from sensorhar.data.stream import Stream
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._columns import say_columns
from sensorhar.io._table import MAX_DIGITS, NOTHING, TextTable, plain_numbers
from sensorhar.sensors import SENSORS
from sensorhar.units import factor

if TYPE_CHECKING:
    import pandas as pd

    from sensorhar.io._source import Source

__all__ = [
    "FRAME",
    "AppTable",
    "Platform",
    "after",
    "holds_gravity",
    "json_list",
    "words",
]

#: Which way the axes point in every recording that these readers return. Apple's
#: accelerometers tell the acceleration with the opposite sign on all three axes, and
#: are turned; gyroscope and magnetometer agree on both systems.
FRAME = "android: x right, y up, z out of the screen; at rest screen up acc_z = +9.81"

Platform = Literal["android", "ios"]

#: Seconds since 1970 that a phone can have recorded at: 1990 to 2100.
UNIX_S = (631_152_000, 4_102_444_800)

#: The longest that any counter since a start runs: 20 years.
MAX_SECONDS = 6.4e8

_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_GPS = SENSORS["gps"].channels


def json_list(source: Source) -> list[Any]:
    """Return a file that is one JSON list."""
    try:
        entries = json.loads(source.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{source.name} must be a JSON list of readings; it is damaged ({error}). "
            "Export it again."
        ) from error
    if not isinstance(entries, list):
        raise DataError(
            f"{source.name} must be a JSON list of readings; got "
            f"{str(entries)[:60]!r}. Export it again."
        )
    return entries


def words(header: str) -> str:
    """Return a header's letters and digits in lower case, without its unit.

    ``motionUserAccelerationX(G)`` and ``motion.userAcceleration.x`` become the same.
    """
    name = re.sub(r"\s*[(\[].*$", "", header)
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def after(start_ns: int, seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return ns since 1970 of moments so many seconds after a start."""
    since: NDArray[np.int64] = np.round(seconds * 1e9).astype(np.int64)
    return start_ns + since


def holds_gravity(
    values: NDArray[np.float64], seconds: NDArray[np.float64]
) -> bool | None:
    """Tell from three axes in m/s^2 whether gravity is in them; None if unclear."""
    is_whole = ~np.isnan(values).any(axis=1)
    n_samples = int(is_whole.sum())
    if n_samples < 2:
        return None
    length_s = float(seconds[is_whole][-1] - seconds[is_whole][0])
    if not np.isfinite(values[is_whole]).all() or not 0 < length_s < MAX_SECONDS:
        return None
    time_s = np.linspace(0.0, length_s, n_samples)
    return guess_gravity(
        Stream.of_sensor(
            "accelerometer", values[is_whole], time_s, unit="m/s^2", has_gravity=True
        )
    )


@dataclass(frozen=True)
class AppTable:
    """One table of an export.

    Attributes
    ----------
    name : str
        What messages call it.
    frame : DataFrame
        All its columns.
    """

    name: str
    frame: pd.DataFrame
    _used: set[str] = field(default_factory=set, repr=False, compare=False)

    @classmethod
    def read(
        cls,
        source: Source,
        member: str | None = None,
        *,
        as_text: bool = False,
        unused: Collection[str] = (),
    ) -> AppTable | None:
        """Read a file, or one inside an archive; None when it is empty."""
        named = source.name if member is None else f"{member} in {source.name}"
        content = source.read(member)
        return cls.of_bytes(content, named, as_text=as_text, unused=unused)

    @classmethod
    def of_bytes(
        cls,
        content: bytes,
        named: str,
        *,
        as_text: bool = False,
        unused: Collection[str] = (),
    ) -> AppTable | None:
        """Read a text table that is in memory; None when it is empty.

        Columns that nobody will ask for need not be read.
        """
        is_utf16 = content.startswith(_UTF16)
        if not content.lstrip(b"\xef\xbb\xbf").strip():
            return None
        if b"\0" in content and not is_utf16:
            raise DataError(
                f"{named} must be a text table; it holds binary zeros. Export it again."
            )
        table = TextTable.of_bytes(content, named)
        columns = [column for column in table.columns if column not in unused]
        frame = table.read(columns or list(table.columns), as_text=as_text)
        if len(frame) and not is_utf16 and _is_cut(content, table):
            warnings.warn(
                f"{named} must end with a whole row; its last one is cut short, and "
                "was left out. Export the file again if more is missing.",
                SensorharWarning,
                stacklevel=4,
            )
            frame = frame.iloc[:-1]
        return cls(named, frame)

    @classmethod
    def of_json(cls, source: Source) -> AppTable | None:
        """Read a JSON list with an entry for each row; None when it is empty."""
        import pandas as pd

        rows = json_list(source)
        odd = next((i for i, row in enumerate(rows) if not isinstance(row, dict)), None)
        if odd is not None:
            raise DataError(
                f"{source.name} must be a list of rows with named values; got "
                f"{str(rows[odd])[:60]!r} as number {odd + 1}. Export it again."
            )
        return cls(source.name, pd.DataFrame(rows)) if rows else None

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(str(header) for header in self.frame.columns)

    def notes(self) -> dict[str, str]:
        """Return, for the metadata, the columns that nobody has read."""
        left_out = [header for header in self.headers if header not in self._used]
        return {"columns left out": ", ".join(left_out)} if left_out else {}

    def find(self, pattern: str) -> str | None:
        """Return the first column whose name matches in full, in whatever case."""
        regex = re.compile(pattern, re.IGNORECASE)
        return next((h for h in self.headers if regex.fullmatch(h.strip())), None)

    def find_words(self, pattern: str) -> str | None:
        """Return the first column whose letters match in full."""
        regex = re.compile(pattern)
        return next((h for h in self.headers if regex.fullmatch(words(h))), None)

    def axes(self, pattern: str, *, by_words: bool = False) -> list[str] | None:
        """Return the columns of three axes, put for ``{axis}`` in a pattern."""
        find = self.find_words if by_words else self.find
        found = [find(pattern.replace("{axis}", axis)) for axis in "xyz"]
        return (
            [header for header in found if header is not None] if all(found) else None
        )

    def need(self, header: str | None, what: str) -> str:
        """Return a column's name, or say that it is missing."""
        if header is None:
            raise DataError(
                f"{self.name} must have a column {what}; it has "
                f"{say_columns(self.headers)}. Export it again, or read it with "
                "sensorhar.read_csv, naming the columns."
            )
        return header

    def numbers(self, header: str) -> NDArray[np.float64]:
        """Return a column of numbers; NaN where the app wrote nothing."""
        self._used.add(header)
        column = self.frame[header]
        if column.dtype.kind in "iufb":
            return np.asarray(column.to_numpy(dtype=np.float64))
        numbers = _numeric(column)
        text = column.astype(str).str.strip()
        is_bad = (
            numbers.isna() & column.notna() & ~text.str.lower().isin(NOTHING)
        ).to_numpy()
        if is_bad.any():
            row = int(is_bad.argmax())
            raise DataError(
                f"column {header!r} of {self.name} must hold numbers; got "
                f"{text.iloc[row][:40]!r} in row {row + 1}. Remove that row, or export "
                "the file again."
            )
        return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan))

    def values(self, headers: Sequence[str]) -> NDArray[np.float64]:
        """Return columns of numbers side by side."""
        return np.column_stack([self.numbers(header) for header in headers])

    def text(self, header: str) -> list[str]:
        """Return a column as text, stripped."""
        self._used.add(header)
        column = self.frame[header]
        return [
            "" if missing else str(value).strip()
            for value, missing in zip(column, column.isna(), strict=True)
        ]

    def where(self, keep: NDArray[np.bool_]) -> AppTable:
        """Return some of the rows."""
        return self.of_frame(self.frame[keep])

    def of_frame(self, frame: pd.DataFrame) -> AppTable:
        """Return the same table with other rows or values."""
        return AppTable(self.name, frame, self._used)

    def unix_ns(self, header: str, per_second: int) -> NDArray[np.int64]:
        """Return a column of counts since 1970 as ns; integers never become floats."""
        self._used.add(header)
        column = self.frame[header]
        if column.dtype.kind not in "iu":
            column = _numeric(column)
        if column.dtype.kind not in "iu":
            counts: NDArray[Any] = self.numbers(header)
        else:
            counts = column.to_numpy()
        low, high = (limit * per_second for limit in UNIX_S)
        is_good = (counts > low) & (counts < high)
        if not is_good.all():
            row = int((~is_good).argmax())
            raise DataError(
                f"column {header!r} of {self.name} must hold times in units of "
                f"1/{per_second} s since 1970; got {counts[row]!s} in row {row + 1}. "
                "Remove that row, or export the file again."
            )
        scale = 10**9 // per_second
        if counts.dtype.kind == "f":
            whole = np.floor(counts)  # apart, so that no digit of the rest is lost
            rest = np.round((counts - whole) * scale).astype(np.int64)
            return np.asarray(whole.astype(np.int64) * scale + rest)
        return counts.astype(np.int64) * scale

    def seconds(self, header: str, unit: str = "s") -> NDArray[np.float64]:
        """Return a column of times since some start, in s."""
        seconds = self.numbers(header) * _SECONDS[unit]
        is_good = np.abs(seconds) < MAX_SECONDS
        if not is_good.all():
            row = int((~is_good).argmax())
            raise DataError(
                f"column {header!r} of {self.name} must hold a time in each row; got "
                f"{self.frame[header].iloc[row]!s} in row {row + 1}. Remove that row, "
                "or export the file again."
            )
        return seconds

    def dates_ns(self, header: str, formats: Sequence[str]) -> NDArray[np.int64]:
        """Return a column of dates as ns since 1970; without a zone they are UTC."""
        import pandas as pd

        text = pd.Series(self.text(header), dtype=object)
        text = text.str.replace(r"(:\d\d),(\d)", r"\1.\2", regex=True)
        for form in formats:
            try:
                dates = pd.to_datetime(text, format=form, utc=True)
            except (ValueError, OverflowError, TypeError):
                continue
            # Looked at before the conversion to ns, which wraps round silently.
            if dates.isna().any() or not dates.dt.year.between(1990, 2100).all():
                continue
            plain = dates.dt.tz_localize(None).to_numpy("datetime64[ns]")
            return np.asarray(plain.astype(np.int64))
        first = next((t for t in text if not re.match(r"\d.*\d", t)), None)
        if first is None:
            first = text.iloc[0] if len(text) else ""
        raise DataError(
            f"column {header!r} of {self.name} must hold dates like "
            f"{_example(formats[0])}; got {first[:40]!r}. Export the file again, or "
            "read it with sensorhar.read_csv."
        )

    def fixes(
        self, columns: Mapping[str, str | None], *, speed_unit: str = "m/s"
    ) -> NDArray[np.float64]:
        """Return satellite fixes, (n, 6), NaN where one is invalid.

        Phones write negative numbers for a speed, bearing or accuracy they do not
        know, and latitude and longitude 0 before they have a fix.
        """
        fixes = np.full((len(self), len(_GPS)), np.nan)
        for channel, header in columns.items():
            if header is not None:
                fixes[:, _GPS.index(channel)] = self.numbers(header)
        fixes[~np.isfinite(fixes)] = np.nan
        fixes[:, _GPS.index("speed_mps")] *= factor(speed_unit, "m/s")
        for channel in ("speed_mps", "bearing_deg", "accuracy_m"):
            column = fixes[:, _GPS.index(channel)]
            column[column < 0] = np.nan
        lat, lon = fixes[:, 0], fixes[:, 1]
        is_place = (
            (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0))
        )
        fixes[~is_place] = np.nan
        return fixes


def _numeric(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return text as numbers, integers exactly; NaN where there is none."""
    import pandas as pd

    column = plain_numbers(column, ".")
    try:
        return pd.to_numeric(column, errors="coerce")
    except OverflowError:  # hundreds of digits in a row
        text = column.astype(str)
        return pd.to_numeric(text.where(text.str.len() < MAX_DIGITS), errors="coerce")


def _is_cut(content: bytes, table: TextTable) -> bool:
    """Return whether the file ends in a row that has too few fields."""
    last = content[content.rstrip(b" \t").rfind(b"\n") + 1 :]
    if not last.strip() or b'"' in last:
        return False
    # A delimiter at the end of the line of names need not end the rows.
    n_columns = len(table.columns) - bool(re.match(r"column_\d", table.columns[-1]))
    if table.delimiter == " ":
        return len(last.split()) < n_columns
    return last.count(table.delimiter.encode()) < n_columns - 1


def _example(form: str) -> str:
    if form == "ISO8601":
        return "2026-09-01T12:00:00.000Z"
    from datetime import UTC, datetime

    return datetime(2026, 9, 1, 12, tzinfo=UTC).strftime(form)
