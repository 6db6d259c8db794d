"""GPX 1.0 and 1.1 tracks, with the speed and heart rate that devices add."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import numpy as np

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._source import Source
from sensorhar.io._times import EPOCH
from sensorhar.io._xml import LINE, local_name, parse_xml

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_gpx", "read_gpx"]

#: Years that nanoseconds in 64 bits can count.
YEARS = (1900, 2200)

_ROOT = re.compile(rb"<(?:\w+:)?gpx[\s>]")

#: What devices call a reading of a track point, by our channel.
_READINGS = {
    "ele": "alt_m",
    "speed": "speed_mps",
    "course": "bearing_deg",
    "bearing": "bearing_deg",
    "accuracy": "accuracy_m",
    "hr": "hr_bpm",
    "heartrate": "hr_bpm",
}
_GPS = ("lat_deg", "lon_deg", "alt_m", "speed_mps", "bearing_deg", "accuracy_m")


def is_gpx(source: Source) -> bool:
    """Return whether a file is a GPX file, by its root element.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether an element ``gpx`` opens in it.
    """
    return _ROOT.search(source.head[:4096].replace(b"\0", b"")) is not None


def read_gpx(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
) -> Recording:
    """Read the track points of a GPX file, all tracks and segments on one clock.

    Speed and course are read where GPX 1.0 has them and from extensions, as is the
    heart rate. Points without a time cannot be placed and are left out. Waypoints and
    routes are no recordings and are not read.

    Parameters
    ----------
    path : str or Path
        The file; it may be gzipped.
    subject : str or None, default=None
        Who carried the receiver.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    place : str, default=""
        Where on the body.

    Returns
    -------
    Recording
        Sensor gps and, if there, heart_rate.

    Raises
    ------
    DataError
        When the file is broken; it names the line.

    Warns
    -----
    SensorharWarning
        When points have no time.

    References
    ----------
    Topografix, GPX 1.1 schema; Garmin, TrackPointExtension v2 (speed in m/s).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> points = "".join(f'<trkpt lat="49" lon="8.{i}"><time>2026-09-01T12:00:0{i}Z'
    ...     "</time></trkpt>" for i in range(5))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "walk.gpx"
    ...     _ = path.write_text(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")
    ...     read_gpx(path).duration_s
    4.0
    """
    source = Source(Path(path))
    named = source.name
    root = parse_xml(source.read(), named)
    if local_name(root) != "gpx":
        raise DataError(
            f"{named} must have the root element 'gpx'; got {local_name(root)!r}. "
            "Export the track as GPX."
        )
    times: list[int] = []
    rows: list[list[float]] = []
    beats: list[float] = []
    n_without = 0
    for point in _points(root):
        readings = _readings(point, named)
        time_ns = _time_ns(point, named)
        if time_ns is None:
            n_without += 1
            continue
        times.append(time_ns)
        rows.append([readings.get(channel, math.nan) for channel in _GPS])
        beats.append(readings.get("hr_bpm", math.nan))
    if not times:
        raise DataError(
            f"{named} must hold track points with a time; it has {n_without} without. "
            "Export a recorded track rather than a planned route."
        )
    if n_without:
        warnings.warn(
            f"track points of {named} must have a time; {n_without} of "
            f"{n_without + len(times)} do not and were left out.",
            SensorharWarning,
            stacklevel=2,
        )
    builder = RecordingBuilder(named)
    stamps = np.array(times, dtype=np.int64)
    order = np.argsort(stamps, kind="stable")  # segments may stand in any order
    stamps = stamps[order]
    builder.add("gps", np.array(rows)[order], stamps, place=place)
    builder.add("heart_rate", np.array(beats)[order, None], stamps, place=place)
    creator = root.get("creator", "")
    return builder.build(
        name=source.stem if name is None else name,
        subject=subject,
        metadata={"creator": creator} if creator else None,
    )


def _points(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if local_name(element) == "trkpt")


def _readings(point: Element, named: str) -> dict[str, float]:
    """Return what a track point says, by channel."""
    line = point.get(LINE)
    readings = {}
    for key, channel, limit in (("lat", "lat_deg", 90.0), ("lon", "lon_deg", 180.0)):
        value = _number(point.get(key, ""))
        if value is None or abs(value) > limit:
            raise DataError(
                f"attribute {key!r} of the track point in line {line} of {named} must "
                f"be a number from {-limit:g} to {limit:g}; got {point.get(key)!r}. "
                "Correct or remove the point."
            )
        readings[channel] = value
    for element in point.iter():
        name = local_name(element).lower()
        if name in _READINGS and element.text and element.text.strip():
            value = _number(element.text)
            if value is None:
                raise DataError(
                    f"element {name!r} in line {element.get(LINE)} of {named} must "
                    f"hold a number; got {element.text.strip()[:40]!r}. Correct or "
                    "remove it."
                )
            readings.setdefault(_READINGS[name], value)
    return readings


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _time_ns(point: Element, named: str) -> int | None:
    for element in point:
        if local_name(element) != "time" or not (element.text or "").strip():
            continue
        text = (element.text or "").strip()
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:  # the schema wants UTC
                moment = moment.replace(tzinfo=UTC)
            if not YEARS[0] <= moment.year <= YEARS[1]:
                raise ValueError("year")
            since = moment - EPOCH
        except (ValueError, OverflowError) as error:
            raise DataError(
                f"element 'time' in line {element.get(LINE)} of {named} must hold a "
                f"date such as 2026-09-01T12:00:00Z; got {text[:40]!r}. Correct or "
                "remove the point."
            ) from error
        micros = (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds
        return micros * 1000
    return None
