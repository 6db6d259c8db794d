"""WISDM 2019: eighteen activities of 51 people with a phone and a watch."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np

from sensorhar._checks import check_choice
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._stretches import find_stretches
from sensorhar.datasets._wisdm_records import Records, read_records
from sensorhar.signal.clock import repair_clock

__all__ = ["load_wisdm_2019"]

RATE_HZ = 20.0

#: Label of each letter (activity_key.txt; there is no N), in our words.
LABELS = {
    "A": "walking",
    "B": "jogging",
    "C": "stairs",
    "D": "sitting",
    "E": "standing",
    "F": "typing",
    "G": "brushing_teeth",
    "H": "eating_soup",
    "I": "eating_chips",
    "J": "eating_pasta",
    "K": "drinking",
    "L": "eating_sandwich",
    "M": "kicking",
    "O": "playing_catch",
    "P": "dribbling",
    "Q": "writing",
    "R": "clapping",
    "S": "folding_clothes",
}

#: A pause of more ends a recording: twenty lost samples.
MAX_GAP_S = 1.0

#: Shorter pieces hold no window and are left out.
MIN_SAMPLES = 20

_PLACES = {"phone": "pocket", "watch": "wrist"}

# Word in file names, kind, gravity.
_SENSORS: tuple[tuple[str, str, bool | None], ...] = (
    ("accel", "accelerometer", True),
    ("gyro", "gyroscope", None),
)

CARD = Card(
    name="wisdm-2019",
    title="WISDM Smartphone and Smartwatch Activity and Biometrics",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository.",
    citation=(
        "G. M. Weiss, K. Yoneda, T. Hayajneh: Smartphone and Smartwatch-Based "
        "Biometrics Using Activities of Daily Living, IEEE Access 7 (2019)."
    ),
    address=(
        "https://archive.ics.uci.edu/dataset/507/wisdm+smartphone+and+smartwatch+"
        "activity+and+biometrics+dataset"
    ),
    url=(
        "https://archive.ics.uci.edu/static/public/507/wisdm+smartphone+and+smartwatch+"
        "activity+and+biometrics+dataset.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="WISDM_2019",
    inner_folder="wisdm-dataset",
    landmark="raw/phone/accel",
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"),
    units=("m/s^2",) * 3 + ("rad/s",) * 3,
    places=("pocket", "wrist"),
    subjects=tuple(str(number) for number in range(1600, 1651)),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "None is official; leave out subjects, for example in 10 groups with 3 s "
        "windows and 50 % overlap (WHAR Arena), phone and watch apart."
    ),
    traps=(
        "Phone and watch stamp with clocks of their own, the time since each was "
        "switched on and not Unix time as the notes say: they cannot be laid side by "
        "side, so each device has its own recordings.",
        "Stamps pause, repeat and start over, and activities are not in the order of "
        "time; windows over row numbers join what lies apart.",
        "From the phone in the pocket, eating and writing look like sitting: macro F1 "
        "is about 0.3 there and 0.7 from the watch (WHAR Arena).",
        "Each activity was done once, for three minutes; some are missing, and some "
        "are in the files of one sensor only.",
        "Units are not stated in the notes; they are Android's, m/s^2 with gravity and "
        "rad/s.",
        "The .arff files hold features of 10 s windows; they are not loaded.",
    ),
    tried_on_real_files=False,
)

_FILE = re.compile(
    r"data_(?P<subject>\d+)_(?P<sensor>accel|gyro)_(?P<device>phone|watch)\.txt(\.gz)?"
)


def load_wisdm_2019(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    device: Literal["phone", "watch"] | None = None,
) -> list[Recording]:
    """Load WISDM 2019 as recordings of one activity on one device each.

    Accelerometer (with gravity, m/s^2) and gyroscope (rad/s), nominally 20 Hz, each
    with its own stamps on the clock of the device. A recording ends where that clock
    pauses for more than 1 s or steps backwards; one event covers it.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1600", "1650"]``. None loads all.
    device : {"phone", "watch"} or None, default=None
        Phone (place ``"pocket"``) or watch (``"wrist"``); None loads both.

    Returns
    -------
    list of Recording
        Named ``1600-phone-walking-1`` and so on. Now and then one has only one of
        the two sensors.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject or device is unknown.

    References
    ----------
    G. M. Weiss, K. Yoneda, T. Hayajneh, IEEE Access 7 (2019); README.txt and
    activity_key.txt of the set.

    Examples
    --------
    >>> from sensorhar.datasets.wisdm_2019 import CARD
    >>> len(CARD.subjects), len(CARD.activities)
    (51, 18)
    """
    if device is not None:
        check_choice(device, "device", _PLACES)
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen, device=device)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] = CARD.subjects,
    device: str | None = None,
) -> list[Recording]:
    """Read the recordings of some subjects below a folder, whatever is in it."""
    found: dict[tuple[str, str], dict[str, Path]] = {}
    for one in _PLACES if device is None else [device]:
        for sensor, _, _ in _SENSORS:
            folder = root / "raw" / one / sensor
            for path in folder.iterdir() if folder.is_dir() else ():
                match = _FILE.fullmatch(path.name)
                if match and match["subject"] in subjects:
                    plain = path.with_name(path.name.removesuffix(".gz"))
                    found.setdefault((match["subject"], one), {})[sensor] = plain
    with ThreadPoolExecutor(max_workers=2) as pool:
        parts = pool.map(
            lambda key: _read_one(key[0], key[1], found[key]), sorted(found)
        )
    return [recording for part in parts for recording in part]


def _read_one(subject: str, device: str, paths: dict[str, Path]) -> list[Recording]:
    """Return the recordings of one person with one device."""
    records = {
        sensor: read_records(path, users=[subject], activities=LABELS)
        for sensor, path in paths.items()
    }
    recordings = []
    for letter, label in LABELS.items():
        pieces = [
            (sensor, piece)
            for sensor, one in records.items()
            for piece in _pieces(one.take(one.activity == letter))
        ]
        for number, group in enumerate(_together(pieces), 1):
            recordings.append(
                _build(group, f"{subject}-{device}-{label}-{number}", subject, device)
            )
    return recordings


def _pieces(records: Records) -> list[Records]:
    """Cut where the clock pauses or steps back."""
    return [
        records.take(slice(int(first), int(last)))
        for first, last in find_stretches(records.stamp_s, max_gap_s=MAX_GAP_S)
        if last - first >= MIN_SAMPLES
    ]


def _together(pieces: list[tuple[str, Records]]) -> list[dict[str, Records]]:
    """Put pieces of the two sensors that overlap in time into one recording.

    Pieces of one sensor never share a recording, so that no time is there twice.
    """
    groups: list[dict[str, Records]] = []
    # The longest first, so that each finds the partner it shares most time with.
    for sensor, piece in sorted(pieces, key=lambda pair: -len(pair[1].stamp_s)):
        shared = [
            0.0 if sensor in group else _overlap_s(piece, next(iter(group.values())))
            for group in groups
        ]
        if shared and max(shared) > 0:
            groups[int(np.argmax(shared))][sensor] = piece
        else:
            groups.append({sensor: piece})
    return sorted(groups, key=lambda group: min(p.stamp_s[0] for p in group.values()))


def _overlap_s(one: Records, other: Records) -> float:
    start_s = max(one.stamp_s.min(), other.stamp_s.min())
    return float(min(one.stamp_s.max(), other.stamp_s.max()) - start_s)


def _build(
    group: dict[str, Records], name: str, subject: str, device: str
) -> Recording:
    origin_s = min(piece.stamp_s[0] for piece in group.values())
    streams = []
    for sensor, kind, gravity in _SENSORS:
        if sensor not in group:
            continue
        piece = group[sensor]
        # Repeated stamps are samples handed over late, not copies: all are kept.
        repair = repair_clock(
            piece.stamp_s - origin_s, rate_hz=RATE_HZ, max_gap_s=MAX_GAP_S
        )
        streams.append(
            Stream.of_sensor(
                kind,
                piece.values,
                repair.time_s,
                place=_PLACES[device],
                has_gravity=gravity,
                rate_hz=RATE_HZ,
            )
        )
    first_s = min(stream.start_s for stream in streams)
    last_s = max(stream.stop_s for stream in streams)
    letter = next(iter(group.values())).activity[0]
    return Recording(
        streams,
        name=name,
        subject=subject,
        events=Events([first_s], [last_s + 1 / RATE_HZ], [LABELS[str(letter)]]),
        metadata={"device": device},
    )
