"""ExtraSensory: sixty people's own phones and a watch, 20 s of each minute."""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import increasing_times
from sensorhar.datasets._extra_sensory_subjects import SUBJECTS
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import choose_subjects
from sensorhar.datasets._readings import is_number
from sensorhar.datasets._tables import read_bytes
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["load_extra_sensory"]

RATE_HZ = 40.0
WATCH_RATE_HZ = 25.0

#: Labels of the two tracks: column -> our label. Of the cleaned ones the six
#: postures and movements; the original "main activity" is exclusive by design.
CLEANED = {
    "label:LYING_DOWN": "lying",
    "label:SITTING": "sitting",
    "label:OR_standing": "standing",
    "label:FIX_walking": "walking",
    "label:FIX_running": "running",
    "label:BICYCLING": "cycling",
}
ORIGINAL = {
    "original_label:LYING_DOWN": "lying",
    "original_label:SITTING": "sitting",
    "original_label:STANDING_IN_PLACE": "standing_in_place",
    "original_label:STANDING_AND_MOVING": "standing_and_moving",
    "original_label:WALKING": "walking",
    "original_label:RUNNING": "running",
    "original_label:BICYCLING": "cycling",
}
TRACKS: dict[str, tuple[str, Mapping[str, str]]] = {
    "cleaned": ("features_labels", CLEANED),
    "original": ("original_labels", ORIGINAL),
}

# Folder and file ending, kind, unit (of the accelerometers told from the readings),
# place, gravity, rate.
_SENSORS: tuple[tuple[str, str, str, str, bool | None, float], ...] = (
    ("raw_acc", "accelerometer", "", "phone", True, RATE_HZ),
    ("proc_gyro", "gyroscope", "rad/s", "phone", None, RATE_HZ),
    ("raw_magnet", "magnetometer", "uT", "phone", None, RATE_HZ),
    ("watch_acc", "accelerometer", "", "wrist", True, WATCH_RATE_HZ),
)
#: Units an accelerometer of the set may be in.
_UNITS = {"g": 1.0, "m/s^2": STANDARD_GRAVITY, "mg": 1000.0}

CARD = Card(
    name="extra-sensory",
    title="The ExtraSensory Dataset, raw measurements",
    holds="recordings",
    licence=(
        "Public; any publication is to cite the paper below (README of the primary "
        "files). No licence was seen here."
    ),
    citation=(
        "Y. Vaizman, K. Ellis, G. Lanckriet: Recognizing Detailed Human Context In-the-"
        "Wild from Smartphones and Smartwatches, IEEE Pervasive Computing 16(4) (2017) "
        "62-74. doi:10.1109/MPRV.2017.3971131"
    ),
    address="http://extrasensory.ucsd.edu/",
    url=None,
    sha256=None,
    size_bytes=None,
    how_to_get=(
        "Fetch from http://extrasensory.ucsd.edu/ the archives of raw_acc and, as "
        "wanted, proc_gyro, raw_magnet and watch_acc, and those of the labels; unpack "
        "all into ExtraSensory below SENSORHAR_DATA, so that there are folders such as "
        "raw_acc/<UUID>, and files <UUID>.features_labels.csv.gz anywhere."
    ),
    folder="ExtraSensory",
    inner_folder="",
    landmark="raw_acc",
    rate_hz=RATE_HZ,
    rate_varies=True,
    channels=(
        *(f"phone_{s}_{axis}" for s in ("acc", "gyr", "mag") for axis in "xyz"),
        *(f"wrist_acc_{axis}" for axis in "xyz"),
    ),
    units=(*("m/s^2",) * 3, *("rad/s",) * 3, *("uT",) * 3, *("m/s^2",) * 3),
    places=("phone", "wrist"),
    subjects=SUBJECTS,
    activities=tuple(CLEANED.values()),
    n_recordings=None,
    protocol="Five folds of subjects, published as lists of UUIDs (cv_5_folds).",
    traps=(
        "About 20 s of each minute were recorded: streams are full of gaps, and no "
        "window may cross one.",
        "Where the phone was (pocket, hand, bag, table) changes all the time, and is a "
        "label of its own: place 'phone' means only that it is the phone.",
        "Android phones wrote m/s^2, iPhones g, the watch mg. The unit of each "
        "sensor is told from its readings; rates differ too (34 to 50 Hz seen).",
        "Labels were given by the people themselves, often for hours at once, with "
        "several at a time; examples with none or several of the six have no event.",
        "The watch sometimes repeated a stale buffer for hours, as a public converter "
        "of the set found.",
        "Examples the phone could not record are files that hold 'nan'; they are left "
        "out. Not all people have a gyroscope.",
        "That an example starts at its time stamp is assumed.",
    ),
    tried_on_real_files=False,
)


