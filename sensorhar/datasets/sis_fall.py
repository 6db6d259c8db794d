"""SisFall: daily activities and staged falls of young and old, a box at the waist."""

import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.channel import Channel
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._tables import read_bytes
from sensorhar.errors import DataError
from sensorhar.units import factor

__all__ = ["load_sis_fall"]

RATE_HZ = 200.0

#: Label of each activity code (Readme.txt of the archive), in our words.
LABELS = {
    "D01": "walking_slowly",
    "D02": "walking_quickly",
    "D03": "jogging_slowly",
    "D04": "jogging_quickly",
    "D05": "stairs_up_and_down_slowly",
    "D06": "stairs_up_and_down_quickly",
    "D07": "sit_and_get_up_half_height_slowly",
    "D08": "sit_and_get_up_half_height_quickly",
    "D09": "sit_and_get_up_low_slowly",
    "D10": "sit_and_get_up_low_quickly",
    "D11": "collapse_back_into_chair",
    "D12": "sit_lie_sit_slowly",
    "D13": "sit_lie_sit_quickly",
    "D14": "turn_over_lying",
    "D15": "bend_at_knees",
    "D16": "bend_with_straight_knees",
    "D17": "get_into_and_out_of_car",
    "D18": "stumble_walking",
    "D19": "jump_gently",
    "F01": "fall_forward_walking_slip",
    "F02": "fall_backward_walking_slip",
    "F03": "fall_lateral_walking_slip",
    "F04": "fall_forward_walking_trip",
    "F05": "fall_forward_jogging_trip",
    "F06": "fall_vertical_walking_fainting",
    "F07": "fall_walking_fainting_hands_on_table",
    "F08": "fall_forward_getting_up",
    "F09": "fall_lateral_getting_up",
    "F10": "fall_forward_sitting_down",
    "F11": "fall_backward_sitting_down",
    "F12": "fall_lateral_sitting_down",
    "F13": "fall_forward_sitting_fainting",
    "F14": "fall_backward_sitting_fainting",
    "F15": "fall_lateral_sitting_fainting",
}

# Sensor, channel names, unit, range and bits, in the order of the columns
# (Readme.txt): a reading is worth 2 * range / 2 ** bits.
_SENSORS: tuple[tuple[str, str, str, bool | None, str, int, int], ...] = (
    ("ADXL345", "acc", "accelerometer", True, "g", 16, 13),
    ("ITG3200", "gyr", "gyroscope", None, "deg/s", 2000, 16),
    ("MMA8451Q", "mma_acc", "accelerometer", True, "g", 8, 14),
)
N_COLUMNS = 9

CARD = Card(
    name="sis-fall",
    title="SisFall: A Fall and Movement Dataset",
    holds="recordings",
    licence="not stated in the archive; the authors ask to cite the paper",
    citation=(
        "A. Sucerquia, J. D. López, J. F. Vargas-Bonilla: SisFall: A Fall and Movement "
        "Dataset, Sensors 17(1):198 (2017). doi:10.3390/s17010198"
    ),
    address="https://www.mdpi.com/1424-8220/17/1/198",
    url=None,
    how_to_get=(
        "Its home page, named in the paper, has moved more than once. Find a copy of "
        "SisFall_dataset.zip by the paper's title, and unpack it so that SisFall/SA01 "
        "is a folder."
    ),
    sha256=None,
    size_bytes=None,
    folder="SisFall",
    inner_folder="SisFall_dataset",
    landmark="SA01",
    rate_hz=RATE_HZ,
    channels=tuple(f"{stem}_{axis}" for _, stem, *_ in _SENSORS for axis in "xyz"),
    units=("m/s^2",) * 3 + ("rad/s",) * 3 + ("m/s^2",) * 3,
    places=("waist",),
    subjects=(
        *(f"SA{number:02d}" for number in range(1, 24)),
        *(f"SE{number:02d}" for number in range(1, 16)),
    ),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "None is official. Leave out subjects, and report elderly people (SE) apart: "
        "of them only SE06 staged falls."
    ),
    traps=(
        "Readings are bits: 1 g is 256 for the ADXL345 and 1024 for the MMA8451Q. Many "
        "readers convert both alike, or none.",
        "Lines end in a semicolon, so that a reader of numbers gives up on the last "
        "column or takes it for text.",
        "A fall file holds up to 15 s: walking, the fall, lying. The label covers all "
        "of it; when the fall happens is not published.",
        "The falls were staged by people of 19 to 30 years, save those of SE06.",
        "Rates are stated and there are no stamps.",
        "How many files there are is told differently (4,505 and 4,510), so their "
        "number is not checked.",
    ),
    tried_on_real_files=False,
)

