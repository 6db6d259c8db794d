"""BasicMotions, Epilepsy and RacketSports of the UEA archive, in windows."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from sensorhar._words import listing
from sensorhar.data.channel import Channel
from sensorhar.data.windows import Windows
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._readings import is_number
from sensorhar.errors import DataError
from sensorhar.io.arff import read_arff
from sensorhar.io.uea_ts import read_uea_ts
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["load_basic_motions", "load_epilepsy", "load_racket_sports"]

#: Class in the file, in lower case -> our label.
BASIC_MOTIONS_LABELS = {
    "standing": "standing",
    "running": "running",
    "walking": "walking",
    "badminton": "badminton",
}
EPILEPSY_LABELS = {
    "epilepsy": "mimicked_seizure",
    "walking": "walking",
    "running": "running",
    "sawing": "sawing",
}
RACKET_SPORTS_LABELS = {
    "badminton_smash": "badminton_smash",
    "badminton_clear": "badminton_clear",
    "squash_forehandboast": "squash_forehand_boast",
    "squash_backhandboast": "squash_backhand_boast",
}

#: Timepoints of a window, and windows of the train and the test part.
BASIC_MOTIONS_SHAPE = (100, 40, 40)
EPILEPSY_SHAPE = (206, 137, 138)
RACKET_SPORTS_SHAPE = (30, 151, 152)

# In BasicMotions the first three dimensions are near 0 while standing, so gravity is
# taken out; the last three come in steps of 0.0026632 and end at ±34.9, which are a
# gyroscope's 0.15259 deg/s and 2000 deg/s in rad/s. RacketSports is of the same watch.
_WATCH = tuple(
    Channel(f"{prefix}_{axis}", unit, kind, "wrist")
    for prefix, unit, kind in (
        ("lin", "m/s^2", "linear_acceleration"),
        ("gyr", "rad/s", "gyroscope"),
    )
    for axis in "xyz"
)
_WRIST = tuple(
    Channel(f"acc_{axis}", "m/s^2", "accelerometer", "wrist", True) for axis in "xyz"
)

_ARCHIVE = (
    "A. Bagnall et al.: The UEA multivariate time series classification archive, 2018, "
    "arXiv:1811.00075."
)
_LICENCE = "None stated by the archive; it asks for a citation."
_UNITS_TRAP = (
    "The archive states no units. That the accelerometer has no gravity, and is in "
    "m/s^2, is told from the readings, as are rad/s."
)


def _card(
    name: str,
    problem: str,
    title: str,
    rate_hz: float,
    channels: tuple[Channel, ...],
    labels: Mapping[str, str],
    shape: tuple[int, int, int],
    subjects: tuple[str, ...],
    protocol: str,
    traps: tuple[str, ...],
    citation: str = "",
) -> Card:
    return Card(
        name=name,
        title=title,
        holds="windows",
        licence=_LICENCE,
        citation=citation + _ARCHIVE,
        address=(
            f"https://www.timeseriesclassification.com/description.php?Dataset={problem}"
        ),
        url=f"https://www.timeseriesclassification.com/aeon-toolkit/{problem}.zip",
        sha256=None,
        size_bytes=None,
        folder=problem,
        inner_folder=problem,
        landmark=f"{problem}_TRAIN.ts",
        rate_hz=rate_hz,
        channels=tuple(channel.name for channel in channels),
        units=tuple(channel.unit for channel in channels),
        places=("wrist",),
        subjects=subjects,
        activities=tuple(labels.values()),
        n_windows=shape[1] + shape[2],
        protocol=protocol,
        traps=traps,
        tried_on_real_files=False,
    )


BASIC_MOTIONS = _card(
    "basic-motions",
    "BasicMotions",
    "BasicMotions (UEA archive)",
    10.0,
    _WATCH,
    BASIC_MOTIONS_LABELS,
    BASIC_MOTIONS_SHAPE,
    ("student 1", "student 2", "student 3", "student 4"),
    "The archive's train and test part of 40 windows each.",
    (
        "Four students; which window is whose is not published, so windows carry no "
        "subject and nobody can tell how a model does on a new person.",
        "Nearly everything scores 100 %: it shows that code runs, not that it is good.",
        _UNITS_TRAP,
        "Readings repeat (the watch sent fewer than the 10 Hz that were written).",
    ),
)
EPILEPSY = _card(
    "epilepsy",
    "Epilepsy",
    "Epilepsy: mimicked seizures (UEA archive)",
    16.0,
    _WRIST,
    EPILEPSY_LABELS,
    EPILEPSY_SHAPE,
    tuple(f"participant {number}" for number in range(1, 7)),
    (
        "The archive's train (137) and test (138) part: three participants each, as "
        "its page is remembered to say."
    ),
    (
        "The seizures are mimicked by healthy people: a score says nothing about "
        "patients.",
        "Six participants; which window is whose was removed, so windows carry no "
        "subject.",
        "The unit is not stated; it is told from the median size of the readings, and "
        "files that are neither in g nor in m/s^2 are refused.",
        "Series were cut at random out of longer ones to 206 timepoints.",
    ),
    "J. R. Villar, P. Vergara, M. Menéndez, E. de la Cal, V. M. González, J. Sedano: "
    "Generalized Models for the Classification of Abnormal Movements in Daily Life and "
    "its Applicability to Epilepsy Convulsion Recognition, Int. J. Neural Systems 26 "
    "(2016). ",
)
RACKET_SPORTS = _card(
    "racket-sports",
    "RacketSports",
    "RacketSports (UEA archive)",
    10.0,
    _WATCH,
    RACKET_SPORTS_LABELS,
    RACKET_SPORTS_SHAPE,
    ("not published",),
    (
        "The archive's train (151) and test (152) part, which is a random half: the "
        "same players are on both sides."
    ),
    (
        "The split is random and players are not published: the score is that of a "
        "model that knows the player.",
        "At 10 Hz a smash is two or three samples; its peak is not in the data.",
        _UNITS_TRAP,
        "Readings repeat where the watch's radio was late.",
    ),
)


def load_basic_motions(
    *, data_dir: str | Path | None = None, download: bool = True
) -> tuple[Windows, Windows]:
    """Load BasicMotions as its train and test windows of 10 s.

    Linear acceleration (m/s^2) and gyroscope (rad/s) of a watch at 10 Hz, in windows
    of shape (40, 100, 6). Windows carry no subject: it is not published.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files (``.ts`` or ``.arff``) are, or shall go. None looks in
        ``SENSORHAR_DATA``, then in the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.

    Returns
    -------
    train, test : Windows
        40 and 40 windows with labels.

    Raises
    ------
    DataError
        When files are missing, broken, or not those published.
    DownloadError
        When the archive cannot be fetched whole.

    Examples
    --------
    >>> from sensorhar.datasets.uea import BASIC_MOTIONS
    >>> BASIC_MOTIONS.activities
    ('standing', 'running', 'walking', 'badminton')
    """
    return _load(
        BASIC_MOTIONS,
        _WATCH,
        BASIC_MOTIONS_LABELS,
        BASIC_MOTIONS_SHAPE,
        data_dir,
        download,
    )


def load_epilepsy(
    *, data_dir: str | Path | None = None, download: bool = True
) -> tuple[Windows, Windows]:
    """Load Epilepsy as its train and test windows of 12.9 s.

    A wrist accelerometer (with gravity, m/s^2) at 16 Hz, in windows of 206 timepoints
    of walking, running, sawing and mimicked seizures. Windows carry no subject.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files (``.ts`` or ``.arff``) are, or shall go. None looks in
        ``SENSORHAR_DATA``, then in the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.

    Returns
    -------
    train, test : Windows
        137 and 138 windows with labels.

    Raises
    ------
    DataError
        When files are missing, broken, not those published, or in an unknown unit.
    DownloadError
        When the archive cannot be fetched whole.

    Examples
    --------
    >>> from sensorhar.datasets.uea import EPILEPSY
    >>> EPILEPSY.rate_hz, EPILEPSY.n_windows
    (16.0, 275)
    """
    return _load(EPILEPSY, _WRIST, EPILEPSY_LABELS, EPILEPSY_SHAPE, data_dir, download)


def load_racket_sports(
    *, data_dir: str | Path | None = None, download: bool = True
) -> tuple[Windows, Windows]:
    """Load RacketSports as its train and test windows of 3 s.

    Linear acceleration (m/s^2) and gyroscope (rad/s) of a watch at 10 Hz, in windows
    of 30 timepoints of two strokes in badminton and two in squash. Windows carry no
    subject: it is not published.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files (``.ts`` or ``.arff``) are, or shall go. None looks in
        ``SENSORHAR_DATA``, then in the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.

    Returns
    -------
    train, test : Windows
        151 and 152 windows with labels.

    Raises
    ------
    DataError
        When files are missing, broken, or not those published.
    DownloadError
        When the archive cannot be fetched whole.

    Examples
    --------
    >>> from sensorhar.datasets.uea import RACKET_SPORTS
    >>> RACKET_SPORTS.n_windows
    303
    """
    return _load(
        RACKET_SPORTS,
        _WATCH,
        RACKET_SPORTS_LABELS,
        RACKET_SPORTS_SHAPE,
        data_dir,
        download,
    )


def _load(
    card: Card,
    channels: tuple[Channel, ...],
    labels: Mapping[str, str],
    shape: tuple[int, int, int],
    data_dir: str | Path | None,
    download: bool,
) -> tuple[Windows, Windows]:
    root = _find(card, data_dir, download)
    parts = [
        read_part(root, card, part, channels, labels) for part in ("TRAIN", "TEST")
    ]
    got = (parts[0].spec.n_timepoints, *(len(part) for part in parts))
    if got != shape or parts[1].spec.n_timepoints != shape[0]:
        raise DataError(
            f"{card.name} must have windows of {shape[0]} timepoints, {shape[1]} to "
            f"train and {shape[2]} to test; got {got[0]}, {got[1]} and {got[2]}. These "
            "are not the published files: fetch the data set again."
        )
    return parts[0], parts[1]


def _find(card: Card, data_dir: str | Path | None, download: bool) -> Path:
    """Return the folder of the files in either format; fetch them if need be."""
    other = replace(card, landmark=card.landmark.replace(".ts", ".arff"))
    for known in (card, other):
        try:
            return find_or_fetch(known, data_dir=data_dir, download=False)
        except DataError:
            continue
    return find_or_fetch(card, data_dir=data_dir, download=download)


def read_part(
    root: Path,
    card: Card,
    part: str,
    channels: tuple[Channel, ...],
    labels: Mapping[str, str],
) -> Windows:
    """Read the "TRAIN" or the "TEST" part in a folder, whatever is in it."""
    path = root / f"{card.folder}_{part}.ts"
    reader = read_uea_ts
    if not path.exists():
        path, reader = path.with_suffix(".arff"), read_arff
    if not path.exists():
        raise DataError(
            f"{root} must hold {card.folder}_{part}.ts or .arff; it holds neither. "
            "Fetch the data set again."
        )
    windows = reader(path, rate_hz=card.rate_hz)
    if windows.spec.channels and len(windows.spec.channels) != len(channels):
        raise DataError(
            f"{path.name} must have {len(channels)} dimensions; got "
            f"{len(windows.spec.channels)}. Fetch the data set again."
        )
    values = np.asarray(windows)
    if not (is_number(values) | np.isnan(values)).all():
        raise DataError(
            f"{path.name} must hold numbers that a sensor can give; some are too "
            "large. Fetch the data set again."
        )
    if any(channel.has_gravity for channel in channels):
        values = values * np.float32(_scale_of(values, path))
    words = [] if windows.y is None else [str(word).lower() for word in windows.y]
    unknown = set(words) - set(labels)
    if unknown or not words:
        raise DataError(
            f"classes of {path.name} must be among {listing(labels)}; got "
            f"{listing(unknown) or 'none'}. Fetch the data set again."
        )
    return Windows.from_array(
        values,
        spec=windows.spec.with_channels(channels),
        y=[labels[word] for word in words],
        recording=windows.recording,
        purity=windows.purity,
    )


def _scale_of(values: np.ndarray, path: Path) -> float:
    """Return what turns an accelerometer with gravity into m/s^2.

    Over a window of many seconds the mean of its size is near gravity.
    """
    size = float(np.median(np.linalg.norm(values, axis=2).mean(axis=1)))
    for factor in (STANDARD_GRAVITY, 1.0):  # in g, in m/s^2
        if 0.7 < size * factor / STANDARD_GRAVITY < 1.6:
            return factor
    raise DataError(
        f"{path.name} must hold an accelerometer with gravity in g or m/s^2; its mean "
        f"size is {size:.3g}, which is neither. Read it with read_uea_ts or read_arff, "
        "and say channels and units."
    )