def load_extra_sensory(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    labels: str = "cleaned",
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load ExtraSensory's raw measurements, one recording for each person.

    Accelerometer (with gravity, m/s^2), gyroscope (rad/s) and magnetometer (uT) of the
    phone at about 40 Hz, and the accelerometer of a watch at 25 Hz, as far as their
    folders are there. A recording has days; its samples lie in the 20 s that were
    recorded of each minute::

        samples   ||||         ||||         ||||
        events    |walk|       |walk|       none or several labels: no event

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are. None looks in ``SENSORHAR_DATA``, then in the user's
        cache.
    download : bool, default=True
        Has no effect but on the advice: the set must be fetched by hand.
    labels : {"cleaned", "original"}, default="cleaned"
        The authors' cleaned labels (six activities), or what people reported (seven:
        standing is "standing_in_place" or "standing_and_moving").
    subjects : sequence of str or None, default=None
        UUIDs to load. None loads those that are there, some 380,000 files in all.

    Returns
    -------
    list of Recording
        Named by UUID, in the order of the card.

    Raises
    ------
    DataError
        When files are missing or broken.
    ValueError
        When a subject is not on the card, or the track of labels is unknown.

    Warns
    -----
    SensorharWarning
        When examples are left out because they overlap the one before.

    References
    ----------
    Y. Vaizman, K. Ellis, G. Lanckriet, Recognizing Detailed Human Context In-the-Wild
    from Smartphones and Smartwatches, IEEE Pervasive Computing 16(4) (2017).

    Examples
    --------
    >>> from sensorhar.datasets.extra_sensory import CARD
    >>> len(CARD.subjects), CARD.activities
    (60, ('lying', 'sitting', 'standing', 'walking', 'running', 'cycling'))
    """
    check_choice(labels, "labels", TRACKS)
    wanted = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, labels=labels, subjects=wanted)
    missing = set(wanted) - {recording.subject for recording in recordings}
    if subjects is not None and missing:
        raise DataError(
            f"{root} must hold folders of the subjects asked for; it lacks those of "
            f"{listing(missing)}. {CARD.how_to_get}"
        )
    return recordings


def read_recordings(
    root: Path, *, labels: str = "cleaned", subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the people asked for below a folder, as far as they are there."""
    found = [subject for subject in subjects if _folder(root, "raw_acc", subject)]
    if not found:
        raise DataError(
            f"{root} must hold folders such as raw_acc/{SUBJECTS[0]}; it holds none of "
            f"the subjects asked for. {CARD.how_to_get}"
        )
    return [_read_one(root, subject, labels) for subject in found]


def _folder(root: Path, sensor: str, subject: str) -> Path | None:
    """Return a person's folder; archives unpack one folder deeper at times."""
    for folder in (root / sensor / subject, root / sensor / sensor / subject):
        if folder.is_dir():
            return folder
    return None


def _read_one(root: Path, subject: str, labels: str) -> Recording:
    truth = _read_labels(root, subject, labels)
    parts = {}
    for sensor, *_ in _SENSORS:
        folder = _folder(root, sensor, subject)
        examples = [] if folder is None else list(_examples(folder, sensor))
        if examples:
            parts[sensor] = examples
    if not parts:
        raise DataError(
            f"{root} must hold readings of {subject}; all its files are empty. Fetch "
            "the data set again."
        )
    first = min(stamp for examples in parts.values() for stamp, _, _ in examples)
    streams: list[Stream] = []
    ends: dict[int, float] = {}
    for sensor, kind, unit, place, gravity, rate_hz in _SENSORS:
        if sensor not in parts:
            continue
        time_s, values, stops = _join(parts[sensor], first, f"{sensor}/{subject}")
        for stamp, stop_s in stops:
            ends[stamp] = max(ends.get(stamp, 0.0), stop_s + 1 / rate_hz)
        streams.append(
            Stream.of_sensor(
                kind,
                values.astype(np.float32),
                time_s,
                unit=unit or _unit_of(values, f"{sensor}/{subject}"),
                place=place,
                has_gravity=gravity,
                rate_hz=rate_hz,
                prefix_place=True,
            )
        )
    known = sorted(stamp for stamp in ends if stamp in truth)
    return Recording(
        streams,
        name=subject,
        subject=subject,
        start=datetime.fromtimestamp(first, UTC),
        events=Events(
            [float(stamp - first) for stamp in known],
            [ends[stamp] for stamp in known],
            [truth[stamp] for stamp in known],
        ),
    )


