"""UMAFall: falls and daily movements, a phone and four sensor tags on the body."""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import increasing_times
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import choose_subjects
from sensorhar.datasets._readings import is_number
from sensorhar.datasets._tables import read_bytes
from sensorhar.errors import DataError

__all__ = ["load_uma_fall"]

#: Nominal rates of the phone, which really runs at 197 to 203 Hz, and of the tags.
RATE_HZ = 200.0
TAG_RATE_HZ = 20.0

#: Movement in the file's name -> our label.
LABELS = {
    "Walking": "walking",
    "Jogging": "jogging",
    "GoUpstairs": "walking_upstairs",
    "GoDownstairs": "walking_downstairs",
    "Bending": "bending",
    "HandsUp": "raising_hands",
    "Hopping": "hopping",
    "LyingDown_OnABed": "lying_down",
    "Sitting_GettingUpOnAChair": "sit_and_stand_up",
    "MakingACall": "making_a_call",
    "OpeningDoor": "opening_a_door",
    "Aplausing": "clapping",
    "forwardFall": "fall_forward",
    "backwardFall": "fall_backward",
    "lateralFall": "fall_lateral",
}

#: Sensor_ID -> place, where a file has lost the table in its comments.
PLACES = {0: "pocket", 1: "chest", 2: "waist", 3: "wrist", 4: "ankle"}
_PLACE_OF_NAME = {
    "RIGHTPOCKET": "pocket",
    "CHEST": "chest",
    "WAIST": "waist",
    "WRIST": "wrist",
    "ANKLE": "ankle",
}

#: Sensor_Type -> kind, unit in the file, and whether gravity is included.
KINDS: dict[int, tuple[str, str, bool | None]] = {
    0: ("accelerometer", "g", True),
    1: ("gyroscope", "deg/s", None),
    2: ("magnetometer", "uT", None),
}

N_COLUMNS = 7  # time stamp in ms, sample number, x, y, z, Sensor_Type, Sensor_ID

_TAG_CHANNELS = tuple(
    f"{place}_{prefix}_{axis}"
    for place in ("chest", "waist", "wrist", "ankle")
    for prefix in ("acc", "gyr", "mag")
    for axis in "xyz"
)

CARD = Card(
    name="uma-fall",
    title="UMAFall: Fall Detection Dataset (Universidad de Málaga)",
    holds="recordings",
    licence="CC BY 4.0 on figshare, as remembered and not seen here: look before use.",
    citation=(
        "E. Casilari, J. A. Santoyo-Ramón, J. M. Cano-García: UMAFall: A Multisensor "
        "Dataset for the Research on Automatic Fall Detection, Procedia Computer "
        "Science 110 (2017) 32-39."
    ),
    address="https://doi.org/10.6084/m9.figshare.4214283",
    url=None,
    sha256=None,
    size_bytes=None,
    how_to_get=(
        "Fetch the archive from https://doi.org/10.6084/m9.figshare.4214283 by hand "
        "and unpack its CSV files into UMAFall/UMAFall_Dataset below SENSORHAR_DATA."
    ),
    folder="UMAFall",
    inner_folder="",
    landmark="UMAFall_Dataset",
    rate_hz=RATE_HZ,
    rate_varies=True,
    channels=("pocket_acc_x", "pocket_acc_y", "pocket_acc_z", *_TAG_CHANNELS),
    units=("m/s^2",) * 3 + (("m/s^2",) * 3 + ("rad/s",) * 3 + ("uT",) * 3) * 4,
    places=tuple(PLACES.values()),
    subjects=tuple(str(number) for number in range(1, 20)),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "None official; leave out subjects, for example in 10 groups with 3 s windows "
        "and 50 % overlap (WHAR Arena)."
    ),
    traps=(
        "Published are 746 traces (538 of daily movements, 208 falls) of 19 subjects, "
        "as remembered; copies with fewer go around, and the loader takes what is "
        "there. Count before comparing.",
        "A trace lasts 15 s and its one label covers all of it: a fall takes about one "
        "second of that, the rest is standing before and lying after.",
        "The phone runs at 197 to 203 Hz with stamps that repeat, the tags at 20 Hz: "
        "each stream keeps its own clock, repaired by the sample numbers.",
        "Only the phone reaches a rate at which a fall's impact is sampled; at 20 Hz "
        "its peak is missed.",
        "Tags are missing in some files, the waist in one of six: choose channels that "
        "all recordings have, or mask.",
        "The magnetometer is not calibrated: its median size is 86 to 162 uT where the "
        "Earth gives 25 to 65, and in some files it reads 0 throughout.",
        "Falls were acted onto a mattress by healthy people; several subjects never "
        "fell, so a split by subject changes the share of falls.",
    ),
    tried_on_real_files=True,
)

_FILE = re.compile(
    r"UMAFall_Subject_(?P<subject>\d+)_(?P<kind>ADL|Fall)_(?P<movement>\w+?)_"
    r"(?P<trial>\d+)_(?P<date>\d{4}-\d\d-\d\d)_(?P<clock>\d\d-\d\d-\d\d)\.csv(\.gz)?"
)


