"""WEAR: outdoor workouts with accelerometers at both wrists and both ankles."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import choose_subjects
from sensorhar.datasets._readings import is_number
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.errors import DataError

__all__ = ["load_wear"]

RATE_HZ = 50.0

#: Label in the files -> ours.
LABELS = {
    "jogging": "jogging",
    "jogging (rotating arms)": "jogging_rotating_arms",
    "jogging (skipping)": "jogging_skipping",
    "jogging (sidesteps)": "jogging_sidesteps",
    "jogging (butt-kicks)": "jogging_butt_kicks",
    "stretching (triceps)": "stretching_triceps",
    "stretching (lunging)": "stretching_lunging",
    "stretching (shoulders)": "stretching_shoulders",
    "stretching (hamstrings)": "stretching_hamstrings",
    "stretching (lumbar rotation)": "stretching_lumbar_rotation",
    "push-ups": "push_ups",
    "push-ups (complex)": "push_ups_complex",
    "sit-ups": "sit_ups",
    "sit-ups (complex)": "sit_ups_complex",
    "burpees": "burpees",
    "lunges": "lunges",
    "lunges (complex)": "lunges_complex",
    "bench-dips": "bench_dips",
}
NULL = "null"

#: Start of the column names -> place; the watches sat at wrists and ankles.
PLACES = {
    "right_arm": "right_wrist",
    "right_leg": "right_ankle",
    "left_leg": "left_ankle",
    "left_arm": "left_wrist",
}

#: Files that are second sessions of people recorded before, as a public adapter of the
#: set states it; 24 files of 22 people agree with that.
SECOND_SESSIONS = {"18": "0", "19": "14"}

CARD = Card(
    name="wear",
    title="WEAR: An Outdoor Sports Dataset for Wearable and Egocentric Activity "
    "Recognition",
    holds="recordings",
    licence="CC BY-NC-SA 4.0, as the authors' repository says.",
    citation=(
        "M. Bock, H. Kuehne, K. Van Laerhoven, M. Moeller: WEAR: An Outdoor Sports "
        "Dataset for Wearable and Egocentric Activity Recognition, Proc. ACM "
        "IMWUT (2024), arXiv:2304.05088."
    ),
    address="https://mariusbock.github.io/wear/",
    url=None,
    sha256=None,
    size_bytes=None,
    how_to_get=(
        "Fetch the files sbj_0.csv, sbj_1.csv and so on of the raw inertial data at "
        "50 Hz by the links on https://mariusbock.github.io/wear/ and put them into "
        "WEAR/inertial below SENSORHAR_DATA."
    ),
    folder="WEAR",
    inner_folder="raw",
    landmark="inertial",
    rate_hz=RATE_HZ,
    channels=tuple(
        f"{place}_acc_{axis}" for place in PLACES.values() for axis in "xyz"
    ),
    units=("m/s^2",) * 12,
    places=tuple(PLACES.values()),
    subjects=tuple(
        str(number) for number in range(24) if str(number) not in SECOND_SESSIONS
    ),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "Leave one subject out on the first 18 files (sbj_0 to sbj_17), the first "
        "release; the later files served as the test part of a challenge."
    ),
    traps=(
        "The first release has 18 people (sbj_0 to sbj_17), the later one 22 people in "
        "24 files: say which one you used.",
        "sbj_18 and sbj_19 are said to be the people of sbj_0 and sbj_14 again; they "
        "carry the same subject here, so that a split by subject keeps them together.",
        "Large parts are null (pauses, ways, explanations): time without an event.",
        "Variants of one exercise (push-ups and complex push-ups) differ in parts of "
        "a repetition only.",
        "Readings can be missing (NaN) where a watch lost some, and axes differ "
        "between left and right.",
    ),
    tried_on_real_files=False,
)

_FILE = re.compile(r"sbj_(?P<number>\d+)\.csv(\.gz)?")


def load_wear(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load the inertial part of WEAR, one recording for each session.

    Accelerometers (with gravity, m/s^2) at both wrists and both ankles share one
    clock of 50 Hz; channels are named ``right_wrist_acc_x`` and so on. Time labelled
    "null" has no event. The video is not read.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are. None looks in ``SENSORHAR_DATA``, then in the user's
        cache.
    download : bool, default=True
        Has no effect but on the advice: the set must be fetched by hand.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["0", "7"]``. None loads those that are there.

    Returns
    -------
    list of Recording
        Named ``sbj_0`` and so on, in that order.

    Raises
    ------
    DataError
        When files are missing or broken.
    ValueError
        When a subject is not on the card.

    References
    ----------
    M. Bock et al., WEAR: An Outdoor Sports Dataset for Wearable and Egocentric Activity
    Recognition, Proc. ACM IMWUT (2024).

    Examples
    --------
    >>> from sensorhar.datasets.wear import CARD
    >>> len(CARD.subjects), len(CARD.activities)
    (22, 18)
    """
    wanted = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=wanted)
    missing = set(wanted) - {recording.subject for recording in recordings}
    if subjects is not None and missing:
        raise DataError(
            f"{root} must hold files of the subjects asked for; it lacks those of "
            f"{listing(missing)}. {CARD.how_to_get}"
        )
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the sessions of some subjects below a folder."""
    found: dict[int, list[Path]] = {}
    for path in sorted(root.rglob("sbj_*.csv*")):
        match = _FILE.fullmatch(path.name)
        if match and _subject(match["number"]) in subjects:
            found.setdefault(int(match["number"]), []).append(path)
    if not found:
        raise DataError(
            f"{root} must hold files such as inertial/sbj_0.csv; it holds none of the "
            f"subjects asked for. {CARD.how_to_get}"
        )
    recordings = []
    for number, paths in sorted(found.items()):
        if len(paths) > 1:
            raise DataError(
                f"{root} must hold sbj_{number}.csv once, at 50 Hz; got it in "
                f"{listing(str(p.parent.relative_to(root)) for p in paths)}. Keep the "
                "folder of the raw inertial data at 50 Hz alone."
            )
        recordings.append(_read_one(paths[0], str(number)))
    return recordings


def _subject(number: str) -> str:
    return SECOND_SESSIONS.get(number, number)


def _read_one(path: Path, number: str) -> Recording:
    import zlib

    import pandas as pd

    numbers = [f"{column}_acc_{axis}" for column in PLACES for axis in "xyz"]
    try:
        with np.errstate(over="ignore"):  # what is too large is refused below
            table = pd.read_csv(
                path,
                usecols=["sbj_id", *numbers, "label"],
                dtype={"sbj_id": "f8", "label": "str", **dict.fromkeys(numbers, "f4")},
            )
    except (ValueError, OverflowError, EOFError, OSError, zlib.error) as error:
        raise DataError(
            f"{path.name} must be a table with the columns 'sbj_id', 'label' and "
            f"{listing(numbers)}; it cannot be read ({error}). Fetch it again."
        ) from error
    if set(table["sbj_id"].unique()) != {float(number)}:
        raise DataError(
            f"{path.name} must hold sbj_id {number} in each row; got "
            f"{listing(f'{value:g}' for value in table['sbj_id'].unique())}. Fetch it "
            "again."
        )
    time_s = np.arange(len(table)) / RATE_HZ
    streams = []
    for column, place in PLACES.items():
        values = table[[f"{column}_acc_{axis}" for axis in "xyz"]].to_numpy()
        if not (is_number(values) | np.isnan(values)).all():
            raise DataError(
                f"{path.name} must hold finite readings; those of {column!r} are not. "
                "Fetch it again."
            )
        if not np.isnan(values).all():
            streams.append(
                Stream.of_sensor(
                    "accelerometer",
                    values,
                    time_s,
                    unit="g",
                    place=place,
                    has_gravity=True,
                    rate_hz=RATE_HZ,
                    prefix_place=True,
                )
            )
    if not streams:
        raise DataError(
            f"{path.name} must hold readings; all are missing. Fetch it again."
        )
    words = table["label"].fillna(NULL).str.strip()
    # Whole numbers compare a hundred times faster than words.
    codes, found = pd.factorize(words)
    unknown = set(found) - set(LABELS) - {NULL}
    if unknown:
        raise DataError(
            f"labels of {path.name} must be among {listing(LABELS)}; got "
            f"{listing(unknown)}. Fetch it again."
        )
    known = {code: LABELS[word] for code, word in enumerate(found) if word in LABELS}
    null = next((code for code, word in enumerate(found) if word == NULL), -1)
    return Recording(
        streams,
        name=f"sbj_{number}",
        subject=_subject(number),
        events=events_of_samples(
            codes, time_s, known, null=null, rate_hz=RATE_HZ, called=path.name
        ),
        metadata={"session": int(number)},
    )
