"""Labelled series of an archive file as Windows, whatever format they stood in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.data.channel import Channel
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.errors import DataError
from sensorhar.units import factor, si_unit_of

__all__ = ["Case", "as_windows", "parse_series", "text_lines"]

#: Longest line that is read. The longest of the UEA archive is below 10 MB.
MAX_LINE_BYTES = 64 * 2**20

#: As many values as 2 GB of float32; a file that pads to more is refused.
MAX_VALUES = 500_000_000


@dataclass(frozen=True)
class Case:
    """One labelled example as it stands in a file.

    Attributes
    ----------
    line : int
        Its line in the file, from 1.
    series : list of array of shape (n_timepoints,)
        One for each dimension; NaN where a value is missing.
    label : str or None
        Its class.
    """

    line: int
    series: list[NDArray[np.float64]]
    label: str | None


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that is neither empty nor a comment.

    The file is never held as a whole, and a line only up to a limit.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"a file is needed; {str(path)!r} does not exist in {str(Path.cwd())!r}. "
            "Check the spelling."
        )
    number = 0
    with path.open("rb") as file:
        while raw := file.readline(MAX_LINE_BYTES):
            number += 1
            if len(raw) == MAX_LINE_BYTES:
                raise DataError(
                    f"lines of {path.name} must be shorter than "
                    f"{MAX_LINE_BYTES >> 20} MB; line {number} is longer. It is no "
                    "file of this format, or damaged."
                )
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError:
                # Descriptions hold names in old encodings; only ASCII bears meaning.
                text = raw.decode("latin-1").strip()
            if "\0" in text:
                raise DataError(
                    f"{path.name} must be a text file; line {number} holds binary "
                    "zeros. Unpack it if it is an archive, or fetch it again."
                )
            if text and text[0] not in "#%":
                yield number, text


def parse_series(text: str, path: Path, line: int) -> NDArray[np.float64]:
    """Return the numbers of one dimension; ``?`` and ``NaN`` are missing."""
    fields = text.split(",")
    try:
        values = np.array(
            ["nan" if field.strip() == "?" else field for field in fields],
            dtype=np.float64,
        )
    except ValueError:
        bad = next((f for f in fields if not _is_number(f)), text)
        raise DataError(
            f"{path.name} must hold numbers separated by commas; line {line} holds "
            f"{bad.strip()[:40]!r}. If that is a class, the header must declare "
            "classes; else fetch the file again."
        ) from None
    if np.isinf(values).any():
        raise DataError(
            f"{path.name} must hold finite numbers; line {line} holds an infinite one. "
            "Mark lost readings with '?'."
        )
    return values


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return field.strip() == "?"
    return True


def as_windows(
    cases: Sequence[Case],
    path: Path,
    *,
    rate_hz: float,
    channels: Sequence[Channel | str] | None,
    units: str | Sequence[str] | None,
    pad: bool,
    missing: Literal["refuse", "drop"],
) -> Windows:
    """Stack cases of one file to Windows in SI."""
    check_positive(rate_hz, "rate_hz", "Hz")
    check_choice(missing, "missing", ["refuse", "drop"])
    if not cases:
        raise DataError(
            f"{path.name} must hold at least one case after @data; it holds none. It "
            "is cut short: fetch it again."
        )
    n_dims = len(cases[0].series)
    for case in cases:
        if len(case.series) != n_dims:
            raise DataError(
                f"all cases of {path.name} must have the same number of dimensions; "
                f"line {cases[0].line} has {n_dims}, line {case.line} "
                f"{len(case.series)}. Fetch the file again."
            )
    used = _without_missing(cases, path, missing)
    lengths = np.array([max(len(part) for part in case.series) for case in used])
    _check_lengths(used, lengths, path, pad)
    n_timepoints = int(lengths.max())
    if len(used) * n_timepoints * n_dims > MAX_VALUES:
        raise DataError(
            f"{path.name} must hold at most {MAX_VALUES:,} values; got {len(used)} "
            f"cases x {n_timepoints} x {n_dims}. Cut the series shorter first."
        )
    meanings, factors = _channels(channels, units, n_dims, path)
    values = np.empty((len(used), n_timepoints, n_dims), dtype=np.float32)
    shortest = np.empty(len(used))
    with np.errstate(over="ignore"):  # beyond float32 becomes infinite, seen below
        for i, case in enumerate(used):
            for d, part in enumerate(case.series):
                values[i, : len(part), d] = part * factors[d]
                values[i, len(part) :, d] = part[-1] * factors[d]
            shortest[i] = min(len(part) for part in case.series)
    if not np.isfinite(values).all():
        i = int(np.argmin(np.isfinite(values).all(axis=(1, 2))))
        raise DataError(
            f"{path.name} must hold numbers within ±3e38; line {used[i].line} holds a "
            "larger one. Correct or remove that line."
        )
    labels = [case.label for case in used]
    return Windows.from_array(
        values,
        spec=WindowSpec(meanings, rate_hz, n_timepoints),
        y=None if all(label is None for label in labels) else labels,
        recording=[f"{path.stem}-line-{case.line}" for case in used],
        purity=shortest / n_timepoints,
    )


def _without_missing(cases: Sequence[Case], path: Path, missing: str) -> list[Case]:
    is_whole = [not any(np.isnan(part).any() for part in case.series) for case in cases]
    if missing == "refuse" and not all(is_whole):
        first = cases[is_whole.index(False)].line
        raise DataError(
            f"{path.name} must have no missing values to become Windows; "
            f"{is_whole.count(False)} of {len(cases)} cases have, the first in line "
            f"{first}. Pass missing='drop' to leave these cases out."
        )
    used = [case for case, whole in zip(cases, is_whole, strict=True) if whole]
    if not used:
        raise DataError(
            f"{path.name} must have a case without missing values; all {len(cases)} "
            "have some, so none is left. Fill them in first."
        )
    return used


def _check_lengths(
    cases: list[Case], lengths: NDArray[np.int64], path: Path, pad: bool
) -> None:
    is_equal = all(len(part) == lengths[0] for case in cases for part in case.series)
    if pad or is_equal:
        return
    shortest = min(len(part) for case in cases for part in case.series)
    odd = next(
        case for case in cases if any(len(part) != lengths[0] for part in case.series)
    )
    raise DataError(
        f"all series of {path.name} must have one length to become Windows; got "
        f"{shortest} to {int(lengths.max())} timepoints, line {odd.line} being the "
        "first that differs. Pass pad=True to hold the last value of each to the "
        "longest."
    )


def _channels(
    channels: Sequence[Channel | str] | None,
    units: str | Sequence[str] | None,
    n_dims: int,
    path: Path,
) -> tuple[tuple[Channel, ...], list[float]]:
    """Return what the columns mean, and the factors that make them SI."""
    named: Sequence[Channel | str] = (
        [f"dim_{d}" for d in range(n_dims)] if channels is None else channels
    )
    of_file = [units] * n_dims if isinstance(units, str) else units
    for what, given in (("channels", named), ("units", of_file)):
        if given is not None and len(given) != n_dims:
            raise ValueError(
                f"{what} must name each of the {n_dims} dimensions of {path.name}; got "
                f"{len(given)}."
            )
    meanings, factors = [], []
    for d, one in enumerate(named):
        unit = None if of_file is None else of_file[d]
        if isinstance(one, str):
            one = Channel(one, "1" if unit is None else si_unit_of(unit))
        meanings.append(one)
        factors.append(1.0 if unit is None else factor(unit, one.unit))
    return tuple(meanings), factors
