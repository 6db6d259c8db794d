"""Opportunity: four people in a kitchen with sensors all over the upper body."""

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
from sensorhar.units import to_si

__all__ = ["load_opportunity"]

RATE_HZ = 30.0

N_COLUMNS = 250

#: Tracks of labels (label_legend.txt): column from 0, and our word for each number; 0
#: is null in all of them.
TRACKS: dict[str, tuple[int, dict[int, str]]] = {
    "locomotion": (243, {1: "standing", 2: "walking", 4: "sitting", 5: "lying"}),
    "high_level": (
        244,
        {
            101: "relaxing",
            102: "coffee_time",
            103: "early_morning",
            104: "cleanup",
            105: "sandwich_time",
        },
    ),
    "gestures": (
        249,
        {
            406516: "open_door_1",
            406517: "open_door_2",
            404516: "close_door_1",
            404517: "close_door_2",
            406520: "open_fridge",
            404520: "close_fridge",
            406505: "open_dishwasher",
            404505: "close_dishwasher",
            406519: "open_drawer_1",
            404519: "close_drawer_1",
            406511: "open_drawer_2",
            404511: "close_drawer_2",
            406508: "open_drawer_3",
            404508: "close_drawer_3",
            408512: "clean_table",
            407521: "drink_from_cup",
            405506: "toggle_switch",
        },
    ),
}

# In the order of column_names.txt, three columns each from column 1 (counted from 0).
# The files mark two heights on a limb by ^ and _.
_ACCELEROMETERS = (
    "right_knee_high",
    "hip",
    "left_upper_arm_high",
    "right_upper_arm_low",
    "left_hand",
    "back_wireless",
    "right_knee_low",
    "right_wrist",
    "right_upper_arm_high",
    "left_upper_arm_low",
    "left_wrist",
    "right_hand",
)

# Thirteen columns each from column 37: accelerometer, gyroscope, magnetometer,
# quaternion.
_IMUS = (
    "back",
    "right_upper_arm",
    "right_lower_arm",
    "left_upper_arm",
    "left_lower_arm",
)

# Kind, place, first column, unit in the file, gravity. The gyroscopes are noted as
# value = round(original * 1000), unit unknown; an Xsens unit reports rad/s.
_SENSORS: tuple[tuple[str, str, int, str, bool | None], ...] = (
    *(
        ("accelerometer", place, 1 + 3 * i, "mg", True)
        for i, place in enumerate(_ACCELEROMETERS)
    ),
    *(
        (kind, place, 37 + 13 * i + more, unit, gravity)
        for i, place in enumerate(_IMUS)
        for kind, more, unit, gravity in (
            ("accelerometer", 0, "mg", True),
            ("gyroscope", 3, "mrad/s", None),
        )
    ),
)

_RUNS = ("ADL1", "ADL2", "ADL3", "ADL4", "ADL5", "Drill")

