"""HHAR: the same activities on twelve phones and watches at once, each on its clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import repair_stamps
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.errors import DataError

__all__ = ["load_hhar"]

#: Our word for each label of the column gt; null is no activity.
LABELS = {
    "bike": "cycling",
    "sit": "sitting",
    "stand": "standing",
    "walk": "walking",
    "stairsup": "walking_upstairs",
    "stairsdown": "walking_downstairs",
}
NULL = "null"
_CODES = {word: code for code, word in enumerate([NULL, *LABELS])}
_NAMES = {_CODES[word]: label for word, label in LABELS.items()}

#: Highest rate of each model in Hz as the paper states it. Measured ones are loaded;
#: these only count where stamps tell none.
RATES_HZ = {
    "nexus4": 200.0,
    "s3": 150.0,
    "s3mini": 100.0,
    "samsungold": 50.0,
    "lgwatch": 200.0,
    "gear": 100.0,
}

#: Stamps that jump by more than this, forward or back, begin another session.
MAX_JUMP_S = 10.0

# Kind of device -> place and start of its file names.
_DEVICES = {"phones": ("waist", "Phones"), "watches": ("wrist", "Watch")}
_SENSORS = (("accelerometer", True), ("gyroscope", None))
_N_ROWS = 1_000_000  # read at once
_COLUMNS = {
    "Arrival_Time": "int64",
    "Creation_Time": "int64",
    "x": "float32",
    "y": "float32",
    "z": "float32",
    "User": "category",
    "Device": "category",
    "gt": "category",
}

CARD = Card(
    name="hhar",
    title="Heterogeneity Activity Recognition Data Set (HHAR)",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository",
    citation=(
        "A. Stisen, H. Blunck, S. Bhattacharya, T. S. Prentow, M. B. Kjærgaard, "
        "A. Dey, T. Sonne, M. M. Jensen: Smart Devices are Different: Assessing and "
        "Mitigating Mobile Sensing Heterogeneities for Activity Recognition, SenSys "
        "2015. doi:10.24432/C5689X"
    ),
    address=(
        "https://archive.ics.uci.edu/dataset/344/heterogeneity+activity+recognition"
    ),
    url=(
        "https://archive.ics.uci.edu/static/public/344/"
        "heterogeneity+activity+recognition.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="HHAR",
    inner_folder="Activity recognition exp",
    landmark="Phones_accelerometer.csv",
    rate_hz=200.0,
    rate_varies=True,
    channels=("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"),
    units=("m/s^2",) * 3 + ("rad/s",) * 3,
    places=("waist", "wrist"),
    subjects=tuple("abcdefghi"),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "The paper leaves out a user, a device or a model. A person wore all devices "
        "at once, so leaving out devices alone leaves the same moments in training."
    ),
    traps=(
        "The same movement is in up to twelve recordings, one a device: split by "
        "subject, never by recording.",
        "Devices sample at 50 to 200 Hz and were resting or loaded with other work: "
        "rates differ, jitter and fall in. Resample before cutting windows.",
        "Creation_Time is the sensor's own clock in ns; it repeats, jumps back and "
        "starts at boot on some devices. Arrival_Time is when the app saw it, in ms.",
        "The label 'null' is read as a missing value by pandas; here it is null.",
        "Accelerometer and gyroscope are in two files with their own stamps: row "
        "numbers (Index) do not belong together.",
        "The archive also holds recordings of devices lying still (Still exp), which "
        "are not loaded.",
    ),
    tried_on_real_files=False,
)


@dataclass(frozen=True)
class _Rows:
    """Samples of one sensor of one device worn by one person, in file order."""

    arrival_ms: NDArray[np.int64]
    creation_ns: NDArray[np.int64]
    values: NDArray[np.float32]
    codes: NDArray[np.int8]

    def part(self, chosen: slice | NDArray[np.intp]) -> "_Rows":
        return _Rows(
            self.arrival_ms[chosen],
            self.creation_ns[chosen],
            self.values[chosen],
            self.codes[chosen],
        )


_Worn = dict[tuple[str, str], list[_Rows]]  # person and device


def load_hhar(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    devices: Sequence[str] = ("phones", "watches"),
) -> list[Recording]:
    """Load HHAR as one recording for each person, device and session.

    Accelerometer (with gravity, m/s^2) and gyroscope (rad/s) of a device each have
    their own stamps on its clock. A session ends where that clock jumps by more than
    10 s, forward or back; repeated stamps within it are repaired and no sample is
    dropped. Labels are those of the accelerometer's file; time labelled null has no
    event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["a"]``. None loads all: 34 million rows.
    devices : sequence of {"phones", "watches"}, default=("phones", "watches")
        Load these only.

    Returns
    -------
    list of Recording
        Named ``a-nexus4_1-1`` and so on: person, device, session. ``start`` is when
        the first sample arrived.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject or kind of device is unknown.

    References
    ----------
    A. Stisen et al., Smart Devices are Different, SenSys 2015.

    Examples
    --------
    >>> from sensorhar.datasets.hhar import CARD
    >>> CARD.rate_hz, CARD.rate_varies
    (200.0, True)
    """
    chosen = choose_subjects(CARD, subjects)
    for kind in devices:
        check_choice(kind, "devices", _DEVICES)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen, devices=devices)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] = CARD.subjects,
    devices: Sequence[str] = tuple(_DEVICES),
) -> list[Recording]:
    """Read the sessions of some people below a folder, whatever is in it."""
    recordings: list[Recording] = []
    for device_kind in devices:
        place, stem = _DEVICES[device_kind]
        worn: dict[str, _Worn] = {
            kind: _read_file(root / f"{stem}_{kind}.csv", set(subjects))
            for kind, _ in _SENSORS
        }
        keys = sorted({key for kind in worn for key in worn[kind]})
        for person, device in keys:
            # Taken out of the table, so that memory is freed as it goes.
            rows = {
                kind: _joined(worn[kind].pop((person, device)))
                for kind, _ in _SENSORS
                if (person, device) in worn[kind]
            }
            for number, session in enumerate(_sessions(rows), start=1):
                name = f"{person}-{device}-{number}"
                recordings.append(_make_one(session, name, person, device, place))
    return recordings


def _read_file(path: Path, people: set[str]) -> _Worn:
    """Read one file by person and device, piece by piece."""
    import pandas as pd

    if not path.is_file():
        raise DataError(
            f"{path.parent} must hold {path.name}; it does not. The data set is "
            "incomplete: fetch it again."
        )
    with path.open("rb") as file:
        names = file.readline().decode("latin-1").strip().split(",")
    missing = set(_COLUMNS) - set(names)
    if missing:
        raise DataError(
            f"{path.name} must have columns {', '.join(_COLUMNS)}; it lacks "
            f"{listing(missing)}. Fetch the data set again."
        )
    worn: _Worn = {}
    try:
        # A number too large for its type becomes infinite, which is looked for.
        with (
            np.errstate(over="ignore", invalid="ignore"),
            pd.read_csv(
                path,
                usecols=list(_COLUMNS),
                dtype=_COLUMNS,
                keep_default_na=False,
                chunksize=_N_ROWS,
            ) as pieces,
        ):
            for piece in pieces:
                _sort_in(piece, worn, people, path.name)
    except (ValueError, OverflowError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{path.name} must hold whole numbers as times and numbers as readings; it "
            f"cannot be read ({error}). Fetch the data set again."
        ) from error
    return worn


def _sort_in(piece: Any, worn: _Worn, people: set[str], named: str) -> None:
    """Add the rows of a piece to those of their person and device."""
    persons, device_names, words = (
        piece[column].cat.categories.astype(str) for column in ("User", "Device", "gt")
    )
    for what, got, known in (
        ("people", set(persons), set(CARD.subjects)),
        ("labels", set(words), set(_CODES)),
    ):
        if got - known:
            raise DataError(
                f"{what} in {named} must be {listing(known)}; got "
                f"{listing(got - known)}. Fetch the data set again."
            )
    values = piece[["x", "y", "z"]].to_numpy(np.float32)
    if not np.isfinite(values).all():
        raise DataError(
            f"{named} must hold finite readings; it does not. Fetch the data set again."
        )
    rows = _Rows(
        piece["Arrival_Time"].to_numpy(),
        piece["Creation_Time"].to_numpy(),
        values,
        np.array([_CODES[word] for word in words], dtype=np.int8)[
            piece["gt"].cat.codes.to_numpy()
        ],
    )
    key = (
        piece["User"].cat.codes.to_numpy().astype(np.int64) * len(device_names)
        + piece["Device"].cat.codes.to_numpy()
    )
    for code in np.unique(key).tolist():
        person, device = divmod(code, len(device_names))
        if persons[person] in people:
            own = rows.part(np.flatnonzero(key == code))
            worn.setdefault((persons[person], device_names[device]), []).append(own)


def _joined(pieces: list[_Rows]) -> _Rows:
    if len(pieces) == 1:
        return pieces[0]
    return _Rows(
        np.concatenate([piece.arrival_ms for piece in pieces]),
        np.concatenate([piece.creation_ns for piece in pieces]),
        np.concatenate([piece.values for piece in pieces]),
        np.concatenate([piece.codes for piece in pieces]),
    )


def _sessions(rows: dict[str, _Rows]) -> list[dict[str, _Rows]]:
    """Cut both sensors where the device's clock jumps.

    ::

        creation, accelerometer  0 1 2 3 | 0 1 2      set back after 3
        creation, gyroscope      0 1 2 3 | 0 1 2      the same a moment later
        arrival                  7 8 9 10  11 12 13   goes on

    Each sensor is cut at its own jump. Where only one of them jumps, the other is cut
    at the same arrival.
    """
    jumps = sorted(
        (int(own.arrival_ms[at]), kind, int(at))
        for kind, own in rows.items()
        for at in np.flatnonzero(np.abs(np.diff(own.creation_ns)) > MAX_JUMP_S * 1e9)
        + 1
    )
    # Jumps of different sensors close to each other are one.
    clusters: list[dict[str, tuple[int, int]]] = []
    for arrival_ms, kind, at in jumps:
        near = clusters and all(
            abs(arrival_ms - other) < 1000 * MAX_JUMP_S
            for other, _ in clusters[-1].values()
        )
        if not near or kind in clusters[-1]:
            clusters.append({})
        clusters[-1][kind] = (arrival_ms, at)
    sessions: list[dict[str, _Rows]] = [{} for _ in range(len(clusters) + 1)]
    for kind, own in rows.items():
        arrivals_ms = np.maximum.accumulate(own.arrival_ms)
        cuts = [
            cluster[kind][1]
            if kind in cluster
            else int(np.searchsorted(arrivals_ms, min(cluster.values())[0]))
            for cluster in clusters
        ]
        edges = np.maximum.accumulate([0, *cuts, len(arrivals_ms)]).tolist()
        for session, begin, end in zip(sessions, edges[:-1], edges[1:], strict=True):
            if begin < end:
                session[kind] = own.part(slice(begin, end))
    return [session for session in sessions if session]


def _make_one(
    session: dict[str, _Rows], name: str, person: str, device: str, place: str
) -> Recording:
    # Samples may arrive out of order; their own stamps tell which came first.
    ordered = {
        kind: rows.part(np.argsort(rows.creation_ns, kind="stable"))
        for kind, rows in session.items()
    }
    stamps_ns = _one_clock(ordered)
    start_ns = min(int(stamps[0]) for stamps in stamps_ns.values())
    rate_hz = RATES_HZ.get(device.rpartition("_")[0], CARD.rate_hz)
    streams, is_repaired = [], False
    for kind, gravity in _SENSORS:
        if kind not in ordered:
            continue
        seconds = (stamps_ns[kind] - start_ns) / 1e9
        repair = repair_stamps(seconds, rate_hz=rate_hz, called=f"the {kind} in {name}")
        is_repaired |= repair.report.is_repaired
        streams.append(
            Stream.of_sensor(
                kind,
                ordered[kind].values,
                repair.time_s,
                place=place,
                has_gravity=gravity,
                rate_hz=repair.report.rate_hz or None,
            )
        )
    labelled = ordered[streams[0].kind]
    arrival_ms = min(int(rows.arrival_ms.min()) for rows in ordered.values())
    return Recording(
        streams,
        name=name,
        subject=person,
        events=events_of_samples(
            labelled.codes,
            streams[0].time_s,
            _NAMES,
            null=_CODES[NULL],
            rate_hz=streams[0].rate_hz or rate_hz,
            called=name,
        ),
        start=datetime.fromtimestamp(arrival_ms / 1000, UTC),
        metadata={"device": device, "is_clock_repaired": bool(is_repaired)},
    )


def _one_clock(session: dict[str, _Rows]) -> dict[str, NDArray[np.int64]]:
    """Return stamps on one clock, also where the sensors count from other moments."""
    stamps = {kind: rows.creation_ns for kind, rows in session.items()}
    if len(stamps) < 2:
        return stamps
    first, second = session
    lag_ns = {
        kind: int(np.median(rows.creation_ns - rows.arrival_ms * 1_000_000))
        for kind, rows in session.items()
    }
    apart_ns = lag_ns[second] - lag_ns[first]
    if abs(apart_ns) > MAX_JUMP_S * 1e9:
        stamps[second] = stamps[second] - apart_ns
    return stamps
