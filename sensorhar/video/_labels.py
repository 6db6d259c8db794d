"""Labels and groups of what is read, from wherever the user has them."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sensorhar._words import listing
from sensorhar.errors import DataError
from sensorhar.video._inputs import Input
from sensorhar.video._lines import read_text

__all__ = ["Labelled", "label_inputs"]


@dataclass(frozen=True)
class Labelled:
    """What inputs are called and belong to.

    Parameters
    ----------
    y, groups : list of str or None, or None
        One for each input; None when nobody says any.
    problems : dict of int to str
        Places of inputs to skip, and reasons.
    gone : dict of str to str
        Files that a table names and that are not there, and that reason.
    """

    y: list[str | None] | None
    groups: list[str | None] | None
    problems: dict[int, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)


def label_inputs(
    inputs: Sequence[Input],
    labels: Any,
    groups: Any,
    *,
    classes: Iterable[str] | None,
    is_searched: bool,
    may_skip: bool,
) -> Labelled:
    """Return labels and groups of inputs, or raise a DataError that names a file.

    Parameters
    ----------
    inputs : sequence of Input
        In order.
    labels, groups : None, "folder", path of a csv file, mapping, callable or sequence
        As ``read_clips`` takes them.
    classes : iterable of str or None
        All labels that are allowed.
    is_searched : bool
        Whether the inputs are all there is in a folder, so that a table which names
        others is wrong.
    may_skip : bool
        Whether to collect problems instead of raising.
    """
    problems: dict[int, str] = {}
    gather = problems if may_skip else None
    is_table = isinstance(labels, (str, Path)) and labels != "folder"
    if groups is None and is_table:
        groups = labels
    y = _values(labels, inputs, "label", gather)
    members = _values(groups, inputs, "group", gather)
    gone: list[str] = []
    if is_table and is_searched:
        table = Path(labels)
        gone = _unmatched(table, inputs)
        if gone and not may_skip:
            raise DataError(
                f"{table.name} must name files that are there; {len(gone)} are not: "
                f'{listing(gone)}. Correct it, or pass on_error="skip".'
            )
    if y is not None and classes is not None:
        known = set(classes)
        for place, (label, one) in enumerate(zip(y, inputs, strict=True)):
            if label is None or label in known:
                continue
            message = f"labels must be among {listing(known)}; {one.name} has {label!r}"
            if not may_skip:
                raise DataError(f"{message}. Correct it, or add it to classes.")
            problems[place] = f"{message}."
    reasons = {name: f"{name} is named by the labels and not there." for name in gone}
    return Labelled(y, members, problems, reasons)


def _values(
    given: Any,
    inputs: Sequence[Input],
    column: str,
    problems: dict[int, str] | None,
) -> list[str | None] | None:
    """Return the label, or the group, of each input, or None when there are none.

    ``given`` is None, "folder", a mapping by name, the path of a csv file, a function
    of the name, or one for each. Inputs that have none are added to the problems, with
    the reason; where nobody asks for these, they raise a ValueError.
    """
    if given is None:
        listed = [one.listed for one in inputs]
        if column == "label":
            found = [None if clip is None else clip.label for clip in listed]
        else:
            found = [None if clip is None else clip.group or None for clip in listed]
        return found if any(value is not None for value in found) else None
    if isinstance(given, str) and given == "folder":
        return [_parent(one) for one in inputs]
    if isinstance(given, (str, Path)):
        table = _csv_column(Path(given), column)
        if table is None:
            return None
        message = f"{Path(given).name} has no {column} for"
        return _look_up(table, inputs, message, problems)
    if isinstance(given, Mapping):
        table = {str(key): str(value) for key, value in given.items()}
        return _look_up(table, inputs, f"{column}s has none for", problems)
    if callable(given):
        function: Callable[[str], Any] = given
        answers = [function(one.name) for one in inputs]
        return [None if answer is None else str(answer) for answer in answers]
    values = [None if value is None else str(value) for value in given]
    if len(values) != len(inputs):
        raise ValueError(
            f"{column}s must have one for each of {len(inputs)} files; got "
            f"{len(values)}. They are read in the order of their names."
        )
    return values


def _unmatched(path: Path, inputs: Sequence[Input]) -> list[str]:
    """Return the files that a table of labels names and that are not among them."""
    known = {key for one in inputs for key in _keys(one)}
    return [name for name in _csv_column(path, "label") or {} if name not in known]


def _keys(one: Input) -> tuple[str, ...]:
    """Return what a table may call an input, the surest first."""
    path = Path(one.name)
    return one.name, path.name, path.with_suffix("").as_posix(), path.stem


def _look_up(
    table: Mapping[str, str],
    inputs: Iterable[Input],
    message: str,
    problems: dict[int, str] | None,
) -> list[str | None]:
    found, missing = [], {}
    for place, one in enumerate(inputs):
        key = next((key for key in _keys(one) if key in table), None)
        if key is None:
            missing[place] = one.name
        found.append(None if key is None else table[key])
    if missing and problems is None:
        raise DataError(
            f"{message} {listing(missing.values())}, of {len(found)} files. Add them, "
            'or leave those out, or pass on_error="skip".'
        )
    if problems is not None:
        problems |= {at: f"{message} {name!r}." for at, name in missing.items()}
    return found


def _csv_column(path: Path, column: str) -> dict[str, str] | None:
    """Return one column of a csv file by its first; None when it has no such."""
    rows = [row for row in csv.reader(read_text(path).splitlines()) if row]
    header = [word.strip().lower() for word in rows[0]] if rows else []
    if len(header) < 2 or "label" not in header[1:]:
        raise DataError(
            f"{path.name} must have a header 'file,label' or 'file,label,group'; got "
            f"{','.join(header)!r}. Add it."
        )
    if column not in header:
        return None
    at = header.index(column)
    table = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise DataError(
                f"row {number} of {path.name} must have {len(header)} columns; got "
                f"{','.join(row)[:80]!r}. Quote names that hold commas."
            )
        table[row[0].strip()] = row[at].strip()
    return table


def _parent(one: Input) -> str:
    path = one.where if isinstance(one.where, Path) else Path()
    if not path.parent.name:
        raise ValueError(
            f'"folder" takes the folder of each video for its label; {one.name!r} has '
            "none. Pass the labels."
        )
    return path.parent.name
