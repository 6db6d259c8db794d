"""Geolife: years of GPS tracks of 182 people, some labelled with how they went."""

import math
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.sensors import SENSORS

__all__ = ["load_geolife"]

MODES = (
    "walk", "bike", "bus", "car", "taxi", "subway", "train", "airplane", "boat", "run",
    "motorcycle",
)  # fmt: skip

N_USERS = 182
N_HEADER_LINES = 6
NO_ALTITUDE = -777.0
FOOT_M = 0.3048
#: 1970-01-01 counted from 1899-12-30, the day 0 of the files.
EPOCH_DAYS = 25_569
DAY_S = 86_400

CARD = Card(
    name="geolife",
    title="GeoLife GPS Trajectories, version 1.3",
    holds="recordings",
    licence=(
        "Microsoft Research licence that comes with the files: for research that is "
        "not commercial; the data must not be passed on."
    ),
    citation=(
        "Y. Zheng, Q. Li, Y. Chen, X. Xie, W.-Y. Ma: Understanding Mobility Based on "
        "GPS Data, UbiComp 2008. Y. Zheng, L. Zhang, X. Xie, W.-Y. Ma: Mining "
        "Interesting Locations and Travel Sequences from GPS Trajectories, WWW 2009. "
        "Y. Zheng, X. Xie, W.-Y. Ma: GeoLife, IEEE Data Eng. Bull. 33 (2010)."
    ),
    address="https://www.microsoft.com/en-us/download/details.aspx?id=52367",
    url=None,
    sha256=None,
    size_bytes=None,
    how_to_get=(
        "Accept the licence on the page, download the archive, and unpack it so that "
        "the folder 'Geolife Trajectories 1.3' lies in a folder 'Geolife'; set "
        "SENSORHAR_DATA to the folder above."
    ),
    folder="Geolife",
    inner_folder="Geolife Trajectories 1.3",
    landmark="Data/000",
    rate_hz=1.0,
    rate_varies=True,
    channels=SENSORS["gps"].channels,
    units=SENSORS["gps"].units,
    places=("carried",),
    subjects=tuple(f"{number:03d}" for number in range(N_USERS)),
    activities=MODES,
    n_recordings=None,
    protocol=(
        "None is official. Leave out users; splits of segments at random, as in many "
        "papers, put the same commute into training and test."
    ),
    traps=(
        "Only some users labelled anything (69 by some descriptions, 73 by others), "
        "and these only a part of their days: time without a label is unknown, not "
        "null.",
        "Few users made most of the labels, and each goes the same ways every day: a "
        "classifier that sees positions learns streets.",
        "Altitudes are in feet in the files, with -777 for none; here in m and NaN.",
        "Fixes come every 1 to 5 s or every 5 to 10 m, some far more rarely, and "
        "carry neither speed nor accuracy: those columns are NaN. Use CleanGps and "
        "GpsMotion.",
        "Times are GMT though most users live in Beijing (8 hours ahead).",
        "Labels of one user may overlap; the earlier then ends where the later begins.",
    ),
    tried_on_real_files=False,
)


def load_geolife(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    labelled: bool = True,
    taxi_as_car: bool = False,
    max_gap_s: float = 1200.0,
) -> list[Recording]:
    """Load GPS tracks with the means of transport as events.

    Each track is cut where no fix came for long. The stream has all columns of a GPS;
    speed, bearing and accuracy are NaN, for the set has none. A fix whose time repeats
    that of the one before is left out.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are. None looks in ``SENSORHAR_DATA``, then in the user's
        cache.
    download : bool, default=True
        Kept for the common form: the licence must be accepted by hand, see
        ``sensorhar.datasets.cards()["geolife"].how_to_get``.
    subjects : sequence of str or None, default=None
        Users such as ``"010"``; None takes all.
    labelled : bool, default=True
        Whether to return only recordings that carry a label. Otherwise those without
        have no events, for nobody said what happened.
    taxi_as_car : bool, default=False
        Whether ``"taxi"`` becomes ``"car"``, as the authors of the set do.
    max_gap_s : float, default=1200
        Longer pauses between fixes end a recording; 20 minutes is what the authors
        take for the end of a trip (Zheng et al., UbiComp 2008).

    Returns
    -------
    list of Recording
        Named ``000-20081023025304``, with ``-2`` and so on after each gap; time 0 is
        the first fix, ``start`` its time.

    Raises
    ------
    DataError
        When the set is not here, files are broken, or a user is unknown.

    Warns
    -----
    SensorharWarning
        When labels end before they begin; they are left out.

    Examples
    --------
    >>> from sensorhar.datasets.geolife import CARD
    >>> CARD.activities[:5]
    ('walk', 'bike', 'bus', 'car', 'taxi')
    """
    check_positive(max_gap_s, "max_gap_s", "s")
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    return read_recordings(
        root,
        subjects=subjects,
        labelled=labelled,
        taxi_as_car=taxi_as_car,
        max_gap_s=max_gap_s,
    )


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] | None = None,
    labelled: bool = True,
    taxi_as_car: bool = False,
    max_gap_s: float = 1200.0,
) -> list[Recording]:
    """Read all recordings below a folder, whatever is in it."""
    folders = {path.name: path for path in (root / "Data").iterdir() if path.is_dir()}
    unknown = set(subjects or ()) - set(folders)
    if unknown:
        raise DataError(
            f"subjects must be folders of {root / 'Data'}, such as "
            f"{listing(sorted(folders)[:3])}; got {listing(unknown)}."
        )
    wanted = sorted(folders) if subjects is None else sorted(set(subjects))
    jobs: list[tuple[Path, str, _Labels | None]] = []
    for user in wanted:
        path = folders[user] / "labels.txt"
        labels = _read_labels(path, taxi_as_car) if path.exists() else None
        if labels is None and labelled:
            continue
        tracks = sorted((folders[user] / "Trajectory").glob("*.plt"))
        jobs.extend((track, user, labels) for track in tracks)
    # The parser lets other threads run.
    with ThreadPoolExecutor(max_workers=4) as pool:
        parts = pool.map(
            lambda job: _read_track(job[0], job[1], job[2], max_gap_s), jobs
        )
        return [
            recording
            for part in parts
            for recording in part
            if recording.events is not None or not labelled
        ]


