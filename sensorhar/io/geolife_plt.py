"""Geolife trajectories: ``.plt`` files and the ``labels.txt`` beside them."""

from __future__ import annotations

import io
import math
import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.events import Events
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._source import Source
from sensorhar.io._times import Stamps

if TYPE_CHECKING:
    import pandas as pd

    from sensorhar.data.recording import Recording

__all__ = [
    "is_geolife_labels",
    "is_geolife_plt",
    "read_geolife_labels",
    "read_geolife_plt",
]

N_HEADER_LINES = 6
FOOT_M = 0.3048
NO_ALTITUDE_FT = -777.0

_COLUMNS = ("lat", "lon", "zero", "altitude_ft", "days", "date", "time")
_LABEL_HEADER = ("start time", "end time", "transportation mode")


def is_geolife_plt(source: Source) -> bool:
    """Return whether a file is a Geolife trajectory, by its first line.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it begins with "Geolife trajectory".
    """
    return source.head.lstrip(b"\xef\xbb\xbf \t")[:18].lower() == b"geolife trajectory"


def read_geolife_plt(
    path: str | Path,
    *,
    labels: str | Path | Literal["auto"] | None = "auto",
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
) -> Recording:
    """Read one Geolife trajectory, with its transport modes as events.

    A row is latitude, longitude, 0, altitude in feet (-777 where unknown), days since
    1899-12-30, date and time in GMT. Fixes at impossible places, which the published
    set holds, are left out.

    Parameters
    ----------
    path : str or Path
        The ``.plt`` file.
    labels : str, Path, "auto" or None, default="auto"
        The ``labels.txt`` of this user. "auto" takes the one beside the file or in
        the folder above, if there is one; None reads none.
    subject : str or None, default=None
        Who it was. None takes the user's folder, where the file lies in one named
        ``Trajectory``.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    place : str, default=""
        Where on the body.

    Returns
    -------
    Recording
        Sensor gps; events are the modes as the set spells them ("walk", "bus"), cut
        to the trajectory. Time without one is unlabelled rather than null.

    Raises
    ------
    DataError
        When a file is broken; it names the line.

    Warns
    -----
    SensorharWarning
        When fixes were left out.

    References
    ----------
    Y. Zheng et al., Geolife GPS trajectory dataset, User Guide 1.3, 2012.
    """
    path = Path(path)
    source = Source(path)
    if not is_geolife_plt(source):
        raise DataError(
            f"{source.name} must begin with the line 'Geolife trajectory'; got "
            f"{source.head[:30]!r}. Other .plt files have other columns; export the "
            "track as GPX."
        )
    frame = _table(source)
    values, is_good = _fixes(frame, source.name)
    moments = frame["date"].str.strip() + "T" + frame["time"].str.strip()
    stamps = Stamps.of_column(
        moments, "iso", f"date and time (columns 6 and 7) of {source.name}"
    ).counts
    builder = RecordingBuilder(source.name)
    order = np.argsort(stamps, kind="stable")
    order = order[is_good[order]]
    builder.add("gps", values[order], stamps[order], place=place)
    chosen = _find_labels(path) if labels == "auto" else labels
    in_folder = path.parent.name.lower() == "trajectory"
    if subject is None and in_folder:
        subject = path.parent.parent.name or None
    recording = builder.build(
        name=source.stem if name is None else name, subject=subject
    )
    if chosen is None or recording.start is None:
        return recording
    events = read_geolife_labels(chosen, start=recording.start)
    stop_s = float(np.nextafter(recording.stop_s, np.inf))
    return recording.with_events(events.crop(recording.start_s, stop_s))


def is_geolife_labels(source: Source) -> bool:
    """Return whether a file is a Geolife ``labels.txt``, by its first line.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether its columns are those of the set.
    """
    first = source.text.lstrip("\ufeff").partition("\n")[0]
    return tuple(word.strip().lower() for word in first.split("\t")) == _LABEL_HEADER


