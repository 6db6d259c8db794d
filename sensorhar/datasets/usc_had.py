"""USC-HAD: twelve low-level activities of fourteen people, a sensor at the hip."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._matlab import read_matlab
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._readings import as_readings
from sensorhar.errors import DataError

__all__ = ["load_usc_had"]

RATE_HZ = 100.0

#: Label of each activity number, the ``a`` of the file name, in our words.
LABELS = {
    1: "walking_forward",
    2: "walking_left",
    3: "walking_right",
    4: "walking_upstairs",
    5: "walking_downstairs",
    6: "running_forward",
    7: "jumping",
    8: "sitting",
    9: "standing",
    10: "sleeping",
    11: "elevator_up",
    12: "elevator_down",
}

CARD = Card(
    name="usc-had",
    title="USC Human Activity Dataset (USC-HAD)",
    holds="recordings",
    licence="No licence is known; its authors offer it for research. Ask them.",
    citation=(
        "M. Zhang, A. A. Sawchuk: USC-HAD: A Daily Activity Dataset for Ubiquitous "
        "Activity Recognition Using Wearable Sensors, UbiComp 2012 workshop on "
        "Situation, Activity and Goal Awareness."
    ),
    address="https://sipi.usc.edu/had/",
    url="https://sipi.usc.edu/had/USC-HAD.zip",
    sha256=None,
    size_bytes=None,
    folder="USC_HAD",
    inner_folder="USC-HAD",
    landmark="Subject1",
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"),
    units=("m/s^2",) * 3 + ("rad/s",) * 3,
    places=("hip",),
    subjects=tuple(str(number) for number in range(1, 15)),
    activities=tuple(LABELS.values()),
    n_recordings=840,
    protocol=(
        "None is official; leave out subjects, for example in 10 groups with 3 s "
        "windows and 50 % overlap (WHAR Arena)."
    ),
    traps=(
        "Each trial is one activity from end to end: there is no transition and no "
        "null, and neighbouring windows of a trial are nearly copies.",
        "Riding an elevator up or down is told from standing by the first and last "
        "second of the ride alone.",
        "Walking forward, left and right differ in how the path bends; few windows "
        "show it.",
        "Some files (those of subject 13) call a field 'activity_numbr'; the file name "
        "says the activity, and both must agree.",
    ),
    tried_on_real_files=False,
)

_FILE = re.compile(r"a(?P<activity>\d+)t(?P<trial>\d+)\.mat", re.IGNORECASE)


def load_usc_had(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load USC-HAD as 840 recordings, one a trial, with one event each.

    Accelerometer (with gravity, m/s^2) and gyroscope (rad/s) of a MotionNode at the
    front right hip share one clock of 100 Hz.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1", "14"]``. None loads all.

    Returns
    -------
    list of Recording
        Named ``subject01-walking_forward-1`` and so on: subject, activity, trial.

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
    M. Zhang, A. A. Sawchuk, USC-HAD, UbiComp 2012 workshop SAGAware: 14 subjects, 12
    activities, 5 trials each.

    Examples
    --------
    >>> from sensorhar.datasets.usc_had import CARD
    >>> CARD.n_recordings == len(CARD.subjects) * len(CARD.activities) * 5
    True
    """
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the trials of some subjects below a folder, whatever is in it."""
    recordings = []
    for subject in subjects:
        folder = root / f"Subject{subject}"
        found = sorted(
            (int(match["activity"]), int(match["trial"]), path)
            for path in (folder.iterdir() if folder.is_dir() else ())
            if (match := _FILE.fullmatch(path.name))
        )
        recordings += [_read_one(subject, *key) for key in found]
    return recordings


def _read_one(subject: str, activity: int, trial: int, path: Path) -> Recording:
    content = read_matlab(path)
    stated = _number(content.get("activity_number", content.get("activity_numbr")))
    if activity not in LABELS or stated not in (None, activity):
        raise DataError(
            f"{path} must hold an activity of 1 to {len(LABELS)}, the same as its "
            f"name; got {stated!r}. Fetch the data set again."
        )
    values = np.asarray(content.get("sensor_readings"))
    if values.ndim != 2 or values.shape[1] != 6 or not len(values):
        raise DataError(
            f"{path} must hold 'sensor_readings' of shape (n_samples, 6); got "
            f"{values.shape!r}. Fetch the data set again."
        )
    time_s = np.arange(len(values)) / RATE_HZ
    streams = [
        Stream.of_sensor(
            kind,
            as_readings(columns, unit, str(path)),
            time_s,
            place="hip",
            has_gravity=gravity,
            rate_hz=RATE_HZ,
        )
        for kind, columns, unit, gravity in (
            ("accelerometer", values[:, :3], "g", True),
            ("gyroscope", values[:, 3:], "deg/s", None),
        )
    ]
    return Recording(
        streams,
        name=f"subject{int(subject):02d}-{LABELS[activity]}-{trial}",
        subject=subject,
        events=Events([0.0], [len(values) / RATE_HZ], [LABELS[activity]]),
    )


def _number(field: Any) -> int | str | None:
    """Return a field as MATLAB wrote it, a number or the digits of one."""
    if field is None:
        return None
    text = str(np.ravel(field)[0]).strip() if np.size(field) else ""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return text