def load_uma_fall(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load UMAFall, one recording of 15 s for each file, each with one event.

    Accelerometers (with gravity, m/s^2) of a phone in the right pocket at 200 Hz, and
    accelerometers, gyroscopes (rad/s) and magnetometers (uT) of four tags at 20 Hz,
    each on its own clock; channels are named ``pocket_acc_x``, ``wrist_gyr_z`` and so
    on. Sensors that a file lacks are missing in its recording.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are. None looks in ``SENSORHAR_DATA``, then in the user's
        cache.
    download : bool, default=True
        Has no effect but on the advice: the set must be fetched by hand.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["2", "12"]``. None loads those that are there.

    Returns
    -------
    list of Recording
        In the order of their file names.

    Raises
    ------
    DataError
        When files are missing or broken.
    ValueError
        When a subject is not on the card.

    References
    ----------
    E. Casilari, J. A. Santoyo-Ramón, J. M. Cano-García, UMAFall: A Multisensor Dataset
    for the Research on Automatic Fall Detection, Procedia Computer Science 110 (2017).

    Examples
    --------
    >>> from sensorhar.datasets.uma_fall import CARD
    >>> [activity for activity in CARD.activities if activity.startswith("fall")]
    ['fall_forward', 'fall_backward', 'fall_lateral']
    """
    wanted = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=wanted)
    missing = set(wanted) - {recording.subject for recording in recordings}
    if subjects is not None and missing:
        raise DataError(
            f"{root} must hold files of the subjects asked for; it lacks those of "
            f"{listing(missing)}. Fetch the whole set."
        )
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read all recordings of some subjects below a folder."""
    found = sorted(
        (path.name, path, match)
        for path in root.rglob("UMAFall_Subject_*")
        if (match := _FILE.fullmatch(path.name))
        and str(int(match["subject"])) in subjects
    )
    if not found:
        raise DataError(
            f"{root} must hold files such as "
            "UMAFall_Subject_02_ADL_Walking_1_2016-06-13_20-27-49.csv; it holds none "
            f"of the subjects asked for. {CARD.how_to_get}"
        )
    return [_read_one(path, match) for _, path, match in found]


def _read_one(path: Path, match: re.Match[str]) -> Recording:
    label = LABELS.get(match["movement"])
    if label is None:
        raise DataError(
            f"{path.name} must be of a movement among {listing(LABELS)}; got "
            f"{match['movement']!r}. Remove the file if it is not of this set."
        )
    content = read_bytes(path.with_name(path.name.removesuffix(".gz")))
    table = _read_rows(content, path.name)
    places = _read_places(content) or PLACES
    streams: list[tuple[NDArray[np.float64], NDArray[Any], int, str]] = []
    for place_id, place in places.items():
        for kind_id in KINDS:
            own = table[(table[:, 5] == kind_id) & (table[:, 6] == place_id)]
            if len(own):
                time_s = increasing_times(
                    own[:, 0] / 1000,
                    rate_hz=RATE_HZ if place == "pocket" else TAG_RATE_HZ,
                    called=path.name,
                    sequence=own[:, 1].astype(np.int64),
                )
                streams.append((time_s, own[:, 2:5], kind_id, place))
    if sum(len(time_s) for time_s, *_ in streams) != len(table):
        raise DataError(
            f"{path.name} must hold Sensor_Type {listing(KINDS)} and Sensor_ID "
            f"{listing(places)}; got others. Fetch the data set again."
        )
    first_s = min(time_s[0] for time_s, *_ in streams)
    subject = str(int(match["subject"]))
    recording = Recording(
        [
            Stream.of_sensor(
                KINDS[kind_id][0],
                values.astype(np.float32),
                time_s - first_s,
                unit=KINDS[kind_id][1],
                place=place,
                has_gravity=KINDS[kind_id][2],
                # The tags' median step is off by late packets; the phone's is not.
                rate_hz=None if place == "pocket" else TAG_RATE_HZ,
                prefix_place=True,
            )
            for time_s, values, kind_id, place in streams
        ],
        name=f"subject{int(subject):02d}-{label}-{match['trial']}-{match['date']}_"
        f"{match['clock']}",
        subject=subject,
        # The clock of the file name has no time zone, so it is no start.
        metadata={
            "trial": int(match["trial"]),
            "is_fall": match["kind"] == "Fall",
            "recorded": f"{match['date']} {match['clock'].replace('-', ':')}",
        },
    )
    event = Events([0.0], [recording.stop_s + 1 / RATE_HZ], [label])
    return recording.with_events(event)


def _read_places(content: bytes) -> dict[int, str]:
    """Return the table of places in the comments, such as ``%MAC; 3; WRIST; ...``."""
    places = {}
    for line in content[: content.rfind(b"%") + 200].decode("latin-1").splitlines():
        fields = [field.strip() for field in line.split(";")]
        if line.startswith("%") and len(fields) > 2 and fields[2] in _PLACE_OF_NAME:
            places[int(fields[1])] = _PLACE_OF_NAME[fields[2]]
    return dict(sorted(places.items()))


def _read_rows(content: bytes, name: str) -> NDArray[np.float64]:
    import pandas as pd

    at = 0
    while content[at : at + 1] in (b"%", b"T", b"\n", b"\r"):  # comments, column names
        end = content.find(b"\n", at)
        at = end + 1 if end >= 0 else len(content)
    try:
        table = pd.read_csv(
            io.BytesIO(content[at:]),
            sep=";",
            header=None,
            names=list(range(N_COLUMNS + 1)),  # lines of the original end with ';'
            dtype=np.float64,
        ).to_numpy()[:, :N_COLUMNS]
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{name} must hold {N_COLUMNS} numbers a line, separated by ';'; it cannot "
            f"be read ({error}). Fetch the data set again."
        ) from error
    if not len(table) or not is_number(table).all():
        is_bad = ~is_number(table).all(axis=1)
        where = (
            f"data row {int(is_bad.argmax()) + 1} does not" if len(table) else "none"
        )
        raise DataError(
            f"{name} must hold {N_COLUMNS} numbers a line, separated by ';'; {where}. "
            "It is cut short: fetch the data set again."
        )
    return table
