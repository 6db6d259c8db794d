"""KU-HAR: eighteen activities, a few of them sports, a phone at the waist."""

import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.plausible import steady_magnitude
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import repair_stamps
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._readings import as_readings, is_number
from sensorhar.datasets._tables import read_bytes
from sensorhar.errors import DataError
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["load_ku_har"]

RATE_HZ = 100.0

#: Label of the number that each folder's name begins with, in our words.
LABELS = {
    0: "standing",
    1: "sitting",
    2: "talking_sitting",
    3: "talking_standing",
    4: "sit_and_stand_repeatedly",
    5: "lying",
    6: "lie_and_stand_repeatedly",
    7: "pick_up_object",
    8: "jumping",
    9: "push_ups",
    10: "sit_ups",
    11: "walking",
    12: "walking_backward",
    13: "walking_in_circle",
    14: "running",
    15: "walking_upstairs",
    16: "walking_downstairs",
    17: "table_tennis",
}

N_COLUMNS = 8

#: Steps of more than this are milliseconds, of less seconds: at 100 Hz, 10 or 0.01.
MAX_STEP_S = 0.5

#: A median size (of means over 2 s) within this share of gravity is gravity, and one
#: below the other number, in m/s^2, is none.
GRAVITY_SHARE = 0.25
MAX_WITHOUT_GRAVITY = 2.5

CARD = Card(
    name="ku-har",
    title="KU-HAR: An Open Dataset for Human Activity Recognition",
    holds="recordings",
    licence="CC BY 4.0 (Mendeley Data)",
    citation=(
        "N. Sikder, A.-A. Nahid: KU-HAR: An open dataset for heterogeneous human "
        "activity recognition, Pattern Recognition Letters 146:46-54 (2021). "
        "doi:10.17632/45f952y38r"
    ),
    address="https://data.mendeley.com/datasets/45f952y38r/3",
    # The first of the set's three archives, as the project teco-kit/whar-datasets
    # fetches it.
    url=(
        "https://data.mendeley.com/public-files/datasets/45f952y38r/files/"
        "49c6120b-59fd-466c-97da-35d53a4be595/file_downloaded"
    ),
    sha256=None,
    size_bytes=None,
    folder="KU_HAR",
    inner_folder="1.Raw_time_domian_data",
    landmark="0.Stand",
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"),
    units=("m/s^2",) * 3 + ("rad/s",) * 3,
    places=("waist",),
    # The page states 90 people, and file names begin with 1001; that they are
    # numbered without a gap was not seen, and the loader takes whoever is there.
    subjects=tuple(str(number) for number in range(1001, 1091)),
    activities=tuple(LABELS.values()),
    n_recordings=1945,
    protocol="None is official; leave out subjects.",
    traps=(
        "Acceleration is said to be without gravity, unlike most sets. The loader "
        "tells it from the readings and states it; never mix it with sets that have "
        "gravity, in which posture is the strongest sign.",
        "People's numbers on this card are assumed from their count of 90; another "
        "project counted 89 in the raw files.",
        "Accelerometer and gyroscope have their own clocks, in one table: rows do not "
        "belong together.",
        "Its page says times are in ms, readers take them for s; the loader tells it "
        "from their steps.",
        "Where one sensor gave fewer samples the table is filled up with empty fields "
        "or with zeros, which are no readings.",
        "Raw recordings hold the moments before and after the activity: taking the "
        "phone, waiting. The authors' trimmed files leave them out.",
        "The ready-made windows of the set do not say whose they are: they cannot be "
        "split by subject, and results on them flatter.",
    ),
    tried_on_real_files=False,
)

_UNITS = {"accelerometer": "m/s^2", "gyroscope": "rad/s"}
_FILE = re.compile(r"(?P<subject>\d+)_(?P<letter>[A-Za-z]+)_(?P<trial>.+)\.csv")


