"""HARTH: free living filmed at work and at home, sensors at lower back and thigh."""

from collections.abc import Sequence
from pathlib import Path

from sensorhar.data.recording import Recording
from sensorhar.datasets._back_thigh import CHANNELS, PLACES, Clock, read_back_thigh
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects

__all__ = ["load_harth"]

#: Label of each class number (the table in the README of the authors' repository
#: ntnu-ai-lab/harth-ml-experiments), in our words.
LABELS = {
    1: "walking",
    2: "running",
    3: "shuffling",
    4: "walking_upstairs",
    5: "walking_downstairs",
    6: "standing",
    7: "sitting",
    8: "lying",
    13: "cycling_sitting",
    14: "cycling_standing",
    130: "cycling_sitting_inactive",
    140: "cycling_standing_inactive",
}

#: Numbers of the 22 people, which are not consecutive (the files of the archive).
SUBJECTS = tuple(f"S{number:03d}" for number in (6, *range(8, 11), *range(12, 30)))

CARD = Card(
    name="harth",
    title="Human Activity Recognition Trondheim Dataset (HARTH)",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository",
    citation=(
        "A. Logacjov, K. Bach, A. Kongsvold, H. B. Bårdstu, P. J. Mork: HARTH: A Human "
        "Activity Recognition Dataset for Machine Learning, Sensors 21(23):7853 "
        "(2021). doi:10.3390/s21237853"
    ),
    address="https://archive.ics.uci.edu/dataset/779/harth",
    url="https://archive.ics.uci.edu/static/public/779/harth.zip",
    sha256=None,
    size_bytes=None,
    folder="HARTH",
    inner_folder="harth",
    landmark="S006.csv",
    rate_hz=100.0,
    rate_varies=True,
    channels=CHANNELS,
    units=("m/s^2",) * 6,
    places=PLACES,
    subjects=SUBJECTS,
    activities=tuple(LABELS.values()),
    n_recordings=22,
    protocol="The authors leave one subject out.",
    traps=(
        "The authors state 50 Hz, but stamps of some files, S006 among them, begin "
        "10 ms apart. Published results ignore the stamps and take rows as 50 Hz; to "
        "compare with them, pass clock='rows'.",
        "Dates are made up (2000-01-01 or 2019-01-12), so recordings have no start.",
        "Stamps have gaps; a window must not cross them.",
        "S015 and S021 have a column index, and S023 one without a name: reading by "
        "position shifts all channels there.",
        "Sitting is by far the most common label, and cycling standing is rare: "
        "accuracy hardly sees rare classes, macro F1 does.",
        "Axes are those of the sensors: upright, x of the back reads about -1 g.",
    ),
    tried_on_real_files=False,
)


def load_harth(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    clock: Clock = "stamps",
) -> list[Recording]:
    """Load HARTH as 22 whole recordings, labelled throughout.

    Two accelerometers with gravity (m/s^2) share one clock.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["S006"]``. None loads all.
    clock : {"stamps", "rows"}, default="stamps"
        Whether samples lie where their stamps say, gaps included, or follow each
        other at 50 Hz, as published results assume.

    Returns
    -------
    list of Recording
        Named as the people, in that order.

    Raises
    ------
    DataError
        When files are missing or are not those published.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject or the clock is unknown.

    References
    ----------
    A. Logacjov et al., HARTH: A Human Activity Recognition Dataset for Machine
    Learning, Sensors 21(23):7853 (2021).

    Examples
    --------
    >>> from sensorhar.datasets.harth import CARD
    >>> len(CARD.subjects), CARD.activities[0]
    (22, 'walking')
    """
    wanted = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=wanted, clock=clock)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path,
    *,
    subjects: Sequence[str] = CARD.subjects,
    clock: Clock = "stamps",
) -> list[Recording]:
    """Read the recordings of some people below a folder, whatever is in it."""
    return [
        read_back_thigh(root / f"{subject}.csv", LABELS, subject, clock)
        for subject in subjects
        if (root / f"{subject}.csv").exists() or (root / f"{subject}.csv.gz").exists()
    ]
