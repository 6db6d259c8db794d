"""RealWorld 2016: eight activities outdoors and at home, phones at seven places."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import repair_stamps
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._named_columns import read_named_columns
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.errors import DataError

__all__ = ["load_real_world"]

RATE_HZ = 50.0

#: Our word for each activity, as file names call it.
LABELS = {
    "climbingdown": "walking_downstairs",
    "climbingup": "walking_upstairs",
    "jumping": "jumping",
    "lying": "lying",
    "running": "running",
    "sitting": "sitting",
    "standing": "standing",
    "walking": "walking",
}

#: Our word for each place on the body, as file names call it.
PLACES = {
    "chest": "chest",
    "forearm": "forearm",
    "head": "head",
    "shin": "shin",
    "thigh": "thigh",
    "upperarm": "upper_arm",
    "waist": "waist",
}

# Sensor, start of the names of its zips and of the tables in them, gravity.
_SENSORS = (
    ("accelerometer", "acc", "acc", True),
    ("gyroscope", "gyr", "gyroscope", None),
    ("magnetometer", "mag", "magneticfield", None),
)
_KINDS = {stem: kind for kind, *stems, _ in _SENSORS for stem in stems}
_PREFIX = {kind: stem for kind, stem, *_ in _SENSORS}

#: No table of the set is nearly as large; one that unpacks to more is an attack.
MAX_BYTES = 1 << 28

#: Milliseconds since 1970 that are later than 2001 say when a recording began.
MIN_DATE_MS = 1e12

CARD = Card(
    name="real-world",
    title="RealWorld (HAR) 2016, University of Mannheim",
    holds="recordings",
    licence="not stated in the archive; the authors ask to cite the paper",
    citation=(
        "T. Sztyler, H. Stuckenschmidt: On-body Localization of Wearable Devices: An "
        "Investigation of Position-Aware Activity Recognition, PerCom 2016. "
        "doi:10.1109/PERCOM.2016.7456521"
    ),
    address=(
        "https://www.uni-mannheim.de/dws/research/projects/activity-recognition/"
        "dataset/dataset-realworld/"
    ),
    url=(
        "http://wifo5-14.informatik.uni-mannheim.de/sensor/dataset/realworld2016/"
        "realworld2016_dataset.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="RealWorld",
    inner_folder="realworld2016_dataset",
    landmark="proband1/data",
    rate_hz=RATE_HZ,
    channels=tuple(
        f"{place}_{stem}_{axis}"
        for stem in ("acc", "gyr", "mag")
        for place in PLACES.values()
        for axis in "xyz"
    ),
    units=("m/s^2",) * 21 + ("rad/s",) * 21 + ("uT",) * 21,
    places=tuple(PLACES.values()),
    subjects=tuple(str(number) for number in range(1, 16)),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "The paper cross-validates within each person; leave out subjects instead, "
        "for example in 10 groups with 3 s windows and 50 % overlap (WHAR Arena)."
    ),
    traps=(
        "Stairs of probands 4, 7 and 14 come in several parts, as zips within the zip; "
        "readers that open one level lose them.",
        "Tables of some are called walking_2 or the like although there is no first: "
        "probands 4, 6, 7, 8 and 13.",
        "Not everyone has every place: proband 2 climbing up lacks the forearm, "
        "proband 6 jumping the thigh.",
        "Seven phones have seven clocks of about 50 Hz with jitter and repeats; rows "
        "of two tables do not belong together.",
        "Jumping lasts about 1.7 min and the others about 10: classes are uneven.",
        "GPS, light and sound of the set are not loaded.",
    ),
    tried_on_real_files=False,
)

_SOURCE = re.compile(
    r"(?P<stem>acc|gyr|mag)_(?P<activity>[a-z]+)(_(?P<part>\d+))?_csv(\.zip)?",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"(?P<stem>acc|gyroscope|gyr|magneticfield|mag)_(?P<activity>[a-z]+)"
    r"(_(?P<part>\d+))?_(?P<place>[a-z]+)\.csv",
    re.IGNORECASE,
)

# Part of the activity, sensor, place.
_Key = tuple[int, str, str]
_Samples = tuple[NDArray[np.int64], NDArray[np.float32]]


def load_real_world(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    sensors: Sequence[str] = ("accelerometer", "gyroscope", "magnetometer"),
) -> list[Recording]:
    """Load RealWorld 2016: each person's activities, all places in one recording.

    Accelerometers (with gravity, m/s^2), gyroscopes (rad/s) and magnetometers (uT) of
    up to seven phones, each with its own clock, are named by place:
    ``upper_arm_acc_x``. One event covers the recording from end to end.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go; the zips inside may stay packed. None looks
        in ``SENSORHAR_DATA``, then in the user's cache.
    download : bool, default=True
        Whether to download the set (several GB) when it is not there.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["1", "2"]``. None loads all.
    sensors : sequence of str, default=("accelerometer", "gyroscope", "magnetometer")
        Load these only.

    Returns
    -------
    list of Recording
        Named ``proband1-walking`` and so on, with a part's number after it where an
        activity comes in several.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject or sensor is unknown.

    References
    ----------
    T. Sztyler, H. Stuckenschmidt, On-body Localization of Wearable Devices: An
    Investigation of Position-Aware Activity Recognition, PerCom 2016.

    Examples
    --------
    >>> from sensorhar.datasets.real_world import CARD
    >>> len(CARD.subjects), len(CARD.places), len(CARD.channels)
    (15, 7, 63)
    """
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen, sensors=sensors)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] = CARD.subjects,
    sensors: Sequence[str] = tuple(_PREFIX),
) -> list[Recording]:
    """Read the activities of some people below a folder, whatever is in it."""
    unknown = set(sensors) - set(_PREFIX)
    if unknown or not sensors:
        raise ValueError(
            f"sensors must be some of {listing(_PREFIX)}; got "
            f"{listing(unknown) or 'none'}."
        )
    recordings = []
    for subject in subjects:
        folder = root / f"proband{subject}" / "data"
        if not folder.is_dir():
            continue
        for activity in LABELS:
            parts = _read_parts(folder, activity, set(sensors))
            numbers = sorted({part for part, _, _ in parts})
            for number in numbers:
                own = {key[1:]: parts[key] for key in parts if key[0] == number}
                name = f"proband{subject}-{activity}"
                if len(numbers) > 1:
                    name += f"-{number}"
                recordings.append(_make_one(own, name, subject, LABELS[activity]))
    return recordings


def _read_parts(folder: Path, activity: str, sensors: set[str]) -> dict[_Key, _Samples]:
    """Return the samples of one activity by part, sensor and place."""
    parts: dict[_Key, _Samples] = {}
    for path in sorted(folder.iterdir()):
        match = _SOURCE.fullmatch(path.name) or _TABLE.fullmatch(path.name)
        if match is None:  # GPS, light, sound, pictures
            continue
        found = match["activity"].lower()
        if found not in LABELS:
            raise DataError(
                f"activities must be {listing(LABELS)}; got {found!r} in {path.name}. "
                "Fetch the data set again."
            )
        kind = _KINDS[match["stem"].lower()]
        if found != activity or kind not in sensors:
            continue
        for name, content, part in _tables(path, int(match["part"] or 1)):
            key, samples = _read_table(name, content, part, f"{path.name} of {folder}")
            # A zip stands before what was unpacked from it.
            if key not in parts or path.suffix.lower() == ".zip":
                parts[key] = samples
    return parts


def _tables(path: Path, part: int) -> Iterator[tuple[str, bytes, int]]:
    """Yield name, content and part of each table in a file, folder or zip."""
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            if inner.suffix.lower() == ".csv":
                yield inner.name, inner.read_bytes(), part
    elif path.suffix.lower() == ".csv":
        yield path.name, path.read_bytes(), part
    else:
        yield from _tables_of_zip(path.read_bytes(), part, path.name, depth=1)


def _tables_of_zip(
    content: bytes, part: int, called: str, depth: int
) -> Iterator[tuple[str, bytes, int]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            for member in sorted(opened.infolist(), key=lambda m: m.filename):
                inside = PurePosixPath(member.filename)
                suffix = inside.suffix.lower()
                if "__MACOSX" in inside.parts or suffix not in (".csv", ".zip"):
                    continue
                if member.file_size > MAX_BYTES:
                    raise DataError(
                        f"{inside.name} in {called} must unpack to at most "
                        f"{MAX_BYTES} bytes; got {member.file_size}. Do not trust this "
                        "archive: fetch the data set again."
                    )
                packed = opened.read(member)
                if suffix == ".csv":
                    yield inside.name, packed, part
                elif depth:
                    match = _SOURCE.fullmatch(inside.name)
                    number = int(match["part"] or 1) if match else part
                    within = f"{inside.name} in {called}"
                    yield from _tables_of_zip(packed, number, within, depth - 1)
    except DataError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,  # a directory that points before the beginning
        NotImplementedError,  # a compression that zipfile does not know
        RuntimeError,  # a password
    ) as error:
        raise DataError(
            f"{called} must be a whole zip archive; it is damaged ({error}). Fetch the "
            "data set again."
        ) from error


def _read_table(
    name: str, content: bytes, part: int, called: str
) -> tuple[_Key, _Samples]:
    match = _TABLE.fullmatch(name)
    if match is None or match["place"].lower() not in PLACES:
        raise DataError(
            f"tables in {called} must be called as acc_walking_chest.csv, with one of "
            f"{', '.join(PLACES)}; got {name!r}. Fetch the data set again."
        )
    columns = {"attr_time": np.int64, **dict.fromkeys(_AXES, np.float32)}
    table = read_named_columns(content, columns, f"{name} in {called}")
    values = table[list(_AXES)].to_numpy(np.float32)
    if not np.isfinite(values).all():
        raise DataError(
            f"{name} in {called} must hold finite readings; it does not. Fetch the "
            "data set again."
        )
    place = PLACES[match["place"].lower()]
    number = int(match["part"] or part)
    key = (number, _KINDS[match["stem"].lower()], place)
    return key, (table["attr_time"].to_numpy(np.int64), values)


_AXES = ("attr_x", "attr_y", "attr_z")


def _make_one(
    samples: dict[tuple[str, str], _Samples], name: str, subject: str, label: str
) -> Recording:
    start_ms = min(int(stamps.min()) for stamps, _ in samples.values())
    streams = []
    for kind, _, _, gravity in _SENSORS:
        for place in PLACES.values():
            if (kind, place) not in samples:
                continue
            stamps, values = samples[kind, place]
            repair = repair_stamps(
                (stamps - start_ms) / 1000,
                rate_hz=RATE_HZ,
                called=f"the {kind} at {place} in {name}",
            )
            streams.append(
                Stream.of_sensor(
                    kind,
                    values,
                    repair.time_s,
                    place=place,
                    has_gravity=gravity,
                    rate_hz=RATE_HZ,
                    prefix_place=True,
                )
            )
    first = min(stream.start_s for stream in streams)
    last = max(stream.stop_s for stream in streams)
    is_date = MIN_DATE_MS < start_ms < 10 * MIN_DATE_MS
    return Recording(
        streams,
        name=name,
        subject=subject,
        events=Events([first], [last + 1 / RATE_HZ], [label]),
        start=datetime.fromtimestamp(start_ms / 1000, UTC) if is_date else None,
    )
