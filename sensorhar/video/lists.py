"""The lists of published sets of trimmed clips.

Labels stay in the words of each set, since published weights count in them. What is
returned goes into :func:`sensorhar.video.read_clips` with the folder of the videos as
``root``.
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.errors import DataError
from sensorhar.video._lines import (
    find_files,
    read_json,
    read_lines,
    read_names,
    read_text,
    refuse,
)
from sensorhar.video.listed import ListedClip

__all__ = [
    "read_hmdb51",
    "read_kinetics",
    "read_kth",
    "read_something_something",
    "read_sports1m",
    "read_ucf101",
]

#: Persons of KTH by part (C. Schüldt, I. Laptev and B. Caputo, Recognizing Human
#: Actions: A Local SVM Approach, ICPR 2004); all others are for testing.
_KTH_TRAIN = (11, 12, 13, 14, 15, 16, 17, 18)
_KTH_VALIDATION = (19, 20, 21, 23, 24, 25, 1, 4)


def read_ucf101(folder: str | Path, *, split: int = 1) -> list[ListedClip]:
    """Read one of the three splits of UCF101.

    The lists name classes from 1 in the training part and not at all in the test part;
    the folder is the class in both. Groups are ``g01`` to ``g25``, the source of the
    video, which the splits keep together.

    Parameters
    ----------
    folder : str or Path
        With ``classInd.txt``, ``trainlist01.txt`` and the others.
    split : int, default=1
        1, 2 or 3.

    Returns
    -------
    list of ListedClip
        13,320 of them: split 1 has 9,537 to train and 3,783 to test.

    Raises
    ------
    DataError
        When a list is missing, or a line is not as published.
    ValueError
        When there is no such split.

    References
    ----------
    K. Soomro, A. R. Zamir and M. Shah, UCF101: A Dataset of 101 Human Action Classes
    From Videos in The Wild, CRCV-TR-12-01, 2012.
    """
    check_choice(str(split), "split", ["1", "2", "3"])
    folder = Path(folder)
    index = folder / "classInd.txt"
    names: dict[str, str] = {}
    for number, line in read_lines(index):
        match = re.fullmatch(r"(\d+)\s+(\S+)", line)
        if not match:
            refuse(index, number, "a number and a class", line)
        names[match[1]] = match[2]
    known = set(names.values())
    clips = []
    for part in ("train", "test"):
        path = folder / f"{part}list0{split}.txt"
        for number, line in read_lines(path):
            match = re.fullmatch(r"((\w+)/\S+_(g\d+)_c\d+\.avi)(?:\s+(\d+))?", line)
            if not match:
                refuse(path, number, "Class/v_Class_g01_c01.avi and a number", line)
            label, code = match[2], match[4]
            if label not in known or (code and names.get(code) != label):
                refuse(path, number, f"a class of {index.name} and its number", line)
            clips.append(ListedClip(match[1], (label,), part, match[3]))
    return clips


def read_hmdb51(folder: str | Path, *, split: int = 1) -> list[ListedClip]:
    """Read one of the three splits of HMDB51.

    A file for each class names clips with 1 for training, 2 for testing, 0 for neither;
    these have the split ``"unused"``. Groups are the film, the part of the file name
    before the class, since several clips are cut from one.

    Parameters
    ----------
    folder : str or Path
        With ``brush_hair_test_split1.txt`` and the others.
    split : int, default=1
        1, 2 or 3.

    Returns
    -------
    list of ListedClip
        The published lists give 70 to train and 30 to test for each of 51 classes.

    Raises
    ------
    DataError
        When the lists are missing, or a line is not as published.
    ValueError
        When there is no such split.

    References
    ----------
    H. Kuehne et al., HMDB: A Large Video Database for Human Motion Recognition, ICCV
    2011, and the split_readme.txt beside the lists.
    """
    check_choice(str(split), "split", ["1", "2", "3"])
    parts = {"0": "unused", "1": "train", "2": "test"}
    clips = []
    ending = f"_test_split{split}.txt"
    for path in find_files(folder, "*" + ending, "the split lists of HMDB51"):
        label = path.name.removesuffix(ending)
        for number, line in read_lines(path):
            name, _, code = line.rpartition(" ")
            if code not in parts or not name:
                refuse(path, number, "a file and 0, 1 or 2", line)
            film = name.split(f"_{label}_")[0]
            path_in_set = f"{label}/{name.strip()}"
            clips.append(ListedClip(path_in_set, (label,), parts[code], film))
    return clips


def read_kinetics(path: str | Path, *, suffix: str = ".mp4") -> list[ListedClip]:
    """Read a list of Kinetics (400, 600 or 700), of any part.

    Files are named as the usual tools cut them, ``id_000017_000027.mp4``: ten seconds
    of the video with that id, which is the group. Test lists have no labels.

    Parameters
    ----------
    path : str or Path
        A csv file with columns youtube_id, time_start, time_end, split, mostly label.
    suffix : str, default=".mp4"
        Ending of the files.

    Returns
    -------
    list of ListedClip
        In the order of the list.

    Raises
    ------
    DataError
        When a column is missing or a time is no whole number of seconds.
    """
    rows = list(csv.reader(read_text(path).splitlines()))
    header = rows[0] if rows else []
    needed = ["youtube_id", "time_start", "time_end", "split"]
    missing = [name for name in needed if name not in header]
    if missing:
        raise DataError(
            f"{Path(path).name} must have the columns {', '.join(needed)}; "
            f"{listing(missing)} missing beside {listing(header) or 'nothing'}. Pass "
            "a csv list of Kinetics."
        )
    clips = []
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        fields = dict(zip(header, row, strict=False))
        times = fields.get("time_start", ""), fields.get("time_end", "")
        if len(row) != len(header) or not all(time.isdecimal() for time in times):
            refuse(path, number, f"{len(header)} columns, times in s", ",".join(row))
        start, stop = (int(time) for time in times)
        label = (fields["label"],) if fields.get("label") else ()
        name = f"{fields['youtube_id']}_{start:06d}_{stop:06d}{suffix}"
        clips.append(ListedClip(name, label, fields["split"], fields["youtube_id"]))
    return clips


def read_something_something(
    path: str | Path, *, labels: str | Path | Sequence[str] | None = None
) -> list[ListedClip]:
    """Read a list of Something-Something: JSON of version 2, or csv of version 1.

    The label is the template without its brackets, as the label lists spell it. Files
    are ``id.webm`` in version 2 and folders of frames ``id`` in version 1.

    Parameters
    ----------
    path : str or Path
        A JSON list of ``{"id", "template", ...}``, or lines ``id;label``.
    labels : str, Path, sequence of str or None, default=None
        The 174 labels, or a file of them: JSON or one a line. Given, every label must
        be among them.

    Returns
    -------
    list of ListedClip
        In the order of the list; without labels where it has none (test).

    Raises
    ------
    DataError
        When an entry is not as published, or its label is unknown.
    """
    known: set[str] | None = None
    if isinstance(labels, (str, Path)):
        is_json = str(labels).endswith(".json")
        known = set(read_json(labels) if is_json else read_names(labels))
    elif labels is not None:
        known = set(labels)
    clips = []
    if Path(path).suffix == ".json":
        entries = _something_two(path)
    else:
        entries = [
            (number, *line.partition(";")[::2]) for number, line in read_lines(path)
        ]
    for number, name, label in entries:
        if known is not None and label and label not in known:
            refuse(path, number, f"a label among {len(known)}", label)
        clips.append(ListedClip(name, (label,) if label else ()))
    return clips


def _something_two(path: str | Path) -> list[tuple[int, str, str]]:
    table = read_json(path)
    entries = []
    for number, entry in enumerate(table if isinstance(table, list) else [table], 1):
        is_good = isinstance(entry, dict) and isinstance(entry.get("id"), (str, int))
        if not is_good:
            got = str(entry)[:60]
            raise DataError(
                f"entry {number} of {Path(path).name} must be an object with 'id' and "
                f"'template'; got {got!r}. Pass a list of version 2."
            )
        template = str(entry.get("template", ""))
        label = template.replace("[", "").replace("]", "")
        entries.append((number, f"{entry['id']}.webm", label))
    return entries


def read_sports1m(
    path: str | Path, *, labels: str | Path | Sequence[str], split: str = ""
) -> list[ListedClip]:
    """Read a partition of Sports-1M: an address and numbers of labels in each line.

    Parameters
    ----------
    path : str or Path
        Such as ``train_partition.txt``.
    labels : str, Path or sequence of str
        The 487 labels in order, or the file ``labels.txt``.
    split : str, default=""
        What to call this part.

    Returns
    -------
    list of ListedClip
        ``path`` is the address; videos may have several labels.

    Raises
    ------
    DataError
        When a line is not as published, or a number beyond the labels.

    References
    ----------
    A. Karpathy et al., Large-scale Video Classification with Convolutional Neural
    Networks, CVPR 2014; README of the published lists.
    """
    names = read_names(labels) if isinstance(labels, (str, Path)) else list(labels)
    clips = []
    for number, line in read_lines(path):
        address, _, codes = line.partition(" ")
        words = codes.strip().split(",")
        if not all(word.isdecimal() for word in words):
            refuse(path, number, "an address and numbers of labels", line)
        if max(int(word) for word in words) >= len(names):
            refuse(path, number, f"numbers of labels below {len(names)}", line)
        chosen = tuple(names[int(word)] for word in words)
        clips.append(ListedClip(address, chosen, split, address.rpartition("=")[2]))
    return clips


def read_kth(path: str | Path) -> list[ListedClip]:
    """Read ``00sequences.txt`` of KTH: the repetitions in each video.

    Frame ranges in the file count from 1 and include their ends; here they count
    from 0. The group is the person; the split follows the authors by person.

    Parameters
    ----------
    path : str or Path
        The list.

    Returns
    -------
    list of ListedClip
        One a repetition, four in most of the 599 videos.

    Raises
    ------
    DataError
        When a line about a video is not as published.

    References
    ----------
    C. Schüldt, I. Laptev and B. Caputo, Recognizing Human Actions: A Local SVM
    Approach, ICPR 2004.
    """
    clips: list[ListedClip] = []
    for number, line in read_lines(path):
        words: Any = re.match(r"(person(\d\d)_([a-z]+)_d\d)\s+frames\s+(.+)", line)
        if not words:
            if line.startswith("person") and "frames" in line:
                refuse(path, number, "person01_boxing_d1 frames 1-95, ...", line)
            continue
        person = int(words[2])
        part = "train" if person in _KTH_TRAIN else "test"
        part = "validation" if person in _KTH_VALIDATION else part
        for span in words[4].split(","):
            match = re.fullmatch(r"\s*(\d+)\s*-\s*(\d+)\s*", span)
            if not match or not 0 < int(match[1]) <= int(match[2]):
                refuse(path, number, "ranges of frames such as 1-95", span)
            first, last = int(match[1]), int(match[2])
            clips.append(
                ListedClip(
                    f"{words[1]}_uncomp.avi",
                    (words[3],),
                    part,
                    f"person{words[2]}",
                    first - 1,
                    last - first + 1,
                )
            )
    if not clips:
        raise DataError(
            f"{Path(path).name} must hold lines 'person01_boxing_d1 frames 1-95, ...'; "
            "it holds none. Pass 00sequences.txt."
        )
    return clips
