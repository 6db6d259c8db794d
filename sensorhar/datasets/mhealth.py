"""mHealth: twelve activities of ten people, sensors at chest, wrist and ankle."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.datasets._tables import read_table
from sensorhar.units import to_si

__all__ = ["load_mhealth"]

RATE_HZ = 50.0

#: Label of each class number (README.txt, section 2), in our words; 0 is null.
LABELS = {
    1: "standing",
    2: "sitting",
    3: "lying",
    4: "walking",
    5: "climbing_stairs",
    6: "bending_waist",
    7: "raising_arms",
    8: "bending_knees",
    9: "cycling",
    10: "jogging",
    11: "running",
    12: "jumping_front_and_back",
}

N_COLUMNS = 24

# Kind, place, first column from 0, unit in the file, gravity (README.txt, section 3).
_SENSORS: tuple[tuple[str, str, int, str, bool | None], ...] = (
    ("accelerometer", "chest", 0, "m/s^2", True),
    ("accelerometer", "ankle", 5, "m/s^2", True),
    ("gyroscope", "ankle", 8, "deg/s", None),
    ("accelerometer", "wrist", 14, "m/s^2", True),
    ("gyroscope", "wrist", 17, "deg/s", None),
)

CARD = Card(
    name="mhealth",
    title="mHealth (Mobile Health) dataset",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository.",
    citation=(
        "O. Banos, R. Garcia, J. A. Holgado-Terriza, M. Damas, H. Pomares, I. Rojas, "
        "A. Saez, C. Villalonga: mHealthDroid: a novel framework for agile development "
        "of mobile health applications, IWAAL 2014."
    ),
    address="https://archive.ics.uci.edu/dataset/319/mhealth+dataset",
    url="https://archive.ics.uci.edu/static/public/319/mhealth+dataset.zip",
    sha256=None,
    size_bytes=None,
    folder="MHEALTH",
    inner_folder="MHEALTHDATASET",
    landmark="mHealth_subject1.log",
    rate_hz=RATE_HZ,
    channels=(
        *("chest_acc_x", "chest_acc_y", "chest_acc_z"),
        *("ankle_acc_x", "ankle_acc_y", "ankle_acc_z"),
        *("ankle_gyr_x", "ankle_gyr_y", "ankle_gyr_z"),
        *("wrist_acc_x", "wrist_acc_y", "wrist_acc_z"),
        *("wrist_gyr_x", "wrist_gyr_y", "wrist_gyr_z"),
    ),
    units=(
        *("m/s^2",) * 6,
        *("rad/s",) * 3,
        *("m/s^2",) * 3,
        *("rad/s",) * 3,
    ),
    places=("chest", "wrist", "ankle"),
    subjects=tuple(str(number) for number in range(1, 11)),
    activities=tuple(LABELS.values()),
    n_recordings=10,
    protocol=(
        "None is official; leave out subjects, for example one at a time with 3 s "
        "windows and 50 % overlap (WHAR Arena takes 10 groups)."
    ),
    traps=(
        "Much of each recording carries no label (0): that time is null, not an "
        "activity, and most papers drop it silently.",
        "Each person did each activity once, for a minute or 20 repetitions: "
        "neighbouring windows are nearly copies, so split by subject.",
        "The README says the gyroscopes are in deg/s, and they are converted from "
        "that; whether it is true was not checked. Compare sizes before mixing them "
        "with another set's.",
        "Magnetometers ('local' units) and the two leads of the electrocardiogram (mV) "
        "are in the files and not loaded: the library has no unit for them.",
        "The README counts a column 13 twice and skips 12; the files have 24 columns.",
    ),
    tried_on_real_files=False,
)


def load_mhealth(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load mHealth as ten whole recordings with their labelled intervals.

    Shimmer2 sensors at chest (accelerometer), left ankle and right wrist
    (accelerometer and gyroscope) share one clock of 50 Hz. Accelerometers include
    gravity, m/s^2; gyroscopes are in rad/s. Null time stays without an event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1", "10"]``. None loads all.

    Returns
    -------
    list of Recording
        Named ``subject01`` and so on.

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
    O. Banos et al., mHealthDroid, IWAAL 2014.

    Examples
    --------
    >>> from sensorhar.datasets.mhealth import CARD
    >>> CARD.places
    ('chest', 'wrist', 'ankle')
    """
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the recordings of some subjects below a folder."""
    return [_read_one(root, subject) for subject in subjects]


def _read_one(root: Path, subject: str) -> Recording:
    path = root / f"mHealth_subject{subject}.log"
    table = read_table(path, N_COLUMNS)
    time_s = np.arange(len(table)) / RATE_HZ
    streams = [
        Stream.of_sensor(
            kind,
            to_si(table[:, first : first + 3], unit)[0].astype(np.float32),
            time_s,
            place=place,
            has_gravity=gravity,
            rate_hz=RATE_HZ,
            prefix_place=True,
        )
        for kind, place, first, unit, gravity in _SENSORS
    ]
    return Recording(
        streams,
        name=f"subject{int(subject):02d}",
        subject=subject,
        events=events_of_samples(
            table[:, -1], time_s, LABELS, null=0, rate_hz=RATE_HZ, called=path.name
        ),
    )
