"""PAMAP2: twelve activities of nine people, sensors at hand, chest and ankle."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from sensorhar._checks import check_choice
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.datasets._tables import read_table
from sensorhar.errors import DataError
from sensorhar.signal.clock import repair_clock

__all__ = ["load_pamap2"]

RATE_HZ = 100.0

#: The heart rate monitor gives about so many values a second.
HEART_RATE_HZ = 9.0

#: Label of each activity number, in our words; 0 is transient, which is null.
LABELS = {
    1: "lying",
    2: "sitting",
    3: "standing",
    4: "walking",
    5: "running",
    6: "cycling",
    7: "nordic_walking",
    12: "walking_upstairs",
    13: "walking_downstairs",
    16: "vacuum_cleaning",
    17: "ironing",
    24: "rope_jumping",
}

#: Of the optional part, which the protocol does not ask for.
OPTIONAL_LABELS = {
    9: "watching_tv",
    10: "computer_work",
    11: "car_driving",
    18: "folding_laundry",
    19: "house_cleaning",
    20: "playing_soccer",
}

N_COLUMNS = 54

# First column of each unit from 0. Within one: temperature, accelerometer of 16 g,
# accelerometer of 6 g, gyroscope, magnetometer, orientation (invalid).
_UNITS = {"hand": 3, "chest": 20, "ankle": 37}
_SENSORS: tuple[tuple[str, int, bool | None], ...] = (
    ("accelerometer", 1, True),
    ("gyroscope", 7, None),
    ("magnetometer", 10, None),
)

CARD = Card(
    name="pamap2",
    title="PAMAP2 Physical Activity Monitoring",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository.",
    citation=(
        "A. Reiss, D. Stricker: Introducing a New Benchmarked Dataset for Activity "
        "Monitoring, ISWC 2012."
    ),
    address=(
        "https://archive.ics.uci.edu/dataset/231/pamap2+physical+activity+monitoring"
    ),
    url=(
        "https://archive.ics.uci.edu/static/public/231/"
        "pamap2+physical+activity+monitoring.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="PAMAP2",
    inner_folder="PAMAP2_Dataset",
    landmark="Protocol",
    rate_hz=RATE_HZ,
    channels=(
        "hr_bpm",
        *(
            f"{place}_{prefix}_{axis}"
            for place in _UNITS
            for prefix in ("acc", "gyr", "mag")
            for axis in "xyz"
        ),
    ),
    units=("bpm", *(*("m/s^2",) * 3, *("rad/s",) * 3, *("uT",) * 3) * 3),
    places=("hand", "chest", "ankle"),
    subjects=tuple(str(number) for number in range(101, 110)),
    activities=tuple(LABELS.values()),
    n_recordings=9,
    protocol=(
        "The authors leave one subject out and take the 12 activities of the protocol. "
        "Subject 109 did rope jumping only. The optional part, five recordings more, "
        "has six further activities."
    ),
    traps=(
        "Time labelled 0 is transient, not an activity; the authors ask to leave it "
        "out of training, and it is null here.",
        "The radio lost packets: those lines are left out of the streams, which so "
        "have gaps.",
        "The second accelerometer (6 g) saturates in running and is not calibrated to "
        "the first: only that of 16 g is loaded. The orientation columns are invalid "
        "by the authors' word.",
        "Heart rate comes about 9 times a second beside 100 Hz: most lines hold NaN "
        "there, so it is a stream of its own. All followed one order of activities, "
        "and the heart remembers the one before: it tells the order, too.",
        "Not everybody did each activity: see the summary that comes with the set.",
    ),
    tried_on_real_files=False,
)


def load_pamap2(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    part: Literal["protocol", "optional", "both"] = "protocol",
) -> list[Recording]:
    """Load PAMAP2 as whole recordings with their labelled intervals.

    Three IMUs of 100 Hz, at hand (the wrist of the dominant arm), chest and ankle:
    accelerometers (with gravity, m/s^2), gyroscopes (rad/s), magnetometers (uT); and
    the heart rate at about 9 Hz. Transient time stays without an event. Beware of its
    size: 0.5 GB in memory when all is loaded.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["101", "105"]``. None loads all.
    part : {"protocol", "optional", "both"}, default="protocol"
        Which recordings; not everybody has an optional one.

    Returns
    -------
    list of Recording
        Named ``subject101-protocol`` and so on.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject or part is unknown.

    References
    ----------
    A. Reiss, D. Stricker, ISWC 2012; readme.pdf of the set.

    Examples
    --------
    >>> from sensorhar.datasets.pamap2 import CARD
    >>> CARD.subjects[0], CARD.channels[:2]
    ('101', ('hr_bpm', 'hand_acc_x'))
    """
    check_choice(part, "part", ["protocol", "optional", "both"])
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = []
    if part != "optional":
        recordings = read_recordings(root, subjects=chosen)
        check_whole(CARD, recordings, subjects)
    if part != "protocol":
        recordings += read_recordings(root, subjects=chosen, part="Optional")
    return recordings


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] = CARD.subjects,
    part: str = "Protocol",
) -> list[Recording]:
    """Read the recordings of some subjects in the folder of one part."""
    paths = [(subject, root / part / f"subject{subject}.dat") for subject in subjects]
    return [
        _read_one(path, subject, part.lower())
        for subject, path in paths
        if path.exists() or path.with_name(path.name + ".gz").exists()
    ]


def _read_one(path: Path, subject: str, part: str) -> Recording:
    table = read_table(path, N_COLUMNS, may_miss=True)
    n_without = int(np.isnan(table[:, :2]).any(axis=1).sum())
    if n_without:
        raise DataError(
            f"{path} must have a time and an activity in each line; got {n_without} "
            "lines without. Fetch the data set again."
        )
    try:
        time_s = repair_clock(table[:, 0] - table[0, 0], rate_hz=RATE_HZ).time_s
    except ValueError as error:
        raise DataError(
            f"{path} must have times that go forward; {error} Fetch the data set again."
        ) from error
    streams = []
    beat = np.isfinite(table[:, 2])
    if beat.any():
        streams.append(
            Stream.of_sensor(
                "heart_rate",
                table[beat, 2:3].astype(np.float32),
                time_s[beat],
                place="chest",
                rate_hz=HEART_RATE_HZ,
            )
        )
    for place, first in _UNITS.items():
        # A lost packet takes all of a unit with it; its sensors share one clock.
        unit = table[:, first : first + 13]
        is_there = np.isfinite(unit[:, 1:]).any(axis=1)
        if not is_there.any():
            continue
        clock = time_s[is_there]
        streams += [
            Stream.of_sensor(
                kind,
                unit[is_there, column : column + 3].astype(np.float32),
                clock,
                place=place,
                has_gravity=gravity,
                rate_hz=RATE_HZ,
                prefix_place=True,
            )
            for kind, column, gravity in _SENSORS
        ]
    if not streams:
        raise DataError(
            f"{path} must hold readings; got {len(table)} lines without any. Fetch the "
            "data set again."
        )
    return Recording(
        streams,
        name=f"subject{subject}-{part}",
        subject=subject,
        events=events_of_samples(
            table[:, 1],
            time_s,
            {**LABELS, **OPTIONAL_LABELS},
            null=0,
            rate_hz=RATE_HZ,
            called=path.name,
        ),
    )