def load_ku_har(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load the raw files of KU-HAR, one recording a file, with one event each.

    Accelerometer (m/s^2; whether gravity is in it is told from the readings) and
    gyroscope (rad/s) have their own clocks of about 100 Hz.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["1001"]``. None loads all.

    Returns
    -------
    list of Recording
        Named as the files, ``1001_A_1`` and so on, activity by activity.

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
    N. Sikder, A.-A. Nahid, KU-HAR: An open dataset for heterogeneous human activity
    recognition, Pattern Recognition Letters 146 (2021).

    Examples
    --------
    >>> from sensorhar.datasets.ku_har import CARD
    >>> CARD.n_recordings
    1945
    """
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=subjects)
    if subjects is None and len(recordings) != CARD.n_recordings:
        raise DataError(
            f"KU-HAR must have {CARD.n_recordings} recordings; got {len(recordings)}. "
            "These are not all the published files: fetch the data set again."
        )
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] | None = None
) -> list[Recording]:
    """Read the recordings of some people below a folder, whatever is in it."""
    found: list[tuple[int, str, str, Path]] = []
    for folder in root.iterdir():
        number = folder.name.partition(".")[0]
        if not folder.is_dir() or not number.isdigit():
            continue
        if int(number) not in LABELS:
            raise DataError(
                f"folders of KU-HAR must be numbered 0 to {len(LABELS) - 1}; got "
                f"{folder.name!r}. Fetch the data set again."
            )
        for path in folder.iterdir():
            match = _FILE.fullmatch(path.name.removesuffix(".gz"))
            if match:
                found.append((int(number), path.name, match["subject"], path))
    people = {subject for _, _, subject, _ in found}
    wanted = people if subjects is None else set(subjects)
    if wanted - people:
        raise ValueError(
            f"subjects of 'ku-har' must be some of those in its file names, such as "
            f"{listing(people)}; got {listing(wanted - people)}."
        )
    chosen = sorted(row for row in found if row[2] in wanted)
    # The parser lets other threads run, so that two cores read twice as fast.
    with ThreadPoolExecutor(max_workers=4) as pool:
        recordings = list(
            pool.map(lambda row: _read_one(row[3], row[2], LABELS[row[0]]), chosen)
        )
    return _state_gravity(recordings)


def _read_one(path: Path, subject: str, label: str) -> Recording:
    path = path.with_name(path.name.removesuffix(".gz"))
    table = _read_table(path)
    sensors = []
    for kind, columns in (
        ("accelerometer", table[:, :4]),
        ("gyroscope", table[:, 4:]),
    ):
        stamps, values = columns[:, 0], columns[:, 1:]
        # Only the first sample of a sensor can be at time 0.
        is_fill = (stamps == 0) & (np.arange(len(stamps)) > 0)
        is_there = np.isfinite(columns).all(axis=1) & ~is_fill
        if is_there.any():
            sensors.append((kind, _seconds(stamps[is_there]), values[is_there]))
    if not sensors:
        raise DataError(
            f"{path.name} must hold readings; all its rows are empty. Fetch the data "
            "set again."
        )
    start_s = min(times[0] for _, times, _ in sensors)
    streams = []
    for kind, times, values in sensors:
        called = f"the {kind} in {path.name}"
        repair = repair_stamps(times - start_s, rate_hz=RATE_HZ, called=called)
        streams.append(
            Stream.of_sensor(
                kind,
                as_readings(values, _UNITS[kind], called),
                repair.time_s,
                place="waist",
                # Until all recordings have been looked at.
                has_gravity=False if kind == "accelerometer" else None,
                rate_hz=RATE_HZ,
            )
        )
    first = min(stream.start_s for stream in streams)
    last = max(stream.stop_s for stream in streams)
    return Recording(
        streams,
        name=path.stem,
        subject=subject,
        events=Events([first], [last + 1 / RATE_HZ], [label]),
    )


def _read_table(path: Path) -> NDArray[np.float64]:
    """Read eight columns in which fields may be empty."""
    import pandas as pd

    try:
        table = pd.read_csv(
            io.BytesIO(read_bytes(path)),
            header=None,
            dtype=np.float64,
            low_memory=False,
        ).to_numpy()
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{path.name} must hold {N_COLUMNS} numbers a line; it cannot be read "
            f"({error}). Fetch the data set again."
        ) from error
    if table.shape[1] != N_COLUMNS:
        raise DataError(
            f"{path.name} must hold {N_COLUMNS} numbers a line: time and three axes of "
            f"two sensors; got {table.shape[1]}. Fetch the data set again."
        )
    if not (is_number(table) | np.isnan(table)).all():
        raise DataError(
            f"{path.name} must hold numbers that a sensor can give; some are too "
            "large. Fetch the data set again."
        )
    return table


def _seconds(stamps: NDArray[np.float64]) -> NDArray[np.float64]:
    step = float(np.median(np.diff(stamps))) if len(stamps) > 1 else 0.0
    return stamps / 1000 if step > MAX_STEP_S else stamps


def _state_gravity(recordings: list[Recording]) -> list[Recording]:
    """Tell from all recordings together whether gravity is in them."""
    sizes = [
        steady_magnitude(stream)
        for recording in recordings
        for stream in recording.streams
        if stream.kind == "accelerometer"
    ]
    size = float(np.median(sizes)) if sizes else 0.0
    if size < MAX_WITHOUT_GRAVITY:
        return recordings
    if abs(size / STANDARD_GRAVITY - 1) > GRAVITY_SHARE:
        raise DataError(
            "accelerations of KU-HAR must be in m/s^2, with a steady size of about 0 "
            f"(without gravity) or 9.8; got {size:.3g}. Fetch the data set again."
        )
    return [
        recording.with_streams(
            [
                stream.with_values(
                    stream.values,
                    [
                        replace(channel, has_gravity=True)
                        if channel.kind == "accelerometer"
                        else channel
                        for channel in stream.channels
                    ],
                )
                for stream in recording.streams
            ]
        )
        for recording in recordings
    ]
