"""The annotations of untrimmed videos: THUMOS14 and ActivityNet."""

import math
import re
import warnings
from pathlib import Path
from typing import Any

from sensorhar._words import listing
from sensorhar.data.events import Event, Events
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.video._lines import find_files, read_json, read_lines, refuse
from sensorhar.video.listed import ListedVideo

__all__ = ["read_activitynet", "read_activitynet_results", "read_thumos14"]


def read_thumos14(
    folder: str | Path,
    *,
    durations: str | Path | None = None,
    ambiguous: bool = False,
) -> list[ListedVideo]:
    """Read the temporal annotations of THUMOS14, a file for each class.

    Lines are ``video start stop`` in s. Thirty instances start after the end of their
    video; with ``durations`` they are left out, with a warning, and the rest is cut to
    the video, as SSN does.

    Parameters
    ----------
    folder : str or Path
        With ``BaseballPitch_val.txt`` and the others.
    durations : str, Path or None, default=None
        A file with a line of the video's name and a line of its length in s by turns.
    ambiguous : bool, default=False
        Whether to read the file ``Ambiguous`` too, which marks what may be left out of
        scoring.

    Returns
    -------
    list of ListedVideo
        Those with at least one line, by name; 200 with 3,007 instances for validation
        and 212 with 3,358 for testing, where nothing is left out.

    Raises
    ------
    DataError
        When the lists are missing, or a line is not as published.

    Warns
    -----
    SensorharWarning
        When instances lie beyond the end of their video.

    References
    ----------
    Y.-G. Jiang et al., THUMOS Challenge: Action Recognition with a Large Number of
    Classes, 2014; Y. Zhao et al., Temporal Action Detection with Structured Segment
    Networks, ICCV 2017.
    """
    length_s = {} if durations is None else _durations(durations)
    events: dict[str, list[Event]] = {}
    beyond = []
    for path in find_files(folder, "*_*.txt", "the annotations of THUMOS14"):
        label = path.name.rpartition("_")[0]
        if label == "Ambiguous" and not ambiguous:
            continue
        for number, line in read_lines(path):
            match = re.fullmatch(r"(\S+)\s+([\d.]+)\s+([\d.]+)", line)
            start, stop = _times(match.groups()[1:]) if match else (0.0, 0.0)
            if not match or stop <= start:
                refuse(path, number, "a video, a start and a later stop in s", line)
            end = length_s.get(match[1], math.inf)
            if start >= end:
                beyond.append(f"{match[1]} at {start:g} s")
                continue
            event = Event(start, min(stop, end), label)
            events.setdefault(match[1], []).append(event)
    if beyond:
        warnings.warn(
            f"{len(beyond)} instances start after the end of their video and are left "
            f"out: {listing(beyond)}.",
            SensorharWarning,
            stacklevel=2,
        )
    return [
        ListedVideo(
            name,
            Events.from_list(events[name]),
            length_s.get(name),
            name.split("_")[1] if name.count("_") > 1 else "",
        )
        for name in sorted(events)
    ]


def read_activitynet(path: str | Path) -> list[ListedVideo]:
    """Read the annotations of ActivityNet, or of any set in its form.

    Both forms in use are read: the official ``{"database": {id: {"duration",
    "subset", "annotations"}}}``, and the ``{"v_id": {"duration_second",
    "annotations"}}`` of BMN and MMAction2.

    Parameters
    ----------
    path : str or Path
        A JSON file.

    Returns
    -------
    list of ListedVideo
        In the order of the file; those of the test part have no events. Segments that
        run beyond the video are cut to it; those without length are left out, with a
        warning.

    Raises
    ------
    DataError
        When the file is not of this form.

    Warns
    -----
    SensorharWarning
        When segments have no length.

    References
    ----------
    F. Caba Heilbron et al., ActivityNet: A Large-Scale Video Benchmark for Human
    Activity Understanding, CVPR 2015.
    """
    whole = read_json(path)
    table = whole.get("database", whole) if isinstance(whole, dict) else None
    named = Path(path).name
    if not isinstance(table, dict) or not table:
        raise DataError(
            f"{named} must hold an object of videos, or one under 'database'; got "
            f"{str(whole)[:60]!r}. Pass an annotation file of ActivityNet."
        )
    videos, empty = [], []
    for name, fields in table.items():
        is_good = isinstance(fields, dict)
        duration = (
            fields.get("duration_second", fields.get("duration")) if is_good else 0
        )
        if not isinstance(duration, (int, float)) or not duration > 0:
            raise DataError(
                f"video {name!r} of {named} must have a duration in s above 0; got "
                f"{duration!r}. Correct it, or remove the video."
            )
        rows = []
        for row in fields.get("annotations", []):
            start, stop, label = _segment(row, name, named)
            start, stop = max(start, 0.0), min(stop, float(duration))
            if stop > start:
                rows.append(Event(start, stop, label))
            else:
                empty.append(name)
        split = str(fields.get("subset", ""))
        videos.append(ListedVideo(name, Events.from_list(rows), float(duration), split))
    _warn_empty(empty, named)
    return videos


