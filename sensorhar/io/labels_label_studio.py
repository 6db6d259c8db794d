"""Labels made with Label Studio: time series regions of its JSON export."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

import numpy as np

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io._times import Stamps

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["is_label_studio", "read_label_studio"]

KEY = "timeserieslabels"

#: Labels of a sound, whose regions lie in seconds too.
SOUND_KEY = "labels"

#: Labels of a video count frames, whose rate the file does not say.
FRAMES_KEY = "timelinelabels"


def is_label_studio(source: Source) -> bool:
    """Return whether a file is an export of Label Studio, by the words in its start.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it is JSON with time series labels, or with annotated tasks.
    """
    text = source.text.lstrip("\ufeff \t\r\n")
    if not text.startswith(("[", "{")):
        return False
    words = (KEY, FRAMES_KEY, SOUND_KEY)
    return any(f'"{word}"' in text for word in words) or (
        '"annotations"' in text and '"result"' in text
    )


def read_label_studio(
    path: str | Path,
    *,
    track: str | None = None,
    start: datetime | None = None,
    time_unit: Literal["s", "ms", "us", "ns", "iso"] = "s",
) -> Events:
    """Read the time series labels of one task, from the JSON or JSON-MIN export.

    Regions are in the unit of the time column that was annotated, as numbers or as
    dates, those of a sound (tag Labels on Audio) in s. Of several annotations of a
    task the last that was not cancelled counts. A region with two labels becomes two
    events; an instant has no duration and is left out.

    Parameters
    ----------
    path : str or Path
        The ``.json`` file.
    track : str or None, default=None
        Id of the task. None takes the only one that has labels.
    start : datetime or None, default=None
        When the recording started, with a time zone; needed for dates and for numbers
        that count from 1970.
    time_unit : {"s", "ms", "us", "ns", "iso"}, default="s"
        Unit of numbers; dates are told from them.

    Returns
    -------
    Events
        In s from the start of the recording.

    Raises
    ------
    DataError
        When the file is broken; it names line and column, or the task. When several
        tasks have labels and none is chosen, or Unix times come without the start of
        the recording.

    Warns
    -----
    SensorharWarning
        When regions without a label or a duration were left out.

    References
    ----------
    Label Studio, "Label Studio task format" and tag TimeSeriesLabels.
    """
    source = Source(Path(path))
    named = source.name
    content = source.read()
    tasks = _tasks(content, named)
    regions = {key: found for key, task in tasks.items() if (found := _regions(task))}
    if not regions and f'"{FRAMES_KEY}"'.encode() in content:
        raise DataError(
            f"{named} must hold labels of a time series or a sound; it holds labels of "
            "a video, in frames whose rate it does not say. Turn frames into seconds, "
            "and write a table with start_s, stop_s and label."
        )
    if not regions:
        return Events.empty()
    if track is None and len(regions) == 1:
        track = next(iter(regions))
    if track not in regions:
        raise DataError(
            f"track must be the id of a task of {named} with labels, which are "
            f"{listing(regions)}; got {track!r}."
        )
    where = f"task {track!r} of {named}"
    rows, n_left_out = [], 0
    for region in regions[track]:
        labels = region.get(KEY, region.get(SOUND_KEY))
        if not isinstance(labels, list) or "start" not in region or "end" not in region:
            raise DataError(
                f"a region in {where} must have 'start', 'end' and a list {KEY!r}; got "
                f"{str(region)[:60]}. Export it again."
            )
        texts = [str(label).strip() for label in labels if str(label).strip()]
        n_left_out += not texts
        rows += [(region["start"], region["end"], text) for text in texts]
    begin = _seconds([row[0] for row in rows], time_unit, start, where)
    end = _seconds([row[1] for row in rows], time_unit, start, where)
    is_event = end > begin
    n_left_out += int((~is_event).sum())
    if n_left_out:
        warnings.warn(
            f"regions in {where} must have a label and a duration; {n_left_out} have "
            "not and were left out.",
            SensorharWarning,
            stacklevel=2,
        )
    kept = [row[2] for row, keep in zip(rows, is_event, strict=True) if keep]
    return Events(begin[is_event], end[is_event], kept)


def _tasks(content: bytes, named: str) -> dict[str, dict[str, Any]]:
    """Return the tasks by their id."""
    try:
        document = json.loads(content)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{named} must be whole JSON; it breaks in line {error.lineno}, column "
            f"{error.colno}: {error.msg}. Export it again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{named} must be plain JSON; it cannot be read ({error}). Export it again."
        ) from error
    tasks = document if isinstance(document, list) else [document]
    if not all(isinstance(task, dict) for task in tasks):
        raise DataError(
            f"{named} must be a list of tasks; it holds something else. Export it from "
            "Label Studio as JSON or JSON-MIN."
        )
    return {str(task.get("id", i + 1)): task for i, task in enumerate(tasks)}


def _regions(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the time series regions of a task, whichever export it is from."""
    annotations = task.get("annotations")
    if isinstance(annotations, list):
        valid = [
            annotation
            for annotation in annotations
            if isinstance(annotation, dict) and not annotation.get("was_cancelled")
        ]
        results = valid[-1].get("result") if valid else None
        values = [
            result.get("value")
            for result in (results if isinstance(results, list) else [])
            if isinstance(result, dict)
        ]
        return [value for value in values if _is_region(value)]
    return list(_flat_regions(task))  # JSON-MIN: under the name of the label tag


def _flat_regions(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for value in task.values():
        if isinstance(value, list):
            yield from (item for item in value if _is_region(item))


def _is_region(value: Any) -> TypeGuard[dict[str, Any]]:
    """Return whether it lies in time; labels of a text are stretches of letters."""
    if not isinstance(value, dict):
        return False
    is_sound = SOUND_KEY in value and "start" in value and "text" not in value
    return KEY in value or is_sound


def _seconds(
    values: list[Any], unit: str, start: datetime | None, where: str
) -> NDArray[np.float64]:
    """Return times in s from the start of the recording."""
    import pandas as pd

    if not values:
        return np.empty(0)
    is_text = any(isinstance(value, str) for value in values)
    is_whole = all(isinstance(value, int) for value in values)  # keeps ns exact
    if not is_text and unit == "iso":
        raise DataError(
            f"regions in {where} must start and end at dates, as time_unit='iso' says; "
            f"got {values[0]!r}. Pass the unit of the time column."
        )
    try:
        column = pd.Series(
            [str(value) for value in values]
            if is_text
            else np.array(values, dtype=np.int64 if is_whole else np.float64)
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(
            f"regions in {where} must start and end at numbers or dates; got "
            f"{str(values)[:60]}. Export it again."
        ) from error
    if column.dtype.kind == "f" and not np.isfinite(column.to_numpy()).all():
        raise DataError(
            f"regions in {where} must start and end at finite times; got "
            f"{str(values)[:60]}. Export it again."
        )
    stamps = Stamps.of_column(
        column, "iso" if is_text else unit, f"start or end of regions in {where}"
    )
    if not stamps.is_unix:
        return stamps.seconds()
    if start is None:
        raise DataError(
            f"read_label_studio needs the start of the recording to place dates and "
            f"Unix times of {where}; got start=None. Pass start=recording.start."
        )
    return stamps.seconds_since(start)
