"""MotionSense: six activities of 24 people with an iPhone in the trouser pocket."""

import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._readings import is_number
from sensorhar.datasets._tables import read_bytes
from sensorhar.errors import DataError
from sensorhar.units import to_si

__all__ = ["load_motion_sense"]

RATE_HZ = 50.0

#: Label of each folder's first word, in our words.
LABELS = {
    "dws": "walking_downstairs",
    "ups": "walking_upstairs",
    "wlk": "walking",
    "jog": "jogging",
    "sit": "sitting",
    "std": "standing",
}

_FOLDER = "A_DeviceMotion_data"

_COLUMNS = tuple(
    f"{name}.{axis}"
    for name in ("gravity", "rotationRate", "userAcceleration")
    for axis in "xyz"
)

CARD = Card(
    name="motion-sense",
    title="MotionSense, device motion",
    holds="recordings",
    licence=(
        "The repository has a LICENSE file; read it there. The authors ask to cite "
        "their paper."
    ),
    citation=(
        "M. Malekzadeh, R. G. Clegg, A. Cavallaro, H. Haddadi: Mobile Sensor Data "
        "Anonymization, IoTDI 2019."
    ),
    address="https://github.com/mmalekzadeh/motion-sense",
    url=(
        "https://github.com/mmalekzadeh/motion-sense/raw/master/data/"
        "A_DeviceMotion_data.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="MotionSense",
    inner_folder="data",
    landmark=_FOLDER,
    rate_hz=RATE_HZ,
    channels=tuple(
        f"{prefix}_{axis}" for prefix in ("acc", "lin", "grav", "gyr") for axis in "xyz"
    ),
    units=("m/s^2",) * 9 + ("rad/s",) * 3,
    places=("pocket",),
    subjects=tuple(str(number) for number in range(1, 25)),
    activities=tuple(LABELS.values()),
    n_recordings=24 * 15,
    protocol=(
        "The authors train on the long trials (1 to 9) and test on the short (11 to "
        "16), which shares subjects; leave out subjects instead, for example in 10 "
        "groups with 3 s windows and 50 % overlap (WHAR Arena)."
    ),
    traps=(
        "Signs are those of iOS: a phone that lies face up reads -9.81 m/s^2 on z, "
        "where Android reads +9.81. Pass signs='android' to mix it with other sets.",
        "The files give gravity and userAcceleration in g; acc is their sum. Models "
        "trained on userAcceleration alone hardly tell sitting from standing.",
        "Gravity is the estimate of the phone's own filter, which knows the gyroscope; "
        "a low-pass of the accelerometer is not the same.",
        "Each trial is one activity from end to end; its first and last seconds may "
        "hold the phone's way into the pocket and out of it.",
        "Attitude (roll, pitch, yaw) is in the files and not loaded: yaw starts at an "
        "arbitrary heading and tells the trial.",
    ),
    tried_on_real_files=False,
)

_TRIAL = re.compile(r"(?P<activity>[a-z]+)_(?P<trial>\d+)")
_FILE = re.compile(r"sub_(?P<subject>\d+)\.csv(\.gz)?")


def load_motion_sense(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    signs: Literal["ios", "android"] = "ios",
) -> list[Recording]:
    """Load MotionSense as 360 recordings, one a trial, with one event each.

    On one clock of 50 Hz: total acceleration (``acc``, with gravity), the user's
    (``lin``) and gravity (``grav``) in m/s^2, and the rotation rate (``gyr``, rad/s).

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1", "24"]``. None loads all.
    signs : {"ios", "android"}, default="ios"
        ``"ios"`` keeps accelerations as published; ``"android"`` turns all three
        around, so that a phone at rest reads gravity upwards as in other sets.

    Returns
    -------
    list of Recording
        Named ``dws_1-sub_1`` as folder and file.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject or ``signs`` is unknown.

    References
    ----------
    M. Malekzadeh et al., Mobile Sensor Data Anonymization, IoTDI 2019; README of the
    repository: 24 people, 15 trials each.

    Examples
    --------
    >>> from sensorhar.datasets.motion_sense import CARD
    >>> CARD.n_recordings
    360
    """
    check_choice(signs, "signs", ["ios", "android"])
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen, signs=signs)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects, signs: str = "ios"
) -> list[Recording]:
    """Read the trials of some subjects below a folder, whatever is in it."""
    # The archive was packed on a Mac, and some tools unpack it one deeper.
    home = root / _FOLDER
    if (home / _FOLDER).is_dir():
        home = home / _FOLDER
    found = sorted(
        (trial.name, int(match["subject"]), trial)
        for trial in home.iterdir()
        if trial.is_dir() and _TRIAL.fullmatch(trial.name)
        for path in trial.iterdir()
        if (match := _FILE.fullmatch(path.name)) and match["subject"] in subjects
    )
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda key: _read_one(key[2], key[1], signs), found))


def _read_one(folder: Path, subject: int, signs: str) -> Recording:
    activity = folder.name.split("_")[0]
    if activity not in LABELS:
        raise DataError(
            f"trials must be named after {listing(LABELS)}; got folder "
            f"{folder.name!r}. Remove it, or fetch the data set again."
        )
    table = _read_columns(folder / f"sub_{subject}.csv")
    sign = 1.0 if signs == "ios" else -1.0
    gravity, turn, user = table[:, :3], table[:, 3:6], table[:, 6:]
    time_s = np.arange(len(table)) / RATE_HZ
    streams = [
        Stream.of_sensor(
            kind,
            to_si(values, unit)[0].astype(np.float32),
            time_s,
            place="pocket",
            has_gravity=has_gravity,
            rate_hz=RATE_HZ,
        )
        for kind, values, unit, has_gravity in (
            ("accelerometer", sign * (gravity + user), "g", True),
            ("linear_acceleration", sign * user, "g", None),
            ("gravity", sign * gravity, "g", None),
            ("gyroscope", turn, "rad/s", None),
        )
    ]
    return Recording(
        streams,
        name=f"{folder.name}-sub_{subject}",
        subject=str(subject),
        events=Events([0.0], [len(table) / RATE_HZ], [LABELS[activity]]),
        metadata={"platform": "ios", "signs": signs},
    )


def _read_columns(path: Path) -> NDArray[np.float64]:
    """Return gravity, rotation rate and user acceleration, found by name."""
    import pandas as pd

    try:
        table = pd.read_csv(io.BytesIO(read_bytes(path)), low_memory=False)
        missing = set(_COLUMNS) - set(table.columns)
        if missing:
            raise DataError(
                f"{path} must have columns {', '.join(_COLUMNS)}; it lacks "
                f"{listing(missing)}. Fetch the data set again."
            )
        values = table[list(_COLUMNS)].to_numpy(dtype=np.float64)
    except DataError:
        raise
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{path} must be a table of numbers; it cannot be read ({error}). Fetch "
            "the data set again."
        ) from error
    if not len(values) or not is_number(values).all():
        raise DataError(
            f"{path} must hold finite numbers; got {len(values)} lines with "
            f"{int((~is_number(values)).sum())} that are not, or are too large "
            "for a sensor. Fetch the data set again."
        )
    return values
