"""Time stamps in any unit as exact nanoseconds or as seconds."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TIME_UNITS", "Stamps", "is_time_column", "unit_of_column"]

#: Stamps per second, by unit.
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}

TIME_UNITS = (*_PER_SECOND, "iso", "auto")

#: Seconds that count as Unix times: 1973 to 5138. No recording lasts 3 years.
UNIX_S = (1e8, 1e11)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_TIME_COLUMN = re.compile(
    r"(unix|epoch|elapsed)?_?(time|timestamp|time_?stamp|t|datetime|date_?time|epoch"
    r"|unix|seconds_elapsed|time_elapsed|elapsed|zeit|temps|tiempo|tempo)"
    r"(_(s|ms|us|ns|sec|seconds|iso|utc|unix))?|millis|micros|nanos"
)

#: Names that say the unit alone.
_COUNTERS = {"millis": "ms", "micros": "us", "nanos": "ns"}

#: A time of day, as in 13:05:22.123; some apps write the milliseconds after a colon.
_CLOCK = re.compile(r"(\d{1,2}):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?")

DAY_NS = 86_400 * 10**9


def is_time_column(name: str) -> bool:
    """Return whether a column's name, in lower-case words, says it holds times."""
    return _TIME_COLUMN.fullmatch(name) is not None


def unit_of_column(name: str) -> str:
    """Return the time unit that ends a column's name, or ``"auto"``."""
    if name in _COUNTERS:
        return _COUNTERS[name]
    words = name.split("_")
    if words[-1] in ("sec", "seconds") or words[0] == "seconds":
        return "s"
    if words[-1] in ("s", "ms", "us", "ns") and len(words) > 1:
        return words[-1]
    return "iso" if words[-1] == "iso" else "auto"


