"""DSADS: nineteen daily and sports activities of eight people, five sensors each."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._tables import read_table
from sensorhar.errors import DataError

__all__ = ["load_dsads"]

RATE_HZ = 25.0

#: Label of each activity, the ``aNN`` of the folder, in our words.
LABELS = {
    1: "sitting",
    2: "standing",
    3: "lying_on_back",
    4: "lying_on_right_side",
    5: "walking_upstairs",
    6: "walking_downstairs",
    7: "standing_in_elevator",
    8: "moving_in_elevator",
    9: "walking",
    10: "walking_on_treadmill",
    11: "walking_on_inclined_treadmill",
    12: "running_on_treadmill",
    13: "stepper",
    14: "cross_trainer",
    15: "cycling_horizontal",
    16: "cycling_vertical",
    17: "rowing",
    18: "jumping",
    19: "basketball",
}

#: A file is 5 s of 25 Hz; 60 of them follow each other without a gap.
N_SEGMENT_SAMPLES = 125
N_SEGMENTS = 60

N_COLUMNS = 45

# Columns go by nine: accelerometer, gyroscope, magnetometer of each place in turn.
_PLACES = ("torso", "right_arm", "left_arm", "right_leg", "left_leg")

CARD = Card(
    name="dsads",
    title="Daily and Sports Activities (DSADS)",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository.",
    citation=(
        "B. Barshan, M. C. Yüksek: Recognizing Daily and Sports Activities in Two Open "
        "Source Machine Learning Environments Using Body-Worn Sensor Units, The "
        "Computer Journal 57 (2014)."
    ),
    address="https://archive.ics.uci.edu/dataset/256/daily+and+sports+activities",
    url="https://archive.ics.uci.edu/static/public/256/daily+and+sports+activities.zip",
    sha256=None,
    size_bytes=None,
    folder="DSADS",
    inner_folder="data",
    landmark="a01/p1/s01.txt",
    rate_hz=RATE_HZ,
    channels=tuple(
        f"{place}_{prefix}_{axis}"
        for place in _PLACES
        for prefix in ("acc", "gyr")
        for axis in "xyz"
    ),
    units=(*("m/s^2",) * 3, *("rad/s",) * 3) * len(_PLACES),
    places=_PLACES,
    subjects=tuple(str(number) for number in range(1, 9)),
    activities=tuple(LABELS.values()),
    n_recordings=len(LABELS) * 8,
    protocol=(
        "The authors leave one subject out, or split the 5 s segments at random, which "
        "shares subjects and neighbours; take the first."
    ),
    traps=(
        "The 60 segments of a person's activity are one recording cut in pieces: a "
        "random split of segments puts neighbours on both sides and gives 99 %.",
        "Each recording is one activity from end to end: there is no transition and no "
        "null.",
        "The page states no units; they are taken as those of the Xsens MTx, m/s^2 and "
        "rad/s. Its magnetometer gives multiples of the field where it was calibrated, "
        "no uT, so it is in the files and not loaded.",
        "Activities were done as each person liked, in the gym, outdoors, on machines: "
        "speed and size differ much between people.",
        "Lying is two classes, by side; cycling two, by machine.",
    ),
    tried_on_real_files=False,
)

_FOLDER = re.compile(r"a(?P<activity>\d\d)")
_FILE = re.compile(r"s(?P<segment>\d\d)\.txt(\.gz)?")


def load_dsads(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load DSADS as 152 recordings of 5 min, one an activity and person.

    The 60 published segments of 5 s are joined, for they follow each other. Xsens MTx
    units at torso, arms and legs share one clock of 25 Hz: accelerometers (with
    gravity, m/s^2) and gyroscopes (rad/s). One event covers each recording.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1", "8"]``. None loads all.

    Returns
    -------
    list of Recording
        Named ``p1-sitting`` and so on, in the order of activity and person.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject is unknown.

    References
    ----------
    B. Barshan, M. C. Yüksek, The Computer Journal 57 (2014); K. Altun, B. Barshan,
    O. Tunçel, Pattern Recognition 43 (2010).

    Examples
    --------
    >>> from sensorhar.datasets.dsads import CARD
    >>> CARD.n_recordings, len(CARD.channels)
    (152, 30)
    """
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the recordings of some subjects below a folder, whatever is in it."""
    activities = sorted(
        (int(match["activity"]), path)
        for path in root.iterdir()
        if (match := _FOLDER.fullmatch(path.name))
    )
    return [
        _read_one(folder / f"p{subject}", activity, subject)
        for activity, folder in activities
        for subject in subjects
        if (folder / f"p{subject}").is_dir()
    ]


def _read_one(folder: Path, activity: int, subject: str) -> Recording:
    if activity not in LABELS:
        raise DataError(
            f"activities must be a01 to a{len(LABELS)}; got folder "
            f"{folder.parent.name!r}. Remove it, or fetch the data set again."
        )
    table = _read_segments(folder)
    time_s = np.arange(len(table)) / RATE_HZ
    streams = [
        Stream.of_sensor(
            kind,
            table[:, first : first + 3],
            time_s,
            place=place,
            has_gravity=gravity,
            rate_hz=RATE_HZ,
            prefix_place=True,
        )
        for i, place in enumerate(_PLACES)
        for kind, first, gravity in (
            ("accelerometer", 9 * i, True),
            ("gyroscope", 9 * i + 3, None),
        )
    ]
    return Recording(
        streams,
        name=f"p{subject}-{LABELS[activity]}",
        subject=subject,
        events=Events([0.0], [len(table) / RATE_HZ], [LABELS[activity]]),
    )


def _read_segments(folder: Path) -> NDArray[np.float32]:
    """Join the segments of a folder; one missing would be a leap in time."""
    numbers = sorted(
        {
            int(match["segment"])
            for path in folder.iterdir()
            if (match := _FILE.fullmatch(path.name))
        }
    )
    expected = list(range(1, len(numbers) + 1))
    if not numbers or numbers != expected or len(numbers) > N_SEGMENTS:
        raise DataError(
            f"{folder} must hold segments s01.txt to s{N_SEGMENTS}.txt without a gap; "
            f"got {len(numbers)}, the last number being {max(numbers, default=0)}. "
            "Fetch the data set again."
        )
    parts = []
    for number in numbers:
        path = folder / f"s{number:02d}.txt"
        part = read_table(path, N_COLUMNS, separator=",").astype(np.float32)
        if len(part) != N_SEGMENT_SAMPLES:
            raise DataError(
                f"{path} must have {N_SEGMENT_SAMPLES} lines; got {len(part)}. Fetch "
                "the data set again."
            )
        parts.append(part)
    return np.concatenate(parts)
