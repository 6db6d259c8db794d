"""HAR70+: people of 70 to 95 years, filmed, with sensors at lower back and thigh."""

from collections.abc import Sequence
from pathlib import Path

from sensorhar.data.recording import Recording
from sensorhar.datasets._back_thigh import CHANNELS, PLACES, Clock, read_back_thigh
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects

__all__ = ["load_har70plus"]

#: Label of each class number (the table in the README of the authors' repository
#: ntnu-ai-lab/harth-ml-experiments), in our words.
LABELS = {
    1: "walking",
    3: "shuffling",
    4: "walking_upstairs",
    5: "walking_downstairs",
    6: "standing",
    7: "sitting",
    8: "lying",
}

CARD = Card(
    name="har70plus",
    title="Human Activity Recognition 70+ (HAR70+)",
    holds="recordings",
    licence="CC BY 4.0 on the page of the UCI repository",
    citation=(
        "A. Ustad, A. Logacjov, S. Ø. Trollebø, P. Thingstad, B. Vereijken, K. Bach, "
        "N. S. Maroni: Validation of an Activity Type Recognition Model Classifying "
        "Daily Physical Behavior in Older Adults: The HAR70+ Model, Sensors "
        "23(5):2368 (2023)"
    ),
    address="https://archive.ics.uci.edu/dataset/780/har70",
    url="https://archive.ics.uci.edu/static/public/780/har70.zip",
    sha256=None,
    size_bytes=None,
    folder="HAR70plus",
    inner_folder="har70plus",
    landmark="501.csv",
    rate_hz=50.0,
    channels=CHANNELS,
    units=("m/s^2",) * 6,
    places=PLACES,
    subjects=tuple(str(number) for number in range(501, 519)),
    activities=tuple(LABELS.values()),
    n_recordings=18,
    protocol="None is official; leave out subjects.",
    traps=(
        "Same layout and class numbers as HARTH, and other people: older, slower, some "
        "with walking aids. How well a model fitted on HARTH does here is a test of "
        "its own.",
        "Nobody runs or cycles. Not everyone has every class, so that macro F1 of one "
        "subject is over fewer classes.",
        "Time stamps have no zone, so recordings have no start.",
        "Axes are those of the sensors: upright, x of the back reads about -1 g.",
    ),
    tried_on_real_files=False,
)


def load_har70plus(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
    clock: Clock = "stamps",
) -> list[Recording]:
    """Load HAR70+ as 18 whole recordings, labelled throughout.

    Two accelerometers with gravity (m/s^2) share one clock of 50 Hz.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["501"]``. None loads all.
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
    A. Ustad et al., Validation of an Activity Type Recognition Model Classifying Daily
    Physical Behavior in Older Adults: The HAR70+ Model, Sensors 23(5):2368 (2023).

    Examples
    --------
    >>> from sensorhar.datasets.har70plus import CARD
    >>> len(CARD.subjects), CARD.activities[0]
    (18, 'walking')
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