@dataclass(frozen=True)
class Stamps:
    """Times as a file holds them: a count of a unit.

    Integers stay integers, so that nanoseconds since 1970, which need 61 bits, lose
    nothing to the 53 of a float.

    Attributes
    ----------
    counts : array of shape (n_samples,), int64 or float64
        In units of ``1 / per_second`` s.
    per_second : int
        Counts per second.
    """

    counts: NDArray[Any]
    per_second: int

    @classmethod
    def of_column(cls, column: "pd.Series[Any]", unit: str, source: str) -> "Stamps":
        """Read a column of stamps.

        ``source`` names column and file for messages: "column 't' of anna.csv".
        """
        check_choice(unit, "time_unit", TIME_UNITS)
        _check_whole(column, source)
        if unit == "auto" and column.dtype.kind not in "iuf":
            of_day = _of_day_ns(column)
            if of_day is not None:
                return cls(of_day, 10**9)
        if unit in ("iso", "auto") and column.dtype.kind not in "iuf":
            return cls(_iso_ns(column, source), 10**9)
        if unit == "iso" or column.dtype.kind not in "iuf":
            wanted = (
                "dates such as 2026-09-01T12:00:00Z" if unit == "iso" else "numbers"
            )
            row, word = _first_odd(column, is_date=unit == "iso")
            raise DataError(
                f"{source} must hold {wanted}, as time_unit={unit!r} says; got "
                f"{word!r} in row {row}. Pass the time_unit the file is in, or remove "
                "that row."
            )
        counts = column.to_numpy()
        if counts.dtype.kind == "u":
            counts = counts.astype(np.int64)
        if unit == "auto":
            unit = _guess_unit(counts, source)
        return cls(counts, _PER_SECOND[unit])

    @property
    def is_unix(self) -> bool:
        """Whether they count from 1970 rather than from a start."""
        if not len(self.counts):
            return False
        first = float(self.counts[0]) / self.per_second
        return UNIX_S[0] < first < UNIX_S[1]

    @property
    def start(self) -> datetime:
        """The first stamp as a UTC time, to the microsecond."""
        return EPOCH + timedelta(microseconds=self._first_ns() // 1000)

    def seconds(self) -> NDArray[np.float64]:
        """Return them as seconds from their own zero."""
        return np.asarray(self.counts / self.per_second, dtype=np.float64)

    def seconds_since_first(self) -> NDArray[np.float64]:
        """Return seconds since the first stamp, exact before they become floats."""
        since = self.counts - self.counts[0]
        return np.asarray(since / self.per_second, dtype=np.float64)

    def seconds_since(self, start: datetime) -> NDArray[np.float64]:
        """Return seconds since a moment, of stamps that count from 1970."""
        since = start - EPOCH
        micros = (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds
        if self.counts.dtype.kind == "f":
            return np.asarray(self.counts / self.per_second - micros / 1e6)
        # Whole seconds first, so that the difference of nanoseconds fits an int64.
        nanos = self.counts * (10**9 // self.per_second) - micros * 1000
        return np.asarray(nanos / 1e9, dtype=np.float64)

    def _first_ns(self) -> int:
        first = self.counts[0]
        if self.counts.dtype.kind == "f":
            # A float of this size resolves about 0.2 us; more digits would be noise.
            return round(float(first) / self.per_second * 1e6) * 1000
        return int(first) * (10**9 // self.per_second)


def _check_whole(column: "pd.Series[Any]", source: str) -> None:
    missing = column.isna()
    if missing.any():
        raise DataError(
            f"{source} must hold a time in each row; {int(missing.sum())} of "
            f"{len(column)} have none, the first in row {int(missing.argmax()) + 1}. "
            "Remove these rows."
        )


def _first_odd(column: "pd.Series[Any]", is_date: bool) -> tuple[int, Any]:
    """Return the row, from 1, and the first word that is no number."""
    import pandas as pd

    is_odd = pd.to_numeric(column, errors="coerce").isna().to_numpy() != is_date
    row = int(is_odd.argmax())
    return row + 1, column.iloc[row]


def _of_day_ns(column: "pd.Series[Any]") -> NDArray[np.int64] | None:
    """Return times of day as ns since the first midnight; None if they are none."""
    found = [_CLOCK.fullmatch(str(word).strip()) for word in column[:1]]
    if not all(found):
        return None
    found = [_CLOCK.fullmatch(str(word).strip()) for word in column]
    of_day = np.zeros(len(column), dtype=np.int64)
    for i, match in enumerate(found):
        if match is None:
            return None
        hour, minute, second, rest = match.groups()
        seconds = 3600 * int(hour) + 60 * int(minute) + int(second)
        of_day[i] = seconds * 10**9 + int(f"{rest or 0:0<9}")
    # From one day to the next they start anew.
    n_days = np.cumsum(np.diff(of_day, prepend=of_day[:1]) < -DAY_NS // 2)
    return np.asarray(of_day + n_days * DAY_NS)


def _iso_ns(column: "pd.Series[Any]", source: str) -> NDArray[np.int64]:
    """Read dates; without a zone they count as UTC."""
    import pandas as pd

    text = column.astype(str).str.replace(r"(:\d\d),(\d)", r"\1.\2", regex=True)
    try:
        times = pd.to_datetime(text, format="ISO8601", utc=True).dt.as_unit("ns")
    except ValueError as error:
        odd = column[pd.to_numeric(column, errors="coerce").isna()]
        raise DataError(
            f"{source} must hold numbers or dates such as 2026-09-01T12:00:00Z; got "
            f"{odd.iloc[0]!r}. Pass another time=..., or rewrite the dates: which of "
            "9/1 and 1/9 is the month, for one, no file says."
        ) from error
    return times.dt.tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)


def _guess_unit(counts: NDArray[Any], source: str) -> str:
    """Return the unit whose size fits, or ask for it."""
    if len(counts):
        for unit, per_second in _PER_SECOND.items():
            if 1e9 < float(counts[0]) / per_second < 1e10:  # 2001 to 2286
                return unit
    if len(counts) < 2 or 0 < float(np.median(np.diff(counts))) < 1:
        return "s"
    raise DataError(
        f"{source} does not say its unit, and {counts[0]}, {counts[1]}, ... may be "
        'seconds or less. Pass time_unit="s", "ms", "us" or "ns".'
    )
