"""Read an annotation list, whichever set or tool it is of."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from sensorhar._words import listing
from sensorhar.errors import DataError
from sensorhar.video._lines import read_json, read_lines, read_names, read_text, refuse
from sensorhar.video.listed import ListedClip, ListedVideo
from sensorhar.video.lists import (
    read_hmdb51,
    read_kinetics,
    read_kth,
    read_something_something,
    read_sports1m,
    read_ucf101,
)
from sensorhar.video.lists_mmaction2 import read_mmaction2
from sensorhar.video.lists_untrimmed import read_activitynet, read_thumos14

__all__ = ["read_list"]

_UCF101 = re.compile(r"(train|test)list0([123])\.txt")
_HMDB51 = re.compile(r".+_test_split([123])\.txt")

#: A word that names a file, for MMAction2's lists do not say what stands in them.
_IS_FILE = re.compile(r"\.\w{2,5}$")


def read_list(
    path: str | Path, *, classes: str | Path | Sequence[str] | None = None
) -> list[ListedClip] | list[ListedVideo]:
    """Read a list of clips or of untrimmed videos; its content tells the format.

    ::

        file,label,group             a table of one's own; group and split if you like
        classInd.txt, trainlist01    UCF101, a file or the folder (split 1)
        *_test_split1.txt            HMDB51, the folder (split 1) or a file
        label,youtube_id,...         Kinetics
        id;label, or JSON            Something-Something
        address 12,34                Sports-1M, with classes
        person01_boxing_d1 frames    KTH
        path 3, path 120 3           MMAction2, or JSON
        folder of *_val.txt          THUMOS14
        {"database": ...}            ActivityNet

    Parameters
    ----------
    path : str or Path
        A file, or a folder of lists.
    classes : str, Path, sequence of str or None, default=None
        All labels in order, or a file with one a line: what the codes of a list stand
        for, and what its labels must be among.

    Returns
    -------
    list of ListedClip, or list of ListedVideo
        In the order of the list.

    Raises
    ------
    DataError
        When the file is of no known form, or an entry is broken or has a label that is
        not among the classes; it names file and line.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "list.txt"
    ...     _ = path.write_text("swim/a.mp4 1")
    ...     read_list(path, classes=["run", "swim"])[0].label
    'swim'
    """
    path = Path(path)
    if isinstance(classes, (str, Path)):
        classes = read_names(classes)
    found = _read_folder(path) if path.is_dir() else _read_file(path, classes)
    if classes is not None:
        _check_classes(found, set(classes), path)
    return found


def _read_folder(path: Path) -> list[ListedClip] | list[ListedVideo]:
    names = sorted(p.name for p in path.iterdir())
    if "classInd.txt" in names:
        return read_ucf101(path)
    if any(_HMDB51.fullmatch(name) for name in names):
        return read_hmdb51(path)
    if any(name.endswith(("_val.txt", "_test.txt")) for name in names):
        return read_thumos14(path)
    raise DataError(
        f"{str(path)!r} must hold the lists of UCF101, HMDB51 or THUMOS14; it holds "
        f"{listing(names) or 'nothing'}. Pass a list itself."
    )


def _read_file(
    path: Path, classes: Sequence[str] | None
) -> list[ListedClip] | list[ListedVideo]:
    if path.suffix.lower() == ".json":
        return _read_json(path, classes)
    lines = read_lines(path)
    first = lines[0][1] if lines else ""
    header = [word.strip().lower() for word in next(csv.reader([first]), [])]
    if "youtube_id" in header:
        return read_kinetics(path)
    if "label" in header[1:]:
        return _read_table(path, header)
    if match := _UCF101.fullmatch(path.name):
        clips = read_ucf101(path.parent, split=int(match[2]))
        return [clip for clip in clips if clip.split == match[1]]
    if match := _HMDB51.fullmatch(path.name):
        label = path.name.partition("_test_split")[0]
        clips = read_hmdb51(path.parent, split=int(match[1]))
        return [clip for clip in clips if clip.labels == (label,)]
    if any(re.match(r"person\d\d_[a-z]+_d\d\s+frames", line) for _, line in lines):
        return read_kth(path)
    if "://" in first.split(" ")[0]:
        if classes is None:
            raise DataError(
                f"{path.name} is of Sports-1M, whose labels are numbers; pass classes, "
                "its file labels.txt."
            )
        return read_sports1m(path, labels=classes)
    if re.fullmatch(r"\d+;.*", first):
        return read_something_something(path, labels=classes)
    if re.fullmatch(r"#\s*\d+", first):
        raise DataError(
            f"{path.name} holds proposals; read it with read_mmaction2_proposals."
        )
    words = first.split()
    if len(words) > 1 and words[-1].isdecimal():
        return read_mmaction2(path, kind=_kind(words), labels=classes)
    raise DataError(
        f"{path.name} must be a list of a known form; its first line is {first[:60]!r}."
        " Give it a header file,label, or read it with a reader of its own."
    )


def _read_json(
    path: Path, classes: Sequence[str] | None
) -> list[ListedClip] | list[ListedVideo]:
    whole = read_json(path)
    first = whole[0] if isinstance(whole, list) and whole else None
    if isinstance(first, dict) and "id" in first:
        return read_something_something(path, labels=classes)
    if isinstance(first, dict):
        return read_mmaction2(path, labels=classes)
    if isinstance(whole, dict) and "results" not in whole:
        return read_activitynet(path)
    raise DataError(
        f"{path.name} must be a list of Something-Something, MMAction2 or ActivityNet; "
        f"it begins with {str(whole)[:60]!r}. Pass the annotations, not results."
    )


def _read_table(path: Path, header: list[str]) -> list[ListedClip]:
    """Read a table of one's own: file, label, and group and split if there are any."""
    clips = []
    for number, row in enumerate(csv.reader(read_text(path).splitlines()), start=1):
        if number == 1 or not row:
            continue
        if len(row) != len(header):
            refuse(path, number, f"{len(header)} columns", ",".join(row))
        fields = dict(zip(header, (word.strip() for word in row), strict=True))
        label = (fields["label"],) if fields["label"] else ()
        split, group = fields.get("split", ""), fields.get("group", "")
        clips.append(ListedClip(row[0].strip(), label, split, group))
    return clips


def _kind(words: list[str]) -> str:
    """Return what stands in the lines of MMAction2, from the first of them."""
    n_numbers = 0
    while n_numbers < len(words) - 1 and words[-1 - n_numbers].isdecimal():
        n_numbers += 1
    if _IS_FILE.search(words[-1 - n_numbers]) or n_numbers == 1:
        return "video"
    return "frames" if n_numbers == 2 else "frames_with_offset"


def _check_classes(
    found: Sequence[ListedClip | ListedVideo], known: set[str], path: Path
) -> None:
    for place, one in enumerate(found):
        if isinstance(one, ListedClip):
            name, labels = one.path, set(one.labels)
        else:
            name, labels = one.name, set(one.events.classes)
        if labels - known:
            raise DataError(
                f"labels of {path.name} must be among {len(known)} classes; entry "
                f"{place}, {name}, has {listing(labels - known)}. Correct it, or add "
                "it to the classes."
            )