def _read_labels(root: Path, subject: str, labels: str) -> dict[int, str]:
    """Return the label of each example that has exactly one."""
    import pandas as pd

    ending, names = TRACKS[labels]
    name = f"{subject}.{ending}.csv"
    found = sorted(root.rglob(f"{name}*"))
    if not found:
        raise DataError(
            f"{root} must hold {name}.gz for the {labels!r} labels; it does not. "
            f"{CARD.how_to_get}"
        )
    content = read_bytes(found[0].with_name(name))
    try:
        table = pd.read_csv(
            io.BytesIO(content), usecols=["timestamp", *names], dtype="f8"
        )
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{name} must be a table with 'timestamp' and {listing(names)}; it cannot "
            f"be read ({error}). Fetch the data set again."
        ) from error
    is_set = table[list(names)].to_numpy() == 1
    stamps = table["timestamp"].to_numpy()
    if not np.isfinite(stamps).all():
        raise DataError(
            f"{name} must have a timestamp in each line; some lack it. Fetch the data "
            "set again."
        )
    words = list(names.values())
    return {
        int(stamps[row]): words[int(is_set[row].argmax())]
        for row in np.flatnonzero(is_set.sum(axis=1) == 1)
    }


def _examples(
    folder: Path, sensor: str
) -> Iterator[tuple[int, NDArray[np.float64], NDArray[np.float64]]]:
    """Yield stamp, times in s from it and readings of the examples in a folder."""
    pattern = re.compile(rf"(\d+)\.m_{sensor}\.dat")
    stamps = sorted(
        int(match[1])
        for path in folder.iterdir()
        if (match := pattern.fullmatch(path.name))
    )
    for stamp in stamps:
        path = folder / f"{stamp}.m_{sensor}.dat"
        text = path.read_bytes()
        if text.strip().lower() in (b"", b"nan"):
            continue  # could not be recorded
        table = _numbers(text, path)
        if table.shape[1] == 3:  # older watches sent no times
            yield stamp, np.arange(len(table)) / WATCH_RATE_HZ, table
            continue
        scale = 1000.0 if sensor == "watch_acc" else 1.0  # the watch counts ms
        time_s = increasing_times(
            (table[:, 0] - table[0, 0]) / scale, rate_hz=RATE_HZ, called=str(path)
        )
        yield stamp, time_s - time_s[0], table[:, 1:]


def _numbers(text: bytes, path: Path) -> NDArray[np.float64]:
    """Return the numbers of one small file; pandas costs more than the file there."""
    lines = text.split(b"\n")
    width = len(lines[0].split())
    fields = text.split()
    try:
        table = np.array(fields, dtype=np.float64)
    except ValueError as error:
        raise DataError(
            f"{path} must hold numbers; it cannot be read ({error}). Fetch the data "
            "set again."
        ) from error
    if width not in (3, 4) or len(table) % width or not is_number(table).all():
        raise DataError(
            f"{path} must hold a time, then x, y and z, in each line, all finite; got "
            f"{width} numbers in the first line and {len(table)} in all. Fetch the "
            "data set again."
        )
    return table.reshape(-1, width)


def _join(
    examples: Sequence[tuple[int, NDArray[np.float64], NDArray[np.float64]]],
    first: int,
    called: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[tuple[int, float]]]:
    """Put the examples of one sensor on one time line."""
    times, values, stops = [], [], []
    reached_s = -np.inf
    n_left_out = 0
    for stamp, time_s, rows in examples:
        start_s = float(stamp - first)
        if start_s <= reached_s:
            n_left_out += 1
            continue
        reached_s = start_s + float(time_s[-1])
        times.append(start_s + time_s)
        values.append(rows)
        stops.append((stamp, reached_s))
    if n_left_out:
        warnings.warn(
            f"{n_left_out} of {len(examples)} examples of {called} begin before the "
            "one before them ends; they are left out.",
            SensorharWarning,
            stacklevel=4,
        )
    return np.concatenate(times), np.concatenate(values), stops


def _unit_of(values: NDArray[np.float64], called: str) -> str:
    """Return the unit in which an accelerometer reads gravity most of the day."""
    size = float(np.median(np.linalg.norm(values, axis=1)))
    for unit, gravity in _UNITS.items():
        if 0.6 < size / gravity < 1.6:
            return unit
    raise DataError(
        f"the accelerometer {called} must read gravity in g, m/s^2 or mg; its median "
        f"size is {size:.3g}, which is none of them. Leave this subject out with "
        "subjects=[...]."
    )
