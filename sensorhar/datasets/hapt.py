"""HAPT: the people of UCI HAR untrimmed, with transitions between postures."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._readings import as_readings
from sensorhar.datasets._text import read_numbers
from sensorhar.errors import DataError

__all__ = ["load_hapt"]

RATE_HZ = 50.0

#: Label of each class number (activity_labels.txt), in our words.
LABELS = {
    1: "walking",
    2: "walking_upstairs",
    3: "walking_downstairs",
    4: "sitting",
    5: "standing",
    6: "lying",
    7: "stand_to_sit",
    8: "sit_to_stand",
    9: "sit_to_lie",
    10: "lie_to_sit",
    11: "stand_to_lie",
    12: "lie_to_stand",
}

#: As published: recordings, samples, labelled samples, and segments per class.
N_RECORDINGS = 61
N_SAMPLES = 1_122_772
N_LABELLED = 815_614
N_SEGMENTS = (127, 183, 186, 120, 120, 120, 60, 62, 60, 60, 58, 58)

CARD = Card(
    name="hapt",
    title=(
        "Smartphone-Based Recognition of Human Activities and Postural Transitions, "
        "version 2.1 (HAPT)"
    ),
    holds="recordings",
    licence=(
        "CC BY 4.0 on the page of the UCI repository; the README inside asks to cite "
        "and forbids commercial use. Ask the authors if that matters to you."
    ),
    citation=(
        "J.-L. Reyes-Ortiz, L. Oneto, A. Samà, X. Parra, D. Anguita: Transition-Aware "
        "Human Activity Recognition Using Smartphones, Neurocomputing 171 (2016). "
        "doi:10.24432/C54G7M"
    ),
    address=(
        "https://archive.ics.uci.edu/dataset/341/smartphone+based+recognition+of+human+"
        "activities+and+postural+transitions"
    ),
    url=(
        "https://archive.ics.uci.edu/static/public/341/smartphone+based+recognition+of+"
        "human+activities+and+postural+transitions.zip"
    ),
    # Checksum and size as several public projects that pinned this archive wrote them
    # down, in agreement; the files unpacked from it are counted besides.
    sha256="4ac4ae064227c07045a99551876b54d204837e995e298b6488559e209b3deb09",
    size_bytes=79_596_192,
    folder="HAPT",
    inner_folder="HAPT Data Set",
    landmark="RawData/labels.txt",
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"),
    units=("m/s^2",) * 3 + ("rad/s",) * 3,
    places=("waist",),
    subjects=tuple(str(number) for number in range(1, 31)),
    activities=tuple(LABELS.values()),
    n_recordings=N_RECORDINGS,
    protocol=(
        "The authors drew 70 % of the people for training and 30 % for testing, for "
        "their feature windows; for raw recordings leave out subjects, for example in "
        "10 groups with 3 s windows and 50 % overlap (WHAR Arena)."
    ),
    traps=(
        "The people are those of UCI HAR, and the recordings too: never train on one "
        "and test on the other.",
        "27 % of all samples carry no label; that time is null, not an activity.",
        "The six transitions last 3 to 5 s and make 8 % of the labelled time: accuracy "
        "hardly sees them, macro F1 does.",
        "Unlike UCI HAR the signals are raw: no median filter, no 20 Hz low-pass.",
        "Each person was recorded twice, one thrice: split by subject, never by "
        "recording.",
    ),
    tried_on_real_files=True,
)

_FILE = re.compile(r"acc_exp(?P<experiment>\d+)_user(?P<user>\d+)\.txt(\.gz)?")


def load_hapt(
    *, data_dir: str | Path | None = None, download: bool = True
) -> list[Recording]:
    """Load HAPT as 61 whole recordings with their labelled intervals.

    Accelerometer (with gravity, m/s^2) and gyroscope (rad/s) share one clock of
    50 Hz. Time without a label stays without an event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set (80 MB) when it is not there.

    Returns
    -------
    list of Recording
        Named ``exp01-user01`` and so on, in that order.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.

    References
    ----------
    J.-L. Reyes-Ortiz et al., Transition-Aware Human Activity Recognition Using
    Smartphones, Neurocomputing 171 (2016).

    Examples
    --------
    >>> from sensorhar.datasets.hapt import CARD
    >>> CARD.activities[-1]
    'lie_to_stand'
    """
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root)
    _check_published(recordings)
    return recordings


def read_recordings(root: Path) -> list[Recording]:
    """Read all recordings below a folder, whatever is in it."""
    folder = root / "RawData"
    labels = read_numbers(folder / "labels.txt", 5).astype(np.int64)
    unknown = set(labels[:, 2].tolist()) - set(LABELS)
    if unknown:
        raise DataError(
            f"activities in labels.txt must be 1 to {len(LABELS)}; got {min(unknown)}. "
            "Fetch the data set again."
        )
    found = {
        (int(match["experiment"]), int(match["user"]))
        for match in (_FILE.fullmatch(path.name) for path in folder.iterdir())
        if match
    }
    without = {(int(row[0]), int(row[1])) for row in labels} - found
    if without:
        names = {f"acc_exp{e:02d}_user{u:02d}.txt" for e, u in without}
        raise DataError(
            f"{folder} must hold a recording for each label; it lacks "
            f"{listing(names)}. Fetch the data set again."
        )
    # The parser lets other threads run, so that two cores read twice as fast.
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(
            pool.map(
                lambda key: _read_one(folder, key[0], key[1], labels), sorted(found)
            )
        )


def _read_one(
    folder: Path, experiment: int, user: int, labels: NDArray[np.int64]
) -> Recording:
    name = f"exp{experiment:02d}_user{user:02d}"
    acc = read_numbers(folder / f"acc_{name}.txt", 3)
    gyr = read_numbers(folder / f"gyro_{name}.txt", 3)
    if len(acc) != len(gyr):
        raise DataError(
            f"acc_{name}.txt and gyro_{name}.txt must have as many lines; got "
            f"{len(acc)} and {len(gyr)}. Fetch the data set again."
        )
    time_s = np.arange(len(acc)) / RATE_HZ
    streams = [
        Stream.of_sensor(
            kind,
            as_readings(values, unit, f"{stem}_{name}.txt"),
            time_s,
            place="waist",
            has_gravity=gravity,
            rate_hz=RATE_HZ,
        )
        for kind, stem, values, unit, gravity in (
            ("accelerometer", "acc", acc, "g", True),
            ("gyroscope", "gyro", gyr, "rad/s", None),
        )
    ]
    own = labels[(labels[:, 0] == experiment) & (labels[:, 1] == user)]
    _check_intervals(own, len(acc), name)
    return Recording(
        streams,
        name=name.replace("_", "-"),
        subject=str(user),
        # Sample numbers count from 1 and both ends are within, so the first sample,
        # at 0 s, is number 1, and an event covers start <= t < stop.
        events=Events(
            (own[:, 3] - 1) / RATE_HZ,
            own[:, 4] / RATE_HZ,
            [LABELS[int(code)] for code in own[:, 2]],
        ),
    )


def _check_intervals(rows: NDArray[np.int64], n_samples: int, name: str) -> None:
    first, last = rows[:, 3], rows[:, 4]
    is_bad = (first < 1) | (last < first) | (last > n_samples)
    if is_bad.any():
        row = rows[int(is_bad.argmax())]
        raise DataError(
            f"labels.txt must give sample numbers within 1 to {n_samples} for {name}; "
            f"got {row[3]} to {row[4]}. Fetch the data set again."
        )


def _check_published(recordings: list[Recording]) -> None:
    """Raise unless the set holds what was published."""
    n_samples = sum(recording.streams[0].n_samples for recording in recordings)
    events = [recording.events for recording in recordings]
    labels = np.concatenate([e.labels for e in events if e is not None])
    lengths = np.concatenate([e.duration_s for e in events if e is not None])
    counts = tuple(int((labels == label).sum()) for label in LABELS.values())
    n_labelled = int(np.rint(lengths * RATE_HZ).sum())
    got = (len(recordings), n_samples, n_labelled, counts)
    published = (N_RECORDINGS, N_SAMPLES, N_LABELLED, N_SEGMENTS)
    if got != published:
        raise DataError(
            "HAPT must have {} recordings, {} samples, {} labelled, segments per class "
            "{}; ".format(*published)
            + "got {}, {}, {}, {}. ".format(*got)
            + "These are not the published files: fetch the data set again."
        )
