"""UTD-MHAD: 27 actions of eight people, a sensor at the wrist or the thigh."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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

__all__ = ["load_utd_mhad"]

RATE_HZ = 50.0

#: Label of each action number, the ``a`` of the file name, in our words.
LABELS = {
    1: "swipe_left",
    2: "swipe_right",
    3: "wave",
    4: "clap",
    5: "throw",
    6: "cross_arms",
    7: "basketball_shoot",
    8: "draw_x",
    9: "draw_circle_clockwise",
    10: "draw_circle_counterclockwise",
    11: "draw_triangle",
    12: "bowling",
    13: "boxing",
    14: "baseball_swing",
    15: "tennis_swing",
    16: "arm_curl",
    17: "tennis_serve",
    18: "push",
    19: "knock",
    20: "catch",
    21: "pick_up_and_throw",
    22: "jogging_in_place",
    23: "walking_in_place",
    24: "sit_to_stand",
    25: "stand_to_sit",
    26: "lunge",
    27: "squat",
}

#: From this action on, the sensor was at the right thigh; before, at the right wrist.
FIRST_AT_THIGH = 22

CARD = Card(
    name="utd-mhad",
    title="UTD Multimodal Human Action Dataset (UTD-MHAD)",
    holds="recordings",
    licence="No licence text; offered for research with citation.",
    citation=(
        "C. Chen, R. Jafari, N. Kehtarnavaz: UTD-MHAD: A Multimodal Dataset for Human "
        "Action Recognition Utilizing a Depth Camera and a Wearable Inertial Sensor, "
        "ICIP 2015."
    ),
    address="https://personal.utdallas.edu/~kehtar/UTD-MHAD.html",
    url=None,
    how_to_get=(
        "Download Inertial.zip from the page by hand and unpack it so that its .mat "
        "files lie in UTD_MHAD/Inertial."
    ),
    sha256=None,
    size_bytes=None,
    folder="UTD_MHAD",
    inner_folder="",
    landmark="Inertial",
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"),
    units=("m/s^2",) * 3 + ("rad/s",) * 3,
    places=("wrist", "thigh"),
    subjects=tuple(str(number) for number in range(1, 9)),
    activities=tuple(LABELS.values()),
    n_recordings=861,
    protocol=(
        "The authors train on subjects 1, 3, 5, 7 and test on 2, 4, 6, 8; or leave one "
        "subject out."
    ),
    traps=(
        "The sensor was at the right wrist for actions 1 to 21 and at the right thigh "
        "for 22 to 27: its place gives the group of actions away, and a classifier "
        "of all 27 has learned that first.",
        "A trial is one action cut out, 2 to 7 s long, so there is no null; events "
        "cover the whole trial, the rest before and after the motion included.",
        "Trials differ in length; short windows of them, split at random, put parts "
        "of one trial on both sides.",
        "Of 27 x 8 x 4 trials three were broken and are not there: actions 8, 23 and "
        "27 have 31.",
        "Skeletons and depth images of the same trials have about 30 frames a second "
        "and a clock of their own.",
    ),
    tried_on_real_files=True,
)

_FILE = re.compile(r"a(?P<action>\d+)_s(?P<subject>\d+)_t(?P<trial>\d+)_inertial\.mat")


def load_utd_mhad(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load the inertial part of UTD-MHAD as 861 recordings, one a trial.

    Accelerometer (with gravity, m/s^2) and gyroscope (rad/s) share one clock of 50 Hz.
    One event covers each trial.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are. None looks in ``SENSORHAR_DATA``, then in the user's
        cache.
    download : bool, default=True
        Has no effect but on the message: the set is fetched by hand.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1", "8"]``. None loads all.

    Returns
    -------
    list of Recording
        Named ``a1_s1_t1`` as the files, in the order of action, subject, trial.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    ValueError
        When a subject is unknown.

    References
    ----------
    C. Chen, R. Jafari, N. Kehtarnavaz, UTD-MHAD, ICIP 2015.

    Examples
    --------
    >>> from sensorhar.datasets.utd_mhad import CARD
    >>> CARD.activities[7]
    'draw_x'
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
    found = sorted(
        (int(match["action"]), int(match["subject"]), int(match["trial"]), path)
        for path in (root / "Inertial").iterdir()
        if (match := _FILE.fullmatch(path.name)) and match["subject"] in subjects
    )
    # Most of the time goes into opening files, so that two threads help.
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda key: _read_one(*key), found))


def _read_one(action: int, subject: int, trial: int, path: Path) -> Recording:
    if action not in LABELS:
        raise DataError(
            f"actions must be 1 to {len(LABELS)}; got {path.name!r}. Remove that file, "
            "or fetch the data set again."
        )
    values = np.asarray(read_matlab(path).get("d_iner"))
    if values.ndim != 2 or values.shape[1] != 6 or not len(values):
        raise DataError(
            f"{path} must hold 'd_iner' of shape (n_samples, 6); got {values.shape!r}. "
            "Fetch the data set again."
        )
    time_s = np.arange(len(values)) / RATE_HZ
    streams = [
        Stream.of_sensor(
            kind,
            as_readings(columns, unit, str(path)),
            time_s,
            place="thigh" if action >= FIRST_AT_THIGH else "wrist",
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
        name=f"a{action}_s{subject}_t{trial}",
        subject=str(subject),
        events=Events([0.0], [len(values) / RATE_HZ], [LABELS[action]]),
    )