_FILE = re.compile(r"(?P<code>[DF]\d\d)_(?P<subject>S[AE]\d\d)_(?P<trial>R\d\d)\.txt")


def load_sis_fall(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load SisFall as one recording a trial, with one event from end to end.

    Two accelerometers with gravity (``acc_x``: ADXL345, ±16 g; ``mma_acc_x``:
    MMA8451Q, ±8 g; m/s^2) and a gyroscope (rad/s) share one clock of 200 Hz.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are. None looks in ``SENSORHAR_DATA``, then in the user's
        cache.
    download : bool, default=True
        As for other sets; this one must be fetched by hand.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["SA01", "SE06"]``. None loads all.

    Returns
    -------
    list of Recording
        Named ``D01_SA01_R01`` and so on, person by person.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    ValueError
        When a subject is unknown.

    References
    ----------
    A. Sucerquia et al., SisFall: A Fall and Movement Dataset, Sensors 17(1):198
    (2017), tables 1 and 2 for the activities.

    Examples
    --------
    >>> from sensorhar.datasets.sis_fall import CARD
    >>> len(CARD.activities), len(CARD.subjects)
    (34, 38)
    """
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the trials of some people below a folder, whatever is in it."""
    paths = [
        path
        for subject in subjects
        if (root / subject).is_dir()
        for path in sorted((root / subject).iterdir())
        if path.name.endswith((".txt", ".txt.gz"))
    ]
    # The parser lets other threads run, so that two cores read twice as fast.
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(_read_one, paths))


def _read_one(path: Path) -> Recording:
    name = path.name.removesuffix(".gz")
    match = _FILE.fullmatch(name)
    if match is None or match["subject"] != path.parent.name:
        raise DataError(
            f"files in {path.parent} must be called D01_{path.parent.name}_R01.txt and "
            f"the like; got {path.name!r}. Move it away, or fetch the data set again."
        )
    if match["code"] not in LABELS:
        raise DataError(
            f"activities must be D01 to D19 or F01 to F15; got {match['code']!r} in "
            f"{path.name}. Fetch the data set again."
        )
    bits = _read_bits(path.with_name(name))
    time_s = np.arange(len(bits)) / RATE_HZ
    streams = [
        Stream(
            (bits[:, 3 * i : 3 * i + 3] * _worth(unit, limit, n_bits)).astype(
                np.float32
            ),
            time_s,
            [
                Channel(f"{stem}_{axis}", _SI[unit], kind, "waist", gravity)
                for axis in "xyz"
            ],
            rate_hz=RATE_HZ,
        )
        for i, (_, stem, kind, gravity, unit, limit, n_bits) in enumerate(_SENSORS)
    ]
    return Recording(
        streams,
        name=name.removesuffix(".txt"),
        subject=match["subject"],
        events=Events([0.0], [len(bits) / RATE_HZ], [LABELS[match["code"]]]),
        metadata={"is_fall": match["code"].startswith("F")},
    )


_SI = {"g": "m/s^2", "deg/s": "rad/s"}


def _worth(unit: str, limit: int, n_bits: int) -> float:
    """Return what one bit is worth in SI."""
    bit: float = 2 * limit / 2**n_bits
    return bit * factor(unit, _SI[unit])


def _read_bits(path: Path) -> NDArray[np.float64]:
    """Read whole numbers between commas, a semicolon at the end of a line."""
    import pandas as pd

    content = read_bytes(path).replace(b";", b"")
    try:
        table = pd.read_csv(
            io.BytesIO(content),
            header=None,
            skipinitialspace=True,
            dtype=np.float64,
            low_memory=False,
        ).to_numpy()
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{path.name} must hold {N_COLUMNS} numbers a line; it cannot be read "
            f"({error}). Fetch the data set again."
        ) from error
    if table.shape[1] != N_COLUMNS or not np.isfinite(table).all():
        raise DataError(
            f"{path.name} must hold {N_COLUMNS} numbers a line; got {table.shape[1]} "
            "or lines that are too short. Fetch the data set again."
        )
    beyond = [
        sensor
        for i, (sensor, *_, n_bits) in enumerate(_SENSORS)
        if np.abs(table[:, 3 * i : 3 * i + 3]).max() > 2 ** (n_bits - 1)
    ]
    if beyond:
        raise DataError(
            f"{path.name} must hold readings in bits; those of {listing(beyond)} lie "
            "beyond what the sensor can give. Fetch the data set again."
        )
    return table
