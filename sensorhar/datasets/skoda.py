"""Skoda Mini Checkpoint: ten gestures of car assembly, ten accelerometers an arm."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._matrix import read_matrix
from sensorhar.datasets._readings import as_readings
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.errors import DataError

__all__ = ["load_skoda"]

RATE_HZ = 98.0

#: Numbers of the sensors at each arm (documentation of the archive).
SENSORS = {
    "right": (1, 2, 14, 16, 18, 21, 22, 24, 27, 29),
    "left": (3, 17, 19, 20, 23, 25, 26, 28, 30, 31),
}

#: Label of each class number (documentation of the archive), in our words.
LABELS = {
    48: "write_on_notepad",
    49: "open_hood",
    50: "close_hood",
    51: "check_gaps_front_door",
    52: "open_left_front_door",
    53: "close_left_front_door",
    54: "close_both_left_doors",
    55: "check_trunk_gaps",
    56: "open_and_close_trunk",
    57: "check_steering_wheel",
}
NULL = 32

#: Columns of each sensor: its number, x y z in milli-g, x y z as the converter read.
WIDTH = 7

_PLACES = tuple(
    f"{arm}_arm_{number}" for arm, numbers in SENSORS.items() for number in numbers
)

CARD = Card(
    name="skoda",
    title="Skoda Mini Checkpoint",
    holds="recordings",
    licence="not stated on its page; the documentation inside asks to cite the papers",
    citation=(
        "P. Zappi, C. Lombriser, T. Stiefmeier, E. Farella, D. Roggen, L. Benini, "
        "G. Tröster: Activity Recognition from On-Body Sensors: Accuracy-Power "
        "Trade-Off by Dynamic Sensor Selection, EWSN 2008"
    ),
    address="http://har-dataset.org/doku.php?id=wiki:dataset",
    url=(
        "http://har-dataset.org/lib/exe/fetch.php?media=wiki:dataset:skodaminicp:"
        "skodaminicp_2015_08.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="Skoda",
    inner_folder="SkodaMiniCP_2015_08",
    landmark="right_classall_clean.mat",
    rate_hz=RATE_HZ,
    channels=tuple(f"{place}_acc_{axis}" for place in _PLACES for axis in "xyz"),
    units=("m/s^2",) * (3 * len(_PLACES)),
    places=_PLACES,
    subjects=("1",),
    activities=tuple(LABELS.values()),
    n_recordings=2,
    protocol=(
        "One person only, so no result says anything about others. Papers use the "
        "right arm and hold out a stretch of time of each class; say which."
    ),
    traps=(
        "One person: it cannot show how well a model does on people it has not seen.",
        "The null class, a good part of the time, is null here.",
        "The files have no stamps and the two arms have their own lengths: samples of "
        "left and right do not belong together.",
        "A sensor's first column is its number, not a reading; several public readers "
        "take it for x, which makes the third axis of every sensor the y.",
        "Where at the arm a sensor sits is told by a picture inside the archive only.",
    ),
    tried_on_real_files=False,
)


def load_skoda(
    *, data_dir: str | Path | None = None, download: bool = True
) -> list[Recording]:
    """Load Skoda Mini Checkpoint as two whole recordings, one of each arm.

    Each arm has ten accelerometers with gravity (m/s^2), at 98 Hz, named by their
    numbers: ``right_arm_24_acc_x``. What is none of the gestures has no event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.

    Returns
    -------
    list of Recording
        ``right`` and ``left``.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.

    References
    ----------
    P. Zappi et al., Activity Recognition from On-Body Sensors: Accuracy-Power
    Trade-Off by Dynamic Sensor Selection, EWSN 2008.

    Examples
    --------
    >>> from sensorhar.datasets.skoda import CARD
    >>> len(CARD.channels), CARD.activities[0]
    (60, 'write_on_notepad')
    """
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    return read_recordings(root)


def read_recordings(root: Path) -> list[Recording]:
    """Read both arms below a folder."""
    return [_read_one(root, arm) for arm in SENSORS]


def _read_one(root: Path, arm: str) -> Recording:
    numbers = SENSORS[arm]
    named = f"{arm}_classall_clean"
    matrix = read_matrix(root / f"{named}.mat", named, 1 + WIDTH * len(numbers))
    time_s = np.arange(len(matrix)) / RATE_HZ
    blocks = {
        _number_of(block, named): block
        for block in np.split(matrix[:, 1:], len(numbers), axis=1)
    }
    if set(blocks) != set(numbers):
        raise DataError(
            f"{named} must hold sensors {', '.join(map(str, numbers))}; got "
            f"{', '.join(map(str, sorted(blocks)))}. Fetch the data set again."
        )
    streams = [
        Stream.of_sensor(
            "accelerometer",
            as_readings(blocks[number][:, 1:4], "mg", named),
            time_s,
            place=f"{arm}_arm_{number}",
            has_gravity=True,
            rate_hz=RATE_HZ,
            prefix_place=True,
        )
        for number in numbers
    ]
    return Recording(
        streams,
        name=arm,
        subject="1",
        events=events_of_samples(
            matrix[:, 0], time_s, LABELS, null=NULL, rate_hz=RATE_HZ, called=named
        ),
    )


def _number_of(block: NDArray[np.float64], named: str) -> int:
    """Return the sensor whose columns these are, the same in every row."""
    first = block[0, 0]
    if (block[:, 0] != first).any() or first not in range(100):
        raise DataError(
            f"{named} must hold the number of one sensor in every seventh column; got "
            f"{np.unique(block[:, 0])[:5].tolist()}. Fetch the data set again."
        )
    return int(first)