def read_activitynet_results(path: str | Path) -> dict[str, Events]:
    """Read predictions in the form of ActivityNet's evaluation.

    Parameters
    ----------
    path : str or Path
        A JSON file ``{"results": {id: [{"label", "score", "segment"}]}}``.

    Returns
    -------
    dict of str to Events
        By video, with scores; segments without length are left out, with a warning.

    Raises
    ------
    DataError
        When the file is not of this form.

    Warns
    -----
    SensorharWarning
        When segments have no length.
    """
    whole = read_json(path)
    named = Path(path).name
    table = whole.get("results") if isinstance(whole, dict) else None
    if not isinstance(table, dict):
        raise DataError(
            f"{named} must hold 'results' by video; got {str(whole)[:60]!r}. Pass a "
            "detection file in the form of ActivityNet."
        )
    results, empty = {}, []
    for name, rows in table.items():
        events = []
        for row in rows if isinstance(rows, list) else [rows]:
            start, stop, label = _segment(row, name, named)
            score = row.get("score")
            if not isinstance(score, (int, float)):
                raise DataError(
                    f"each result of video {name!r} of {named} must have a score; got "
                    f"{score!r}. Pass a detection file."
                )
            if stop > start:
                events.append(Event(start, stop, label, float(score)))
            else:
                empty.append(name)
        results[name] = Events.from_list(events)
    _warn_empty(empty, named)
    return results


def _segment(row: Any, name: str, named: str) -> tuple[float, float, str]:
    """Return start, stop and label of one annotation, or refuse."""
    segment = row.get("segment") if isinstance(row, dict) else None
    label = row.get("label") if isinstance(row, dict) else None
    pair: list[Any] = segment if isinstance(segment, list) else []
    is_good = len(pair) == 2 and all(
        isinstance(t, (int, float)) and math.isfinite(t) for t in pair
    )
    if not is_good or not isinstance(label, str) or not label:
        raise DataError(
            f"each annotation of video {name!r} of {named} must have a label and a "
            f"segment [start, stop] in s; got {str(row)[:80]!r}. Pass a file with "
            "segments, or remove the video."
        )
    return float(pair[0]), float(pair[1]), label


def _warn_empty(names: list[str], named: str) -> None:
    if names:
        warnings.warn(
            f"{len(names)} segments of {named} have no length within their video and "
            f"are left out, in {listing(set(names))}.",
            SensorharWarning,
            stacklevel=3,
        )


def _times(words: tuple[str, ...]) -> tuple[float, float]:
    """Return start and stop, both 0 when they are no numbers."""
    try:
        return float(words[0]), float(words[1])
    except ValueError:
        return 0.0, 0.0


def _durations(path: str | Path) -> dict[str, float]:
    """Return lengths by video: its name and its length stand in lines by turns."""
    lines = read_lines(path)
    lengths = {}
    for (_, name), (number, word) in zip(lines[::2], lines[1::2], strict=False):
        try:
            length = float(word)
        except ValueError:
            length = 0.0
        if not length > 0:
            refuse(path, number, f"the length of {name} in s", word)
        lengths[name.rpartition("/")[2].removesuffix(".mp4")] = length
    if len(lines) % 2:
        refuse(path, lines[-1][0], "a length after each name", lines[-1][1])
    return lengths
