"""CAPTURE-24: a day of free living of 151 people with a wrist accelerometer."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.datasets._card import Card
from sensorhar.datasets._clock import increasing_times
from sensorhar.datasets._fetch import find_or_fetch
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets._readings import is_number
from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load_capture_24"]

RATE_HZ = 100.0

#: Rows parsed at once: a day has 8.6 million, whose stamps as text would need 1 GB.
N_CHUNK_ROWS = 1_000_000

#: Columns of annotation-label-dictionary.csv, without "label:", and the free text.
SCHEMES = (
    "Walmsley2020",
    "Willetts2018",
    "WillettsSpecific2018",
    "WillettsMET2018",
    "Doherty2018",
    "DohertySpecific2018",
)
DICTIONARY = "annotation-label-dictionary.csv"

CARD = Card(
    name="capture-24",
    title=(
        "CAPTURE-24: Activity tracker dataset for human activity recognition in the "
        "wild"
    ),
    holds="recordings",
    licence="CC BY 4.0",
    citation=(
        "S. Chan, H. Yuan, C. Tong, A. Acquah, A. Schonfeldt, J. Gershuny, A. Doherty: "
        "CAPTURE-24: A large dataset of wrist-worn activity tracker data collected in "
        "the wild for human activity recognition, 2024, arXiv:2402.19229."
    ),
    address=("https://ora.ox.ac.uk/objects/uuid:99d7c092-d865-4a19-b096-cc16440cd001"),
    url=(
        "https://ora.ox.ac.uk/objects/uuid:99d7c092-d865-4a19-b096-cc16440cd001/"
        "files/rpr76f381b"
    ),
    sha256=None,
    size_bytes=6_902_652_480,  # as two public projects wrote it down, in agreement
    folder="CAPTURE24",
    inner_folder="capture24",
    landmark=DICTIONARY,
    rate_hz=RATE_HZ,
    channels=("acc_x", "acc_y", "acc_z"),
    units=("m/s^2",) * 3,
    places=("wrist",),
    subjects=tuple(f"P{number:03d}" for number in range(1, 152)),
    activities=("sleep", "sedentary", "light", "moderate_vigorous"),
    n_recordings=151,
    protocol=(
        "Held-out subjects: public code trains on P001 to P100 and tests on P101 to "
        "P151, with 10 s windows."
    ),
    traps=(
        "3883 hours in all: some 17 GB in memory. Load a part with subjects=[...]; the "
        "archive is 6.9 GB.",
        "Of these, 2562 hours are annotated. The rest is null, not an activity.",
        "Labels come from single pictures of a body camera and from sleep diaries: "
        "where an activity starts and stops is known no better than that.",
        "What the classes are depends on the scheme (labels=...): never compare scores "
        "across schemes. The activities here are those of Walmsley2020.",
        "Sedentary and sleep are most of the time: accuracy is high for a model that "
        "knows little else.",
        "The clock is local time without a zone, so the recordings have no start.",
    ),
    tried_on_real_files=False,
)

_FILE = re.compile(r"(?P<subject>P\d{3})\.csv(\.gz)?")


def load_capture_24(
    *,
    data_dir: str | Path | None = None,
    download: bool = True,
    labels: str = "Walmsley2020",
    subjects: Sequence[str] | None = None,
) -> list[Recording]:
    """Load CAPTURE-24, one recording of about a day for each person.

    The accelerometer at the dominant wrist (with gravity, m/s^2) runs at 100 Hz. Time
    that is not annotated, or whose annotation the scheme leaves open, has no event.

    Parameters
    ----------
    data_dir : str, Path or None, default=None
        Where the files are, or shall go. None looks in ``SENSORHAR_DATA``, then in
        the user's cache.
    download : bool, default=True
        Whether to download the set (6.9 GB) when it is not there.
    labels : str, default="Walmsley2020"
        Scheme that turns annotations into classes, a column of
        annotation-label-dictionary.csv: "Walmsley2020" (4 classes), "Willetts2018"
        (6), "WillettsSpecific2018" (10), "WillettsMET2018", "Doherty2018" or
        "DohertySpecific2018".
    subjects : sequence of str or None, default=None
        Load these only, such as ``["P001", "P002"]``. None loads all, which needs
        some 17 GB of memory.

    Returns
    -------
    list of Recording
        Named ``P001`` and so on, in that order.

    Raises
    ------
    DataError
        When files are missing or broken.
    DownloadError
        When the archive cannot be fetched whole.
    ValueError
        When a subject is not on the card, or the scheme is unknown.

    References
    ----------
    S. Chan et al., CAPTURE-24: A large dataset of wrist-worn activity tracker data
    collected in the wild for human activity recognition, 2024, arXiv:2402.19229.

    Examples
    --------
    >>> from sensorhar.datasets.capture_24 import CARD
    >>> CARD.activities
    ('sleep', 'sedentary', 'light', 'moderate_vigorous')
    """
    check_choice(labels, "labels", SCHEMES)
    wanted = choose_subjects(CARD, subjects)
    root = find_or_fetch(CARD, data_dir=data_dir, download=download)
    recordings = read_recordings(root, labels=labels, subjects=wanted)
    check_whole(CARD, recordings, subjects)
    return recordings


def read_recordings(
    root: Path,
    *,
    labels: str = "Walmsley2020",
    subjects: Sequence[str] = CARD.subjects,
) -> list[Recording]:
    """Read the recordings of some subjects in a folder."""
    words = _read_dictionary(root / DICTIONARY, labels)
    found = sorted(
        path
        for path in root.iterdir()
        if (match := _FILE.fullmatch(path.name)) and match["subject"] in subjects
    )
    if not found:
        raise DataError(
            f"{root} must hold files such as P001.csv.gz; it holds none of the "
            "subjects asked for. Fetch the data set again."
        )
    return [_read_one(path, words) for path in found]


def _read_dictionary(path: Path, labels: str) -> dict[str, str]:
    """Return our label for each annotation that the scheme knows."""
    import pandas as pd

    column = f"label:{labels}"
    try:
        table = pd.read_csv(path, usecols=["annotation", column], dtype=str)
    except (ValueError, OSError) as error:
        raise DataError(
            f"{path.parent} must hold {path.name} with the columns 'annotation' and "
            f"{column!r}; it cannot be read ({error}). Fetch the data set again."
        ) from error
    known = table.dropna()
    return {
        annotation: _snake(word)
        for annotation, word in zip(known["annotation"], known[column], strict=True)
    }


def _snake(word: str) -> str:
    return re.sub(r"[\W_]+", "_", word.lower()).strip("_")


def _read_one(path: Path, words: dict[str, str]) -> Recording:
    import zlib

    import pandas as pd

    classes: dict[str, int] = {
        word: code for code, word in enumerate(dict.fromkeys(words.values()))
    }
    code_of = {annotation: classes[word] for annotation, word in words.items()}
    stamps, values, codes = [], [], []
    try:
        chunks = pd.read_csv(
            path,
            usecols=["time", "x", "y", "z", "annotation"],
            dtype={"x": "f4", "y": "f4", "z": "f4", "annotation": "category"},
            chunksize=N_CHUNK_ROWS,
            low_memory=False,  # else parts without any annotation do not join others
        )
        with np.errstate(over="ignore"):  # what is too large is refused below
            for chunk in chunks:
                stamps.append(_nanoseconds(chunk["time"]))
                values.append(chunk[["x", "y", "z"]].to_numpy())
                codes.append(_codes(chunk["annotation"], code_of, path.name))
    except DataError:
        raise
    except (ValueError, OverflowError, EOFError, OSError, zlib.error) as error:
        raise DataError(
            f"{path.name} must be a table of time, x, y, z and annotation; it cannot "
            f"be read ({error}). Fetch the data set again."
        ) from error
    if not sum(map(len, stamps)):
        raise DataError(
            f"{path.name} must hold readings; it holds none. Fetch the data set again."
        )
    times = np.concatenate(stamps)
    acc = np.concatenate(values)
    is_none = np.isnan(acc)
    if not (is_number(acc) | is_none).all() or is_none.all():
        raise DataError(
            f"{path.name} must hold finite readings; got infinite ones, or none. Fetch "
            "the data set again."
        )
    time_s = increasing_times(
        (times - times[0]) / 1e9, rate_hz=RATE_HZ, called=path.name
    )
    time_s = time_s - time_s[0]
    subject = path.name.split(".")[0]
    return Recording(
        [
            Stream.of_sensor(
                "accelerometer",
                acc,
                time_s,
                unit="g",
                place="wrist",
                has_gravity=True,
                rate_hz=RATE_HZ,
            )
        ],
        name=subject,
        subject=subject,
        events=events_of_samples(
            np.concatenate(codes),
            time_s,
            {code: word for word, code in classes.items()},
            null=-1,
            rate_hz=RATE_HZ,
            called=path.name,
        ),
        metadata={"recorded": str(np.datetime64(int(times[0]), "ns"))[:19]},
    )


def _nanoseconds(column: "pd.Series[Any]") -> NDArray[np.int64]:
    """Return stamps such as ``2016-11-13 02:18:00.010000`` as ns since 1970."""
    import pandas as pd

    stamps = pd.to_datetime(column, format="ISO8601").to_numpy("datetime64[ns]")
    if np.isnat(stamps).any():
        raise ValueError("a time is missing")
    whole: NDArray[np.int64] = stamps.astype(np.int64)
    return whole


def _codes(
    column: "pd.Series[Any]", code_of: dict[str, int], name: str
) -> NDArray[np.int64]:
    """Return the class of each row, -1 where there is none."""
    categories = column.cat.categories
    if not len(categories):
        return np.full(len(column), -1, dtype=np.int64)
    known = [code_of.get(str(annotation), -1) for annotation in categories]
    if max(known) < 0:
        strange = [str(annotation)[:40] for annotation in categories]
        raise DataError(
            f"annotations of {name} must be those of {DICTIONARY}; got "
            f"{listing(strange)}. Fetch the data set again."
        )
    table = np.array([*known, -1], dtype=np.int64)  # code -1 is a missing annotation
    chosen: NDArray[np.int64] = table[column.cat.codes.to_numpy()]
    return chosen