def read_geolife_labels(path: str | Path, *, start: datetime) -> Events:
    """Read the transport modes of one Geolife user.

    Parameters
    ----------
    path : str or Path
        The ``labels.txt``.
    start : datetime
        When the recording started, with a time zone; pass ``recording.start``.

    Returns
    -------
    Events
        In s from that start; most lie in other trajectories of the user.

    Raises
    ------
    DataError
        When the file is broken; it names the row.
    """
    source = Source(Path(path))
    if not is_geolife_labels(source):
        raise DataError(
            f"{source.name} must have the columns Start Time, End Time and "
            f"Transportation Mode, separated by tabs; got {source.text[:60]!r}."
        )
    source_columns = ("Start Time", "End Time", "Transportation Mode")
    frame = source.table(delimiter="\t", as_text=True)
    frame.columns = list(source_columns)
    begin, end = (
        Stamps.of_column(
            frame[column].str.strip().str.replace("/", "-", regex=False),
            "iso",
            f"column {column!r} of {source.name}",
        ).seconds_since(start)
        if len(frame)
        else np.empty(0)
        for column in source_columns[:2]
    )
    modes = [str(mode).strip() for mode in frame[source_columns[2]]]
    is_empty = end <= begin
    if is_empty.any():
        warnings.warn(
            f"labels of {source.name} must end after they start; "
            f"{int(is_empty.sum())} of {len(modes)} do not, the first in line "
            f"{int(is_empty.argmax()) + 2}. They were left out.",
            SensorharWarning,
            stacklevel=2,
        )
        modes = [mode for mode, empty in zip(modes, is_empty, strict=True) if not empty]
        begin, end = begin[~is_empty], end[~is_empty]
    try:
        return Events(begin, end, modes)
    except ValueError as error:
        raise DataError(f"{source.name}: {error}") from error


def _find_labels(path: Path) -> Path | None:
    for folder in (path.parent, path.parent.parent):
        found = folder / "labels.txt"
        if found.is_file() and is_geolife_labels(Source(found)):
            return found
    return None


def _table(source: Source) -> pd.DataFrame:
    import pandas as pd

    content = source.read()
    try:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(content),
            skiprows=N_HEADER_LINES,
            header=None,
            names=list(_COLUMNS),
            usecols=range(len(_COLUMNS)),
            dtype={"date": str, "time": str},
            encoding="latin-1",
            encoding_errors="replace",
            float_precision="round_trip",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise DataError(
            f"{source.name} must hold rows of {len(_COLUMNS)} fields after "
            f"{N_HEADER_LINES} lines; it cannot be read ({error}). Unpack the set "
            "again."
        ) from error
    if not len(frame):
        raise DataError(
            f"{source.name} must hold rows after its {N_HEADER_LINES} header lines; it "
            "holds none. Leave the file out."
        )
    return frame


def _is_number(value: object) -> bool:
    try:
        return math.isfinite(float(str(value)))
    except ValueError:
        return False


def _fixes(frame: pd.DataFrame, named: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return fixes in the columns of sensor gps, and which of them can be."""
    values = np.full((len(frame), 6), np.nan)
    for column, header in enumerate(("lat", "lon", "altitude_ft")):
        series = frame[header]
        if series.dtype.kind not in "iuf":
            bad = (i for i, value in enumerate(series) if not _is_number(value))
            row = next(bad, 0)  # a number too large for any column is none either
            raise DataError(
                f"column {_COLUMNS.index(header) + 1} of {named} must hold numbers; "
                f"got {series.iloc[row]!r} in line {row + N_HEADER_LINES + 1}. Unpack "
                "the set again."
            )
        values[:, column] = series.to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        is_good = (np.abs(values[:, 0]) <= 90) & (np.abs(values[:, 1]) <= 180)
        altitude = values[:, 2]
        is_known = np.isfinite(altitude) & (altitude != NO_ALTITUDE_FT)
    values[:, 2] = np.where(is_known, altitude * FOOT_M, np.nan)
    if not is_good.all():
        line = int((~is_good).argmax()) + N_HEADER_LINES + 1
        message = (
            f"fixes of {named} must lie on the Earth; {int((~is_good).sum())} of "
            f"{len(is_good)} do not, the first in line {line}."
        )
        if not is_good.any():
            raise DataError(f"{message} Unpack the set again.")
        warnings.warn(f"{message} They were left out.", SensorharWarning, stacklevel=3)
    return values, is_good