@dataclass(frozen=True)
class _Labels:
    """Intervals of one user, in s since 1970, in order and apart."""

    start: NDArray[np.float64]
    stop: NDArray[np.float64]
    mode: tuple[str, ...]

    def within(self, first: float, last: float) -> Events | None:
        """Return what lies in a recording, in s from its first fix."""
        inside = [
            (max(a, first) - first, min(b, last) - first, mode)
            for a, b, mode in zip(self.start, self.stop, self.mode, strict=True)
            if b > first and a < last
        ]
        return Events(*zip(*inside, strict=True)) if inside else None


def _read_labels(path: Path, taxi_as_car: bool) -> _Labels:
    """Read ``labels.txt``: start, end and mode, separated by tabs, one line each."""
    rows = []
    n_reversed = 0
    text = path.read_bytes().decode("utf-8", errors="replace")
    for number, line in enumerate(text.splitlines()[1:], start=2):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("\t")]
        try:
            begin, end = (
                datetime.strptime(field, "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
                for field in fields[:2]
            )
            (mode,) = fields[2:]
        except ValueError:
            raise DataError(
                f"line {number} of {path} must hold start, end (as 2007/06/26 "
                f"11:32:29) and mode, separated by tabs; got {line[:80]!r}. Fetch the "
                "data set again."
            ) from None
        if mode not in MODES:
            raise DataError(
                f"modes in {path} must be of {listing(MODES)}; got {mode!r} in line "
                f"{number}. Fetch the data set again."
            )
        if end <= begin:
            n_reversed += 1
            continue
        mode = "car" if taxi_as_car and mode == "taxi" else mode
        rows.append((begin.timestamp(), end.timestamp(), mode))
    if n_reversed:
        warnings.warn(
            f"{n_reversed} labels of {path} end before they begin and are left out.",
            SensorharWarning,
            stacklevel=2,
        )
    rows.sort()
    start = np.array([row[0] for row in rows])
    stop = np.array([row[1] for row in rows])
    stop[:-1] = np.minimum(stop[:-1], start[1:])
    is_kept = stop > start  # of two that begin together the later in order stays
    return _Labels(
        start[is_kept],
        stop[is_kept],
        tuple(row[2] for row, keep in zip(rows, is_kept, strict=True) if keep),
    )


def _read_track(
    path: Path, user: str, labels: _Labels | None, max_gap_s: float
) -> list[Recording]:
    """Read one ``.plt`` file and cut it at its gaps."""
    table = _read_plt(path)
    unix_s = np.round((table[:, 4] - EPOCH_DAYS) * DAY_S)
    unix_s, order = np.unique(unix_s, return_index=True)
    table = table[order]
    fixes = np.full((len(table), 6), np.nan)
    fixes[:, :2] = table[:, :2]
    alt = table[:, 3]
    fixes[:, 2] = np.where(alt == NO_ALTITUDE, np.nan, alt * FOOT_M)
    edges = [0, *(np.flatnonzero(np.diff(unix_s) > max_gap_s) + 1), len(unix_s)]
    recordings = []
    for number, (first, last) in enumerate(pairwise(edges), start=1):
        if last - first < 2:  # a lone fix tells no motion
            continue
        begin = float(unix_s[first])
        stream = Stream.of_sensor(
            "gps", fixes[first:last], unix_s[first:last] - begin, place="carried"
        )
        events = None
        if labels is not None:
            events = labels.within(begin, float(unix_s[last - 1]))
        recordings.append(
            Recording(
                [stream],
                name=f"{user}-{path.stem}" + f"-{number}" * (number > 1),
                subject=user,
                events=events,
                start=datetime.fromtimestamp(begin, tz=UTC),
            )
        )
    return recordings


def _read_plt(path: Path) -> NDArray[np.float64]:
    """Return latitude, longitude, 0, altitude in feet, and day of each fix."""
    import pandas as pd

    try:
        frame = pd.read_csv(
            path,
            skiprows=N_HEADER_LINES,
            header=None,
            usecols=range(5),
            dtype=np.float64,
            encoding_errors="replace",
        )
    except (ValueError, OSError) as error:
        raise DataError(
            f"{path} must hold, after {N_HEADER_LINES} lines, latitude, longitude, 0, "
            f"altitude, day, date and time, separated by commas; it cannot be read "
            f"({error}). Fetch the data set again."
        ) from error
    table = frame.to_numpy()
    if not math.isfinite(table.sum()):
        line = int(np.argwhere(~np.isfinite(table))[0, 0]) + N_HEADER_LINES + 1
        raise DataError(
            f"line {line} of {path} must hold five numbers; one is missing. Fetch the "
            "data set again."
        )
    return table
