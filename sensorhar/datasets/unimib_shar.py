"""UniMiB SHAR: activities and falls of thirty people, a phone in a trouser pocket."""

from pathlib import Path

import numpy as np

from sensorhar._words import listing
from sensorhar.data.channel import Channel
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._matrix import read_matrix
from sensorhar.datasets._readings import as_readings
from sensorhar.errors import DataError
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["load_unimib_shar"]

N_TIMEPOINTS = 151
RATE_HZ = 50.0

#: Label of each class number (acc_names.mat), in our words, with the authors' name.
LABELS = {
    1: "sit_to_stand",  # StandingUpFS
    2: "lie_to_stand",  # StandingUpFL
    3: "walking",
    4: "running",
    5: "walking_upstairs",  # GoingUpS
    6: "jumping",
    7: "walking_downstairs",  # GoingDownS
    8: "stand_to_lie",  # LyingDownFS
    9: "stand_to_sit",  # SittingDown
    10: "falling_forward",  # FallingForw
    11: "falling_right",
    12: "falling_backward",  # FallingBack
    13: "falling_hitting_obstacle",  # HittingObstacle
    14: "falling_with_protection",  # FallingWithPS
    15: "falling_backward_sitting",  # FallingBackSC
    16: "falling_syncope",  # Syncope
    17: "falling_left",
}

#: Number of windows as published: all, activities of daily living, falls.
N_WINDOWS = 11_771
N_ADL = 7_579

#: The median size of all readings must lie within this share of gravity, or the
#: numbers are in another unit than the paper states.
GRAVITY_SHARE = 0.3

_CHANNELS = tuple(
    Channel(f"acc_{axis}", "m/s^2", "accelerometer", "pocket", has_gravity=True)
    for axis in "xyz"
)

CARD = Card(
    name="unimib-shar",
    title="UniMiB SHAR (University of Milano Bicocca, smartphone-based HAR)",
    holds="windows",
    licence="not stated in the archive; the authors ask to cite the paper",
    citation=(
        "D. Micucci, M. Mobilio, P. Napoletano: UniMiB SHAR: A Dataset for Human "
        "Activity Recognition Using Acceleration Data from Smartphones, Applied "
        "Sciences 7(10):1101 (2017). doi:10.3390/app7101101"
    ),
    address="http://www.sal.disco.unimib.it/technologies/unimib-shar/",
    url="https://www.dropbox.com/s/raw/x2fpfqj0bpf8ep6/UniMiB-SHAR.zip",
    sha256=None,
    size_bytes=None,
    folder="UniMiB_SHAR",
    inner_folder="UniMiB-SHAR",
    landmark="data/acc_data.mat",
    rate_hz=RATE_HZ,
    channels=tuple(channel.name for channel in _CHANNELS),
    units=tuple(channel.unit for channel in _CHANNELS),
    places=("pocket",),
    subjects=tuple(str(number) for number in range(1, 31)),
    activities=tuple(LABELS.values()),
    n_windows=N_WINDOWS,
    protocol=(
        "The paper reports 5-fold cross-validation over windows, and leaving one "
        "subject out; only the second says how well new people are recognised. Four "
        "tasks: 17 classes, 9 activities, 8 falls, fall or not."
    ),
    traps=(
        "Each window is centred on a peak of at least 1.5 g: gentle movement was never "
        "cut out, and a live stream is not so kind.",
        "Windows of one bout of walking overlap, and random folds put neighbours on "
        "both sides: the paper's 5-fold numbers are far above its leave-one-out ones.",
        "A row holds 151 x, then 151 y, then 151 z, not triples.",
        "The phone sat in the left pocket for one half of the trials and in the right "
        "for the other; its axes turn with it.",
        "Nobody lies, sits or stands in it, only the changes between.",
        "The falls were acted.",
    ),
    tried_on_real_files=False,
)


def load_unimib_shar(
    *, data_dir: str | Path | None = None, download: bool = True
) -> Windows:
    """Load UniMiB SHAR as its published windows.

    The set is published pre-windowed, so this loader returns Windows of shape
    (11771, 151, 3) at 50 Hz, in m/s^2 with gravity. Where windows lie in time is not
    published: ``start_s`` is NaN.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.

    Returns
    -------
    Windows
        With labels, subjects, and ``recording`` naming subject, activity and trial.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.

    References
    ----------
    D. Micucci et al., UniMiB SHAR: A Dataset for Human Activity Recognition Using
    Acceleration Data from Smartphones, Applied Sciences 7(10):1101 (2017).

    Examples
    --------
    >>> from sensorhar.datasets.unimib_shar import CARD
    >>> CARD.n_windows
    11771
    """
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    windows = read_windows(root)
    _check_published(windows)
    return windows


def read_windows(root: Path) -> Windows:
    """Read the windows below a folder, however many are in it."""
    data = read_matrix(root / "data" / "acc_data.mat", "acc_data", 3 * N_TIMEPOINTS)
    labels = read_matrix(root / "data" / "acc_labels.mat", "acc_labels", 3)
    if len(data) != len(labels):
        raise DataError(
            "acc_data.mat and acc_labels.mat must have one row a window; got "
            f"{len(data)} and {len(labels)}. Fetch the data set again."
        )
    codes, subjects, trials = labels.astype(np.int64).T
    unknown = set(codes.tolist()) - set(LABELS)
    if unknown:
        raise DataError(
            f"activities in acc_labels.mat must be 1 to {len(LABELS)}; got "
            f"{min(unknown)}. Fetch the data set again."
        )
    readings = as_readings(data, "m/s^2", "acc_data.mat")
    values = readings.reshape(-1, 3, N_TIMEPOINTS).transpose(0, 2, 1)
    with np.errstate(over="ignore"):
        size = float(np.median(np.linalg.norm(values, axis=-1)))
    if abs(size / STANDARD_GRAVITY - 1) > GRAVITY_SHARE:
        raise DataError(
            "acc_data.mat must be in m/s^2 with gravity, of a median size of about "
            f"{STANDARD_GRAVITY:.1f}; got {size:.3g}. It is another version: fetch the "
            "data set again."
        )
    y = [LABELS[code] for code in codes.tolist()]
    return Windows.from_array(
        np.ascontiguousarray(values),
        # Windows lie around peaks, so their steps vary.
        spec=WindowSpec(_CHANNELS, RATE_HZ, N_TIMEPOINTS, step_s=None),
        y=y,
        groups=[str(subject) for subject in subjects],
        recording=[
            f"subject-{subject}-{label}-{trial}"
            for subject, label, trial in zip(subjects, y, trials, strict=True)
        ],
    )


def _check_published(windows: Windows) -> None:
    """Raise unless the set holds what was published."""
    assert windows.y is not None
    assert windows.groups is not None
    n_falls = sum(label.startswith("falling") for label in windows.y)
    got = len(windows), len(windows) - n_falls
    if got != (N_WINDOWS, N_ADL):
        raise DataError(
            f"UniMiB SHAR must have {N_WINDOWS} windows, {N_ADL} of them no falls; got "
            f"{got[0]} and {got[1]}. These are not the published files: fetch the data "
            "set again."
        )
    strange = set(windows.groups) ^ set(CARD.subjects)
    if strange:
        raise DataError(
            "UniMiB SHAR must have subjects 1 to 30; missing or unknown are "
            f"{listing(strange)}. Fetch the data set again."
        )
