"""SHL preview: locomotion and transport with phones at four places on the body."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import increasing_times
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import choose_subjects
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.datasets._tables import read_table
from sensorhar.errors import DataError

__all__ = ["load_shl"]

RATE_HZ = 100.0

#: Coarse label (second column of Label.txt) -> our label; 0 is null.
LABELS = {
    1: "still",
    2: "walking",
    3: "running",
    4: "cycling",
    5: "car",
    6: "bus",
    7: "train",
    8: "subway",
}
NULL = 0

#: Start of the file names -> place; the phone "Hips" was in a trouser pocket.
PLACES = {"Bag": "backpack", "Hand": "hand", "Hips": "pocket", "Torso": "chest"}

# First column, kind, unit in the file and gravity. Column 0 is the time in ms since
# 1970; altitude (21) and temperature (22) are not read.
_SENSORS: tuple[tuple[int, int, str, str, bool | None], ...] = (
    (1, 4, "accelerometer", "m/s^2", True),
    (4, 7, "gyroscope", "rad/s", None),
    (7, 10, "magnetometer", "uT", None),
    (10, 14, "orientation", "1", None),
    (14, 17, "gravity", "m/s^2", None),
    (17, 20, "linear_acceleration", "m/s^2", None),
    (20, 21, "barometer", "hPa", None),
)
N_MOTION_COLUMNS = 23
N_LABEL_COLUMNS = 8

_NAMES = (
    *(f"{sensor}_{axis}" for sensor in ("acc", "gyr", "mag") for axis in "xyz"),
    *(f"quat_{axis}" for axis in "wxyz"),
    *(f"{sensor}_{axis}" for sensor in ("grav", "lin") for axis in "xyz"),
    "pressure_pa",
)
_UNITS = (
    *(("m/s^2",) * 3 + ("rad/s",) * 3 + ("uT",) * 3 + ("1",) * 4),
    *(("m/s^2",) * 6 + ("Pa",)),
)

CARD = Card(
    name="shl",
    title="Sussex-Huawei Locomotion Dataset, preview (SHL)",
    holds="recordings",
    licence="Terms of the download page, for research; read them there before use.",
    citation=(
        "H. Gjoreski, M. Ciliberto, L. Wang, F. J. Ordóñez Morales, S. Mekki, S. "
        "Valentin, D. Roggen: The University of Sussex-Huawei Locomotion and "
        "Transportation Dataset for Multimodal Analytics With Mobile Devices, IEEE "
        "Access 6 (2018)."
    ),
    address="http://www.shl-dataset.org/dataset/",
    url=None,
    sha256=None,
    size_bytes=None,
    how_to_get=(
        "Fetch the parts of the preview from http://www.shl-dataset.org/download/, "
        "join and unpack them, and put the folder SHLDataset_preview_v1 (with User1 to "
        "User3 in it) into SHL below SENSORHAR_DATA."
    ),
    folder="SHL",
    inner_folder="SHLDataset_preview_v1",
    landmark="User1",
    rate_hz=RATE_HZ,
    channels=tuple(f"{place}_{name}" for place in PLACES.values() for name in _NAMES),
    units=_UNITS * len(PLACES),
    places=tuple(PLACES.values()),
    subjects=("1", "2", "3"),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "Leave out users; for one user, leave out days. The yearly challenges have "
        "their own files, which are cut into shuffled frames and are not these."
    ),
    traps=(
        "Only three people: a score across users says little of a fourth.",
        "Frames of one journey are nearly alike: a random split flatters more here "
        "than anywhere.",
        "Four phones saw the same moment: never let one place train and another test "
        "the same time.",
        "Gravity, linear acceleration and orientation were computed by the phone from "
        "the other sensors, so they add no new measurement.",
        "A day of four phones is about 1 GB in memory; pass places=['pocket'] or "
        "subjects=['1'].",
        "Units are those Android gives (m/s^2, rad/s, uT, hPa); the documentation was "
        "not seen here.",
        "Only the coarse label is read; Label.txt holds others (fine, road, traffic, "
        "tunnel, social, food).",
    ),
    tried_on_real_files=False,
)


def load_shl(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    places: Sequence[str] | None = None,
) -> list[Recording]:
    """Load the SHL preview, one recording for each user and day.

    Each phone gives an accelerometer (with gravity), a gyroscope, a magnetometer, a
    barometer, and what it computed: orientation, gravity, linear acceleration. All at
    100 Hz in SI, named ``pocket_acc_x``, ``backpack_pressure_pa`` and so on. Where a
    sensor read nothing (NaN) its stream has no samples. The coarse label makes the
    events; time labelled null has none.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are. None looks in ``SENSORHAR_DATA``, then in the user's
        cache.
    download : bool, default=True
        Has no effect but on the advice: the set must be fetched by hand.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["1"]``. None loads those that are there.
    places : sequence of str or None, default=None
        Load these phones only: "backpack", "hand", "pocket", "chest". None loads all.

    Returns
    -------
    list of Recording
        Named ``user1-220617`` and so on.

    Raises
    ------
    DataError
        When files are missing or broken.
    ValueError
        When a subject or a place is not on the card.

    References
    ----------
    H. Gjoreski et al., The University of Sussex-Huawei Locomotion and Transportation
    Dataset for Multimodal Analytics With Mobile Devices, IEEE Access 6 (2018).

    Examples
    --------
    >>> from sensorhar.datasets.shl import CARD
    >>> CARD.activities[3:]
    ('cycling', 'car', 'bus', 'train', 'subway')
    """
    wanted = choose_subjects(CARD, subjects)
    chosen = CARD.places if places is None else tuple(places)
    unknown = set(chosen) - set(CARD.places)
    if unknown or not chosen:
        raise ValueError(
            f"places must be some of {listing(CARD.places)}; got "
            f"{listing(unknown) or 'none'}."
        )
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=wanted, places=chosen)
    missing = set(wanted) - {recording.subject for recording in recordings}
    if subjects is not None and missing:
        raise DataError(
            f"{root} must hold days of the subjects asked for; it lacks those of "
            f"{listing(missing)}. {CARD.how_to_get}"
        )
    return recordings


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] = CARD.subjects,
    places: Sequence[str] = CARD.places,
) -> list[Recording]:
    """Read the days of some users below a folder."""
    days = sorted(
        path.parent
        for subject in subjects
        for path in (root / f"User{subject}").glob("*/Label.txt*")
        if re.fullmatch(r"\d{6}", path.parent.name)
    )
    if not days:
        raise DataError(
            f"{root} must hold folders such as User1/220617 with Label.txt in them; it "
            f"holds none of the subjects asked for. {CARD.how_to_get}"
        )
    return [_read_day(day, places) for day in dict.fromkeys(days)]


def _read_day(day: Path, places: Sequence[str]) -> Recording:
    labels = read_table(day / "Label.txt", N_LABEL_COLUMNS, columns=[0, 1])
    phones: list[tuple[str, NDArray[np.float64]]] = []
    for word, place in PLACES.items():
        name = f"{word}_Motion.txt"
        is_there = (day / name).exists() or (day / f"{name}.gz").exists()
        if place in places and is_there:
            table = read_table(
                day / name, N_MOTION_COLUMNS, columns=range(21), may_miss=True
            )
            if np.isnan(table[:, 0]).any():
                raise DataError(
                    f"{day / name} must have a time in each line; some lack it. Fetch "
                    "the data set again."
                )
            phones.append((place, table))
    if not phones:
        wanted = [f"{word}_Motion.txt" for word, p in PLACES.items() if p in places]
        raise DataError(
            f"{day} must hold {listing(wanted)}; it holds none of them. Fetch the data "
            "set again, or choose other places."
        )
    start_ms = min(float(table[0, 0]) for _, table in phones)
    streams = [
        stream
        for place, table in phones
        for stream in _streams(table, start_ms, place, day)
    ]
    if not streams:
        raise DataError(
            f"{day} must hold readings; all are missing. Fetch the data set again."
        )
    called = f"{day / 'Label.txt'}"
    events = events_of_samples(
        labels[:, 1].astype(np.int64),
        _seconds(labels[:, 0], start_ms, called),
        LABELS,
        null=NULL,
        rate_hz=RATE_HZ,
        called=called,
    )
    subject = day.parent.name.removeprefix("User")
    recording = Recording(
        streams,
        name=f"user{subject}-{day.name}",
        subject=subject,
        start=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=start_ms),
    )
    # Labels may begin before the first sample and end after the last.
    inside = events.crop(recording.start_s, recording.stop_s + 1 / RATE_HZ)
    return recording.with_events(inside)


def _streams(
    table: NDArray[np.float64], start_ms: float, place: str, day: Path
) -> list[Stream]:
    """Return the streams of one phone, without the rows where a sensor is missing."""
    time_s = _seconds(table[:, 0], start_ms, f"the phone at {place!r} in {day}")
    streams = []
    for first, last, kind, unit, gravity in _SENSORS:
        values = table[:, first:last].astype(np.float32)
        is_there = ~np.isnan(values).all(axis=1)
        if not is_there.any():
            continue
        is_whole = bool(is_there.all())
        streams.append(
            Stream.of_sensor(
                kind,
                values if is_whole else values[is_there],
                time_s if is_whole else time_s[is_there],
                unit=unit,
                place=place,
                has_gravity=gravity,
                rate_hz=RATE_HZ,
                prefix_place=True,
            )
        )
    return streams


def _seconds(
    stamps_ms: NDArray[np.float64], start_ms: float, called: str
) -> NDArray[np.float64]:
    return increasing_times(
        (stamps_ms - start_ms) / 1000, rate_hz=RATE_HZ, called=called
    )
