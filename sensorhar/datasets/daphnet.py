"""Daphnet: freezing of gait in Parkinson's disease, ankle, thigh and trunk."""

import re
from collections.abc import Sequence
from pathlib import Path

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import repair_stamps
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._readings import as_readings
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.datasets._tables import read_table

__all__ = ["load_daphnet"]

RATE_HZ = 64.0

#: Sensors in the order of the columns (documentation of the archive). The third is
#: called trunk in the list of columns and hip in the text.
PLACES = ("ankle", "thigh", "trunk")

#: Label of each annotation; 0 means that the experiment has not begun, or is over.
LABELS = {1: "no_freeze", 2: "freeze"}
NOT_IN_EXPERIMENT = 0

CARD = Card(
    name="daphnet",
    title="Daphnet Freezing of Gait Dataset in users with Parkinson's disease",
    holds="recordings",
    licence=(
        "CC BY 4.0 on the page of the UCI repository; the README inside asks to cite "
        "the paper"
    ),
    citation=(
        "M. Bächlin, M. Plotnik, D. Roggen, I. Maidan, J. M. Hausdorff, N. Giladi, "
        "G. Tröster: Wearable Assistant for Parkinson's Disease Patients With the "
        "Freezing of Gait Symptom, IEEE Transactions on Information Technology in "
        "Biomedicine 14(2):436-446 (2010)"
    ),
    address="https://archive.ics.uci.edu/dataset/245/daphnet+freezing+of+gait",
    url=("https://archive.ics.uci.edu/static/public/245/daphnet+freezing+of+gait.zip"),
    sha256=None,
    size_bytes=None,
    folder="Daphnet",
    inner_folder="dataset_fog_release",
    landmark="dataset/S01R01.txt",
    rate_hz=RATE_HZ,
    channels=tuple(f"{place}_acc_{axis}" for place in PLACES for axis in "xyz"),
    units=("m/s^2",) * 9,
    places=PLACES,
    subjects=tuple(f"S{number:02d}" for number in range(1, 11)),
    activities=tuple(LABELS.values()),
    n_recordings=17,
    protocol=(
        "All runs of a person belong together (documentation of the archive): leave "
        "out subjects, not runs."
    ),
    traps=(
        "Annotation 0 is not part of the experiment (sensors being put on, talking); "
        "it is null here, and taking it as a class flatters.",
        "no_freeze is standing, walking and turning alike; a person who stands still "
        "on purpose looks much like one who freezes.",
        "S04 and S10 never froze, nor did S03 in the third run: recall of freezing is "
        "undefined for them.",
        "Freezing is rare: report its recall and precision, or macro F1.",
        "Axes are x forward, y vertical, z lateral, as the authors state them.",
        "Some public benchmarks test on runs of people they train on.",
    ),
    tried_on_real_files=False,
)

_FILE = re.compile(r"(?P<subject>S\d\d)R(?P<run>\d\d)\.txt(\.gz)?")


def load_daphnet(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load Daphnet as 17 whole runs with their freezes.

    Accelerometers with gravity (m/s^2) at ankle, thigh and trunk share one clock of
    64 Hz. Time that is not part of the experiment has no event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set when it is not there.
    subjects : sequence of str or None, default=None
        Load these only, such as ``["S01"]``. None loads all.

    Returns
    -------
    list of Recording
        Named ``S01R01`` and so on, in that order.

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
    M. Bächlin et al., Wearable Assistant for Parkinson's Disease Patients With the
    Freezing of Gait Symptom, IEEE Transactions on Information Technology in
    Biomedicine 14(2) (2010).

    Examples
    --------
    >>> from sensorhar.datasets.daphnet import CARD
    >>> CARD.activities
    ('no_freeze', 'freeze')
    """
    chosen = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, subjects=chosen)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path, *, subjects: Sequence[str] = CARD.subjects
) -> list[Recording]:
    """Read the runs of some people below a folder, whatever is in it."""
    folder = root / "dataset"
    found = sorted(
        {
            (match["subject"], path.name.removesuffix(".gz"))
            for path in folder.iterdir()
            if (match := _FILE.fullmatch(path.name)) and match["subject"] in subjects
        }
    )
    return [_read_one(folder / name, subject) for subject, name in found]


def _read_one(path: Path, subject: str) -> Recording:
    table = read_table(path, 11)
    # Stamps are whole milliseconds, up to half of one off the regular grid.
    stamps = (table[:, 0] - table[0, 0]) / 1000
    repair = repair_stamps(stamps, rate_hz=RATE_HZ, called=path.name)
    values = as_readings(table[:, 1:10], "mg", path.name)
    streams = [
        Stream.of_sensor(
            "accelerometer",
            values[:, 3 * i : 3 * i + 3],
            repair.time_s,
            place=place,
            has_gravity=True,
            rate_hz=RATE_HZ,
            prefix_place=True,
        )
        for i, place in enumerate(PLACES)
    ]
    return Recording(
        streams,
        name=path.stem,
        subject=subject,
        events=events_of_samples(
            table[:, 10],
            repair.time_s,
            LABELS,
            null=NOT_IN_EXPERIMENT,
            rate_hz=RATE_HZ,
            called=path.name,
        ),
        metadata={"n_gaps": repair.report.n_gaps},
    )
