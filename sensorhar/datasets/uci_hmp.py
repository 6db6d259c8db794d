"""UCI HMP: fourteen movements of daily life with an accelerometer at the wrist."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._text import read_numbers
from sensorhar.errors import DataError

__all__ = ["load_uci_hmp"]

#: MANUAL.txt, section 3: output data rate.
RATE_HZ = 32.0

#: MANUAL.txt, section 4.2: 0 to 63 stand for -1.5 g to +1.5 g.
MAX_CODE = 63
RANGE_G = 1.5

#: Name in the files (MANUAL.txt, section 2) -> our label.
LABELS = {
    "brush_teeth": "brushing_teeth",
    "climb_stairs": "walking_upstairs",
    "comb_hair": "combing_hair",
    "descend_stairs": "walking_downstairs",
    "drink_glass": "drinking",
    "eat_meat": "eating_meat",
    "eat_soup": "eating_soup",
    "getup_bed": "lie_to_stand",
    "liedown_bed": "stand_to_lie",
    "pour_water": "pouring_water",
    "sitdown_chair": "stand_to_sit",
    "standup_chair": "sit_to_stand",
    "use_telephone": "telephoning",
    "walk": "walking",
}

#: Files of each movement (MANUAL.txt, section 1), without the folders "..._MODEL".
N_FILES = (12, 102, 31, 42, 100, 5, 3, 101, 28, 100, 100, 102, 13, 100)

CARD = Card(
    name="uci-hmp",
    title=(
        "Dataset for ADL Recognition with Wrist-worn Accelerometer "
        "(Human Motion Primitives, HMP)"
    ),
    holds="recordings",
    licence=(
        "README.txt inside: free to use and modify for own research; anything "
        "commercial, and passing it on, is to be arranged with the authors. The page "
        "of the UCI repository may say otherwise: look before use."
    ),
    citation=(
        "B. Bruno, F. Mastrogiovanni, A. Sgorbissa, T. Vernazza, R. Zaccaria: Analysis "
        "of human behavior recognition algorithms based on acceleration data, IEEE "
        "ICRA 2013, 1602-1607."
    ),
    address=(
        "https://archive.ics.uci.edu/dataset/283/"
        "dataset+for+adl+recognition+with+wrist+worn+accelerometer"
    ),
    url=(
        "https://archive.ics.uci.edu/static/public/283/"
        "dataset+for+adl+recognition+with+wrist+worn+accelerometer.zip"
    ),
    sha256=None,
    size_bytes=None,
    folder="UCI_HMP",
    inner_folder="HMP_Dataset",
    landmark="Climb_stairs",
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z"),
    units=("m/s^2",) * 3,
    places=("wrist",),
    subjects=tuple(
        [f"f{number}" for number in range(1, 6)]
        + [f"m{number}" for number in range(1, 12)]
    ),
    activities=tuple(LABELS.values()),
    n_recordings=sum(N_FILES),
    protocol=(
        "None official; leave out subjects. Many movements were recorded of few "
        "people, so say which subjects performed what."
    ),
    traps=(
        "Readings are whole numbers 0 to 63, six bits over 3 g: one step is 0.47 "
        "m/s^2, and anything beyond 1.5 g is cut off.",
        "Subjects are very unequal (f1 made 10 of the 12 recordings of brushing teeth) "
        "and some movements hardly occur (eating soup has 3 recordings).",
        "A recording is one movement from start to end, so there is no null and no "
        "transition in it; the length of a file tells the movement.",
        "The folders ending in _MODEL repeat trials for the authors' own models; they "
        "are not loaded, so 979 files become 839 recordings.",
    ),
    tried_on_real_files=False,
)

_FILE = re.compile(
    r"Accelerometer-(?P<date>\d{4}-\d\d-\d\d)-(?P<clock>\d\d-\d\d-\d\d)-"
    r"(?P<movement>[a-z_]+)-(?P<subject>[fm]\d+)\.txt",
    re.IGNORECASE,
)


def load_uci_hmp(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load HMP as 839 recordings of one movement each.

    The accelerometer at the right wrist (with gravity, m/s^2) runs at 32 Hz; its one
    event covers the whole recording.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["f1", "m2"]``. None loads all.

    Returns
    -------
    list of Recording
        In the order of movement and time.

    Raises
    ------
    DataError
        When files are missing or broken.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject is not on the card.

    References
    ----------
    B. Bruno et al., Analysis of human behavior recognition algorithms based on
    acceleration data, IEEE ICRA 2013.

    Examples
    --------
    >>> from sensorhar.datasets.uci_hmp import CARD
    >>> len(CARD.activities), CARD.n_recordings
    (14, 839)
    """
    wanted = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=wanted)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the recordings of some subjects below a folder, but for the models."""
    found = sorted(
        (match["movement"].lower(), path.name, path, match)
        for path in root.rglob("Accelerometer-*.txt")
        if (match := _FILE.fullmatch(path.name))
        and not path.parent.name.lower().endswith("_model")
        and match["subject"].lower() in subjects
    )
    if not found:
        raise DataError(
            f"{root} must hold files such as "
            "Climb_stairs/Accelerometer-2011-03-24-10-24-39-climb_stairs-f1.txt; it "
            "holds none of the subjects asked for. Fetch the data set again."
        )
    return [_read_one(path, match) for _, _, path, match in found]


def _read_one(path: Path, match: re.Match[str]) -> Recording:
    movement = match["movement"].lower()
    if movement not in LABELS:
        raise DataError(
            f"{path.name} must be of a movement among {listing(LABELS)}; got "
            f"{movement!r}. Remove the file if it is not of this set."
        )
    codes = read_numbers(path, 3)
    if codes.min() < 0 or codes.max() > MAX_CODE:
        raise DataError(
            f"{path} must hold readings coded 0 to {MAX_CODE}; got {codes.min():g} to "
            f"{codes.max():g}. Fetch the data set again."
        )
    acc = Stream.of_sensor(
        "accelerometer",
        (codes * (2 * RANGE_G / MAX_CODE) - RANGE_G).astype(np.float32),
        np.arange(len(codes)) / RATE_HZ,
        unit="g",
        place="wrist",
        has_gravity=True,
        rate_hz=RATE_HZ,
    )
    label = LABELS[movement]
    subject = match["subject"].lower()
    return Recording(
        [acc],
        name=f"{subject}-{label}-{match['date']}_{match['clock']}",
        subject=subject,
        events=Events([0.0], [len(codes) / RATE_HZ], [label]),
        # The clock of the file name has no time zone, so it is no start.
        metadata={"recorded": f"{match['date']} {match['clock'].replace('-', ':')}"},
    )