CARD = Card(
    name="opportunity",
    title="OPPORTUNITY Activity Recognition",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository.",
    citation=(
        "D. Roggen et al.: Collecting complex activity datasets in highly rich "
        "networked sensor environments, INSS 2010; R. Chavarriaga et al.: The "
        "Opportunity challenge, Pattern Recognition Letters 34 (2013)."
    ),
    address="https://archive.ics.uci.edu/dataset/226/opportunity+activity+recognition",
    url=(
        "https://archive.ics.uci.edu/static/public/226/"
        "opportunity+activity+recognition.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="OPPORTUNITY",
    inner_folder="OpportunityUCIDataset",
    landmark="dataset/S1-ADL1.dat",
    rate_hz=RATE_HZ,
    channels=tuple(
        f"{place}_{'acc' if kind == 'accelerometer' else 'gyr'}_{axis}"
        for kind, place, *_ in _SENSORS
        for axis in "xyz"
    ),
    units=tuple(
        "m/s^2" if kind == "accelerometer" else "rad/s"
        for kind, *_ in _SENSORS
        for _axis in "xyz"
    ),
    places=_ACCELEROMETERS + _IMUS,
    subjects=("1", "2", "3", "4"),
    activities=tuple(TRACKS["locomotion"][1].values()),
    n_recordings=24,
    protocol=(
        "Challenge: test on ADL4 and ADL5 of subjects 2 and 3, train on the rest; that "
        "is not a test on new people. Report macro F1 with and without null, for the "
        "null of gestures is most of the time. labels='gestures' gives the 17 "
        "gestures, 'high_level' the five courses of the morning."
    ),
    traps=(
        "One label column is loaded at a time; the columns overlap each other in time.",
        "Accuracy and weighted F1 of gestures are high for a classifier that says null "
        "alone.",
        "The wireless accelerometers lose data, for seconds and for whole runs: such "
        "lines are left out, and a sensor without any reading is no stream. Choose "
        "channels that all recordings have.",
        "The published list gives the gyroscopes as 'value * 1000, unit unknown'; they "
        "are read as 0.001 rad/s, which is what the makers of the units report. Check "
        "sizes before mixing with other sets.",
        "Columns of the challenge's own archive lie elsewhere (no quaternions); only "
        "the files of the repository, 250 columns, are read.",
        "Shoes, magnetometers, quaternions, objects, ambient sensors and location are "
        "in the files and not loaded.",
        "Drill runs repeat gestures on command, 20 times each, and look unlike the ADL "
        "runs.",
    ),
    tried_on_real_files=False,
)


def load_opportunity(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    labels: Literal["locomotion", "gestures", "high_level"] = "locomotion",
) -> list[Recording]:
    """Load Opportunity as 24 whole recordings with one of its label tracks.

    Five IMUs of the jacket (accelerometer with gravity, m/s^2, and gyroscope, rad/s)
    and twelve wireless accelerometers, 30 Hz. Time labelled 0 stays without an event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1", "4"]``. None loads all.
    labels : {"locomotion", "gestures", "high_level"}, default="locomotion"
        Which track becomes the events.

    Returns
    -------
    list of Recording
        Named ``S1-ADL1`` to ``S4-Drill`` as the files.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject or track is unknown.

    References
    ----------
    D. Roggen et al., INSS 2010; column_names.txt and label_legend.txt of the set.

    Examples
    --------
    >>> from sensorhar.datasets.opportunity import CARD
    >>> CARD.activities
    ('standing', 'walking', 'sitting', 'lying')
    """
    check_choice(labels, "labels", TRACKS)
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen, labels=labels)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] = CARD.subjects,
    labels: str = "locomotion",
) -> list[Recording]:
    """Read the recordings of some subjects below a folder, whatever is in it."""
    paths = [
        (subject, root / "dataset" / f"S{subject}-{run}.dat")
        for subject in subjects
        for run in _RUNS
    ]
    return [
        _read_one(path, subject, labels)
        for subject, path in paths
        if path.exists() or path.with_name(path.name + ".gz").exists()
    ]


def _read_one(path: Path, subject: str, labels: str) -> Recording:
    column, names = TRACKS[labels]
    # Body-worn sensors lie together; objects, rooms and tags of location follow.
    wanted = [*range(37 + 13 * len(_IMUS)), column]
    table = read_table(path, N_COLUMNS, columns=wanted, may_miss=True)
    n_without = int(np.isnan(table[:, [0, -1]]).any(axis=1).sum())
    if n_without:
        raise DataError(
            f"{path} must have a time and a label in each line; got {n_without} lines "
            "without. Fetch the data set again."
        )
    try:
        time_s = repair_clock(
            (table[:, 0] - table[0, 0]) / 1000, rate_hz=RATE_HZ
        ).time_s
    except ValueError as error:
        raise DataError(
            f"{path} must have times that go forward; {error} Fetch the data set again."
        ) from error
    streams = []
    for kind, place, first, unit, gravity in _SENSORS:
        values = table[:, first : first + 3]
        is_there = np.isfinite(values).any(axis=1)
        if not is_there.any():
            continue
        if unit == "mrad/s":
            values, unit = values / 1000, "rad/s"
        # Sensors without losses share one clock.
        whole = bool(is_there.all())
        streams.append(
            Stream.of_sensor(
                kind,
                to_si(values if whole else values[is_there], unit)[0].astype(
                    np.float32
                ),
                time_s if whole else time_s[is_there],
                place=place,
                has_gravity=gravity,
                rate_hz=RATE_HZ,
                prefix_place=True,
            )
        )
    if not streams:
        raise DataError(
            f"{path} must hold readings; got {len(table)} lines without any. Fetch the "
            "data set again."
        )
    return Recording(
        streams,
        name=path.stem,
        subject=subject,
        events=events_of_samples(
            table[:, -1], time_s, names, null=0, rate_hz=RATE_HZ, called=path.name
        ),
    )
