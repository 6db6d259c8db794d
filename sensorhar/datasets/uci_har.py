"""UCI HAR: six activities of thirty people with a phone at the waist, in windows."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._text import read_numbers
from sensorhar.errors import DataError
from sensorhar.units import to_si

__all__ = ["load_uci_har"]

N_TIMEPOINTS = 128
RATE_HZ = 50.0

#: Label of each class number (activity_labels.txt), in our words.
LABELS = {
    1: "walking",
    2: "walking_upstairs",
    3: "walking_downstairs",
    4: "sitting",
    5: "standing",
    6: "lying",
}

# File stem, channel prefix, kind, gravity, unit in the file (README.txt, "Notes").
_SIGNALS: tuple[tuple[str, str, str, bool | None, str], ...] = (
    ("total_acc", "acc", "accelerometer", True, "g"),
    ("body_acc", "lin", "linear_acceleration", None, "g"),
    ("body_gyro", "gyr", "gyroscope", None, "rad/s"),
)

#: Windows and windows per class as published, counted in y_train.txt and y_test.txt.
PUBLISHED = {
    "train": (1226, 1073, 986, 1286, 1374, 1407),
    "test": (496, 471, 420, 491, 532, 537),
}

#: Subjects of the official test part (subject_test.txt).
TEST_SUBJECTS = ("2", "4", "9", "10", "12", "13", "18", "20", "24")

_CHANNELS = tuple(
    Channel(f"{prefix}_{axis}", to_si(0.0, unit)[1], kind, "waist", gravity)
    for _, prefix, kind, gravity, unit in _SIGNALS
    for axis in "xyz"
)

CARD = Card(
    name="uci-har",
    title="Human Activity Recognition Using Smartphones, version 1.0 (UCI HAR)",
    holds="windows",
    licence=(
        "CC BY 4.0 on the page of the UCI repository; the README inside asks to cite "
        "and forbids commercial use. Ask the authors if that matters to you."
    ),
    citation=(
        "D. Anguita, A. Ghio, L. Oneto, X. Parra, J. L. Reyes-Ortiz: A Public Domain "
        "Dataset for Human Activity Recognition Using Smartphones, ESANN 2013. "
        "doi:10.24432/C54S4K"
    ),
    address=(
        "https://archive.ics.uci.edu/dataset/240/"
        "human+activity+recognition+using+smartphones"
    ),
    url=(
        "https://archive.ics.uci.edu/static/public/240/"
        "human+activity+recognition+using+smartphones.zip"
    ),
    # Checksum and size as several public projects that pinned this archive wrote them
    # down, in agreement; the files unpacked from it are counted besides.
    sha256="c00b803081a5c797cd5e4b83700a9810b38d53d9d84e01917e090e1fdbc81031",
    size_bytes=61_005_872,
    folder="UCI_HAR",
    inner_folder="UCI HAR Dataset",
    landmark="train/Inertial Signals",
    rate_hz=RATE_HZ,
    channels=tuple(channel.name for channel in _CHANNELS),
    units=tuple(channel.unit for channel in _CHANNELS),
    places=("waist",),
    subjects=tuple(str(number) for number in range(1, 31)),
    activities=tuple(LABELS.values()),
    n_windows=10_299,
    protocol=(
        "Official split by subject: 21 train (7,352 windows), 9 test (2,947 windows: "
        f"subjects {', '.join(TEST_SUBJECTS)}). Choose models on held-out train "
        "subjects, and look at the test part once."
    ),
    traps=(
        "Windows overlap by 50 %: a random split puts the same samples on both sides.",
        "Sitting and standing differ only in the phone's angle and in tiny motions; "
        "most errors are there, and scaling all windows alike hides what tells them "
        "apart.",
        "HAPT is the same people and the same recordings: never train on one and test "
        "on the other.",
        "The signals are smoothed already (median filter and 20 Hz low-pass), and lin "
        "is acc minus a 0.3 Hz low-pass run over whole recordings: a live sensor gives "
        "neither.",
        "The 561 ready-made features, not loaded here, are scaled to [-1, 1] over all "
        "subjects, the test part included.",
        "Only pure windows are in it; transitions and everything else were cut out.",
    ),
    tried_on_real_files=True,
)


def load_uci_har(
    *, data_dir: str | Path | None = None, download: bool = True
) -> tuple[Windows, Windows]:
    """Load UCI HAR as its official train and test windows.

    The set is published pre-windowed, so this loader returns Windows of shape
    (n_windows, 128, 9) at 50 Hz: ``acc`` with gravity and ``lin`` without in m/s^2,
    ``gyr`` in rad/s. Where windows lie in time is not published: ``start_s`` is NaN.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set (61 MB) when it is not there.

    Returns
    -------
    train, test : Windows
        7,352 and 2,947 windows with labels and subjects.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.

    References
    ----------
    D. Anguita et al., A Public Domain Dataset for Human Activity Recognition Using
    Smartphones, ESANN 2013.

    Examples
    --------
    >>> from sensorhar.datasets.uci_har import CARD
    >>> CARD.n_windows
    10299
    """
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    train, test = (read_part(root, part) for part in ("train", "test"))
    _check_published(train, "train")
    _check_published(test, "test")
    return train, test


def read_part(root: Path, part: str) -> Windows:
    """Read the "train" or the "test" part below a folder, whatever is in it."""
    signals = root / part / "Inertial Signals"
    # The parser lets other threads run, so that two cores read twice as fast.
    paths = [
        (signals / f"{stem}_{axis}_{part}.txt", unit)
        for stem, _, _, _, unit in _SIGNALS
        for axis in "xyz"
    ]
    with ThreadPoolExecutor(max_workers=4) as pool:
        columns = list(pool.map(lambda pair: _read_signal(*pair), paths))
    y = _read_codes(root / part / f"y_{part}.txt")
    subjects = _read_codes(root / part / f"subject_{part}.txt")
    counts = {len(column) for column in columns} | {len(y), len(subjects)}
    if len(counts) > 1:
        raise DataError(
            f"all files of {root / part} must have one line a window; got "
            f"{', '.join(map(str, sorted(counts)))} lines. Fetch the data set again."
        )
    unknown = set(y.tolist()) - set(LABELS)
    if unknown:
        raise DataError(
            f"labels in y_{part}.txt must be 1 to {len(LABELS)}; got {min(unknown)}. "
            "Fetch the data set again."
        )
    groups = np.array([str(subject) for subject in subjects], dtype=object)
    return Windows.from_array(
        np.stack(columns, axis=-1),
        spec=WindowSpec(
            _CHANNELS, RATE_HZ, N_TIMEPOINTS, step_s=N_TIMEPOINTS / 2 / RATE_HZ
        ),
        y=[LABELS[int(code)] for code in y],
        groups=groups,
        recording=[f"subject-{subject}" for subject in groups],
    )


def _read_signal(path: Path, unit: str) -> NDArray[np.float32]:
    values, _ = to_si(read_numbers(path, N_TIMEPOINTS), unit)
    return values.astype(np.float32)


def _read_codes(path: Path) -> NDArray[np.int64]:
    return read_numbers(path, 1)[:, 0].astype(np.int64)


def _check_published(windows: Windows, part: str) -> None:
    """Raise unless the part holds what was published."""
    assert windows.y is not None
    assert windows.groups is not None
    counts = tuple(int((windows.y == label).sum()) for label in LABELS.values())
    if counts != PUBLISHED[part]:
        raise DataError(
            f"the {part} part of UCI HAR must have {sum(PUBLISHED[part])} windows, "
            f"{PUBLISHED[part]} per class; got {len(windows)}, {counts}. These are not "
            "the published files: fetch the data set again."
        )
    is_test = {str(group) in TEST_SUBJECTS for group in windows.groups}
    if is_test != {part == "test"}:
        raise DataError(
            f"the {part} part of UCI HAR must have the published subjects; got "
            f"{', '.join(sorted(set(windows.groups), key=int))}. These are not the "
            "published files: fetch the data set again."
        )
