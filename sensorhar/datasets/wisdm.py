"""WISDM v1.1: six activities of 36 people with an Android phone in the pocket."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.datasets._stretches import find_stretches
from sensorhar.datasets._wisdm_records import Records, read_records
from sensorhar.errors import DataError
from sensorhar.signal.clock import repair_clock

__all__ = ["load_wisdm"]

RATE_HZ = 20.0

#: Label of each activity as written in the file, in our words.
LABELS = {
    "Walking": "walking",
    "Jogging": "jogging",
    "Upstairs": "walking_upstairs",
    "Downstairs": "walking_downstairs",
    "Sitting": "sitting",
    "Standing": "standing",
}

#: Samples as published (WISDM_ar_v1.1_raw_about.txt); some of them are broken lines.
N_SAMPLES = 1_098_207

#: Share of these that may be missing or broken before it is another file.
MAX_LOST = 0.01

#: A pause of more ends a recording: twenty lost samples.
MAX_GAP_S = 1.0

#: Shorter pieces hold no window and are left out.
MIN_SAMPLES = 20

_RAW = "WISDM_ar_v1.1_raw.txt"

CARD = Card(
    name="wisdm",
    title="WISDM Activity Prediction, version 1.1",
    holds="recordings",
    licence=(
        "No licence text is known; the readme asks to cite, and to pass it on with the "
        "data."
    ),
    citation=(
        "J. R. Kwapisz, G. M. Weiss, S. A. Moore: Activity Recognition using Cell "
        "Phone Accelerometers, SensorKDD 2010."
    ),
    address="https://www.cis.fordham.edu/wisdm/dataset.php",
    url=(
        "https://www.cis.fordham.edu/wisdm/includes/datasets/latest/"
        "WISDM_ar_latest.tar.gz"
    ),
    sha256=None,
    size_bytes=None,
    folder="WISDM",
    inner_folder="WISDM_ar_v1.1",
    landmark=_RAW,
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z"),
    units=("m/s^2",) * 3,
    places=("pocket",),
    subjects=tuple(str(number) for number in range(1, 37)),
    activities=tuple(LABELS.values()),
    n_recordings=None,
    protocol=(
        "None is official; leave out subjects, for example in 10 groups with 3 s "
        "windows and 50 % overlap (WHAR Arena). Papers that report 97 to 99 % seldom "
        "did."
    ),
    traps=(
        "Lines are broken: several records on one line, empty fields, a comma before "
        "the semicolon. Readers that skip lines lose other samples each.",
        "Stamps are the phone's uptime in ns: they jitter by half a period and more, "
        "repeat, pause and start over; some are 0. Windows over row numbers join what "
        "lies minutes apart.",
        "Records with stamp 0 have no place in time and are left out, and so are "
        "pieces shorter than 1 s.",
        "Not everybody did every activity, and classes differ much in size: walking "
        "and jogging are 70 %, standing 4 %.",
        "The later sets of this group (Actitracker, WISDM 2019) are others: cite and "
        "compare with the version.",
    ),
    tried_on_real_files=False,
)


def load_wisdm(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load WISDM v1.1 as recordings over which the phone's clock runs on.

    Accelerometer with gravity, m/s^2, nominally 20 Hz. The file goes from person to
    person; a recording ends with a person, a pause of more than 1 s, or a step of the
    clock backwards. Within one, each stretch of an activity is an event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Whom to load, such as ``["1", "36"]``. None loads all.

    Returns
    -------
    list of Recording
        Named ``user01-1`` and so on: user, and number within the user, in the order
        of the file.

    Raises
    ------
    DataError
        When the file is missing or is not that published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject is unknown.

    References
    ----------
    J. R. Kwapisz, G. M. Weiss, S. A. Moore, SensorKDD 2010; the readme files of v1.1.

    Examples
    --------
    >>> from sensorhar.datasets.wisdm import CARD
    >>> len(CARD.subjects), CARD.rate_hz
    (36, 20.0)
    """
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    records = _read_raw(root)
    if len(records.user) < (1 - MAX_LOST) * N_SAMPLES:
        raise DataError(
            f"{root / _RAW} must hold {N_SAMPLES} samples, few of them broken; got "
            f"{len(records.user)}. It is cut short or another version: fetch the data "
            "set again."
        )
    recordings = _cut(records, chosen)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the recordings of some subjects below a folder, whatever is in it."""
    return _cut(_read_raw(root), subjects)


def _read_raw(root: Path) -> Records:
    return read_records(root / _RAW, users=CARD.subjects, activities=LABELS)


def _cut(records: Records, subjects: Sequence[str]) -> list[Recording]:
    """Cut the rows where the clock does not run on, and where the user changes."""
    kept = records.take(records.stamp_s > 0)
    user, stamp_s = kept.user, kept.stamp_s
    changes = np.flatnonzero(np.diff(user)) + 1
    counts: dict[str, int] = {}
    recordings = []
    for rows in np.split(np.arange(len(user)), changes):
        subject = str(user[rows[0]]) if len(rows) else ""
        if subject not in subjects:
            continue
        stretches = find_stretches(stamp_s[rows], max_gap_s=MAX_GAP_S)
        for first, last in rows[0] + stretches:
            if last - first < MIN_SAMPLES:
                continue
            counts[subject] = counts.get(subject, 0) + 1
            part = kept.take(slice(int(first), int(last)))
            recordings.append(_one(part, subject, counts[subject]))
    return sorted(recordings, key=lambda r: int(r.subject or 0))


def _one(records: Records, subject: str, number: int) -> Recording:
    # Repeated stamps are samples handed over late, not copies: all are kept.
    stamp_s = records.stamp_s - records.stamp_s[0]
    time_s = repair_clock(stamp_s, rate_hz=RATE_HZ, max_gap_s=MAX_GAP_S).time_s
    time_s = time_s - time_s[0]
    stream = Stream.of_sensor(
        "accelerometer",
        records.values,
        time_s,
        place="pocket",
        has_gravity=True,
        rate_hz=RATE_HZ,
    )
    return Recording(
        [stream],
        name=f"user{int(subject):02d}-{number}",
        subject=subject,
        events=events_of_samples(
            records.activity, time_s, LABELS, rate_hz=RATE_HZ, called=_RAW
        ),
    )
