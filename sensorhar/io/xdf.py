"""XDF recordings of the Lab Streaming Layer, through the package ``pyxdf``."""

from __future__ import annotations

import io
import json
import re
import struct
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
from numpy.typing import NDArray

from sensorhar import _soft
from sensorhar.data.events import Events
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._columns import plain_name
from sensorhar.io._named_channels import (
    add_named,
    build_with,
    derived_stream,
    sensor_channels,
)
from sensorhar.io._source import Source

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording
    from sensorhar.data.stream import Stream

__all__ = ["is_xdf", "read_xdf"]

MAGIC = b"XDF:"
STREAM_HEADER, SAMPLES = 2, 3
_WITH_XML = (1, 2, 6)  # headers and footers
_COUNT = re.compile(rb"<channel_count>\s*(\d{1,9})\s*</channel_count>")

#: Markers kept in the metadata of a stream of texts.
MAX_MARKERS = 10_000

#: What pyxdf lets out when a file is broken.
_BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    OSError,
    EOFError,
    MemoryError,
    RecursionError,
    struct.error,
    ParseError,
)


def is_xdf(source: Source) -> bool:
    """Return whether a file is an XDF file, by its first bytes.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it begins with "XDF:".
    """
    return source.head.startswith(MAGIC)


def read_xdf(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    has_gravity: bool | None = None,
    repair: bool = True,
) -> Recording:
    """Read an XDF file: all its streams on one clock.

    Clock offsets between computers are removed, and the jitter of regular streams, as
    ``pyxdf`` does. Channels are known by label and unit; those of no sensor of ours
    become derived channels named after stream and label, in their own numbers (unit
    "1") when the unit is not known.

    Streams of texts that say nothing but "start LABEL" and "stop LABEL", as
    ``sensorhar.io.export`` writes them, become events; a label that is not stopped
    lasts to the end. Other texts are markers without duration: they are in the metadata
    as ``markers NAME``, a JSON list of [s, text].

    Parameters
    ----------
    path : str or Path
        The ``.xdf`` file; it may be gzipped (``.xdfz``).
    subject : str or None, default=None
        Who it was; None takes what the file says.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    place : str, default=""
        Where on the body, when the file does not say. Two streams of the same sensor
        are told apart by the places that the file states, or else by the names of the
        streams, which then become their places.
    has_gravity : bool or None, default=None
        Whether accelerometers include gravity; None takes what the file says, or lets
        the readings tell.
    repair : bool, default=True
        Whether a clock that repeats or goes back is repaired.

    Returns
    -------
    Recording
        0 s is the first sample of any numeric stream.

    Raises
    ------
    DataError
        When the file is broken.
    MissingPackageError
        When ``pyxdf`` is not installed.

    Warns
    -----
    SensorharWarning
        When the file ends within a chunk, as after a crash; what is whole is read.

    References
    ----------
    XDF 1.0 specification, sccn/xdf.
    """
    source = Source(Path(path))
    content = source.read()
    if not content.startswith(MAGIC):
        raise DataError(
            f"{source.name} must begin with 'XDF:'; got {content[:8]!r}. Export it "
            "again."
        )
    whole = content[: _check_chunks(content, source.name)]
    pyxdf = _soft.require("pyxdf", extra="devices", purpose="reading XDF files")
    try:
        with warnings.catch_warnings():
            # Means of streams without samples.
            warnings.simplefilter("ignore", RuntimeWarning)
            streams, header = pyxdf.load_xdf(io.BytesIO(whole))
        parts = [_Part(stream) for stream in streams]
    except _BROKEN as error:
        raise DataError(
            f"{source.name} must be a whole XDF file; it cannot be read "
            f"({type(error).__name__}: {error}). Record it again, or repair it with "
            "the tools of LabRecorder."
        ) from error
    numeric = [part for part in parts if part.is_numeric and len(part.times)]
    if not numeric:
        raise DataError(
            f"{source.name} must hold samples of a numeric stream; it holds none in "
            f"{len(parts)} streams. Record it again."
        )
    zero_s = min(float(part.times.min()) for part in numeric)
    # What pyxdf has freed from jitter needs no repair.
    is_clean = all((np.diff(part.times) > 0).all() for part in numeric)
    builder = RecordingBuilder(source.name, repair=repair and not is_clean)
    found = [sensor_channels(part.labels, part.units, part.hint) for part in numeric]
    counts = Counter(channel for channels in found for channel in channels)
    at_place = Counter(
        (part.place, channel)
        for part, channels in zip(numeric, found, strict=True)
        for channel in channels
    )
    derived: list[Stream] = []
    for part, channels in zip(numeric, found, strict=True):
        is_double = any(counts[channel] > 1 for channel in channels)
        is_clear = all(at_place[part.place, channel] == 1 for channel in channels)
        own_place = part.place or place
        if is_double and not (part.place and is_clear):
            own_place = plain_name(part.name)
        rest = add_named(
            builder,
            part.labels,
            part.units,
            part.values,
            part.times - zero_s,
            hint=part.hint,
            place=own_place,
            prefix_place=is_double,
            has_gravity=part.has_gravity if has_gravity is None else has_gravity,
            rate_hz=part.rate_hz,
        )
        if rest:
            derived.append(
                derived_stream(
                    [f"{part.name}_{part.labels[i]}" for i in rest],
                    [part.units[i] for i in rest],
                    part.values[:, rest],
                    _increasing(part.times, part.name, source.name) - zero_s,
                    source.name,
                    place=own_place,
                    rate_hz=part.rate_hz,
                )
            )
    end_s = max(float(part.times.max()) for part in numeric)
    pairs = [_pairs(part, zero_s, end_s) for part in parts]
    unpaired = [part for part, rows in zip(parts, pairs, strict=True) if not rows]
    recording = build_with(
        builder,
        derived,
        name=source.stem if name is None else name,
        subject=next((part.subject for part in parts if part.subject), None)
        if subject is None
        else subject,
        metadata=_about(header, unpaired, zero_s),
    )
    if not any(pairs):
        return recording
    starts, stops, labels = zip(*(row for rows in pairs for row in rows), strict=True)
    return recording.with_events(Events(starts, stops, labels))


class _Part:
    """One stream, in plain words."""

    def __init__(self, stream: Any) -> None:
        info = stream["info"]
        self.name = _first(info, "name") or "stream"
        self.hint = _first(info, "type") or self.name
        self.times: NDArray[np.float64] = np.asarray(
            stream["time_stamps"], dtype=np.float64
        )
        self.is_numeric = _first(info, "channel_format") != "string"
        self.texts: list[str] = []
        self.values: NDArray[np.float64] = np.empty((len(self.times), 0))
        if self.is_numeric:
            table = np.asarray(stream["time_series"], dtype=np.float64)
            self.values = (
                table.reshape(len(self.times), -1) if len(self.times) else table
            )
        else:
            self.texts = [str(row[0]) for row in stream["time_series"]]
        rate_hz = float(_first(info, "nominal_srate") or 0)
        self.rate_hz = rate_hz if 0 < rate_hz < 1e6 else None
        n_channels = self.values.shape[1] if self.is_numeric and len(self.times) else 0
        self.labels = [f"{i + 1}" for i in range(n_channels)]
        self.units = [""] * n_channels
        for i, channel in enumerate(_channels(info)[:n_channels]):
            self.labels[i] = _first(channel, "label") or self.labels[i]
            self.units[i] = _first(channel, "unit")
        about = info.get("desc") if isinstance(info, dict) else None
        about = about[0] if isinstance(about, list) and about else None
        self.place = plain_name(_first(about, "place"))
        self.subject = _first(about, "subject")
        says = {"true": True, "false": False}
        self.has_gravity = says.get(_first(about, "has_gravity"))


def _first(mapping: Any, key: str) -> str:
    """Return the text of the first element of a name; pyxdf makes lists of all."""
    found = mapping.get(key) if isinstance(mapping, dict) else None
    text = found[0] if isinstance(found, list) and found else None
    return text.strip() if isinstance(text, str) else ""


def _channels(info: Any) -> list[Any]:
    """Return what the stream says of each channel."""
    node = info
    for key in ("desc", "channels"):
        found = node.get(key) if isinstance(node, dict) else None
        node = found[0] if isinstance(found, list) and found else None
    found = node.get("channel") if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def _increasing(
    times: NDArray[np.float64], name: str, named: str
) -> NDArray[np.float64]:
    if len(times) > 1 and not (np.diff(times) > 0).all():
        first = int((np.diff(times) <= 0).argmax()) + 1
        raise DataError(
            f"times of stream {name!r} in {named} must increase; sample {first} does "
            "not come after the one before. Record it again with one clock."
        )
    return times


def _pairs(part: _Part, zero_s: float, end_s: float) -> list[tuple[float, float, str]]:
    """Return start, stop and label of texts that come in pairs; none of others."""
    open_since: dict[str, list[float]] = {}
    pairs = []
    for time_s, text in zip(part.times.tolist(), part.texts, strict=False):
        word, _, label = text.partition(" ")
        if word == "start" and label:
            open_since.setdefault(label, []).append(time_s)
        elif word == "stop" and open_since.get(label):
            pairs.append((open_since[label].pop(0), time_s, label))
        else:
            return []
    pairs += [
        (start, end_s, label) for label in open_since for start in open_since[label]
    ]
    pairs = [
        (start - zero_s, stop - zero_s, x) for start, stop, x in pairs if start < stop
    ]
    is_on = any(start < end_s - zero_s and stop > 0 for start, stop, _ in pairs)
    return pairs if is_on else []


def _about(
    header: Any, parts: list[_Part], zero_s: float
) -> dict[str, str | int | float | bool]:
    notes: dict[str, str | int | float | bool] = {}
    info = header.get("info") if isinstance(header, dict) else None
    recorded = _first(info, "datetime")
    if recorded:
        notes["recorded_at"] = recorded
    for part in parts:
        if part.is_numeric:
            unknown = sorted({unit for unit in part.units if unit})
            if unknown:
                notes[f"units {part.name}"] = ", ".join(unknown)
        elif part.texts:
            pairs = zip((part.times - zero_s).tolist(), part.texts, strict=False)
            kept = [[round(time, 6), text] for time, text in pairs][:MAX_MARKERS]
            notes[f"markers {part.name}"] = json.dumps(kept)
    return notes


def _check_chunks(content: bytes, named: str) -> int:
    """Return where the last whole chunk ends; refuse what pyxdf should not see."""
    at, n_streams = len(MAGIC), 0
    n_channels: dict[bytes, int] = {}
    while at < len(content):
        begin = at + 1 + content[at]
        end = begin + int.from_bytes(content[at + 1 : begin], "little")
        if content[at] not in (1, 4, 8) or end > len(content) or end < begin + 2:
            warnings.warn(
                f"{named} must end with a whole chunk; the one at byte {at} is not, as "
                "after a crash. What comes before it is read.",
                SensorharWarning,
                stacklevel=3,
            )
            break
        tag = int.from_bytes(content[begin : begin + 2], "little")
        body = content[begin + 2 : end]
        if tag in _WITH_XML and (b"<!DOCTYPE" in body or b"<!ENTITY" in body):
            raise DataError(
                f"{named} must hold plain XML; the chunk at byte {at} declares a "
                "document type, which can grow without end. Do not use this file."
            )
        if tag == STREAM_HEADER:
            n_streams += 1
            found = _COUNT.search(body)
            n_channels[body[:4]] = int(found[1]) if found else 1
        if tag == SAMPLES and not _is_plausible(body, n_channels):
            raise DataError(
                f"{named} must be whole; the chunk at byte {at} claims more samples "
                "than it has bytes. Record it again."
            )
        at = end
    if not n_streams:
        raise DataError(
            f"{named} must hold at least one stream; it holds none that is whole. "
            "Record it again."
        )
    return min(at, len(content))


def _is_plausible(body: bytes, n_channels: dict[bytes, int]) -> bool:
    """Return whether a chunk of samples has a byte for each value it claims."""
    if len(body) < 5 or body[4] not in (1, 4, 8) or body[:4] not in n_channels:
        return False
    n_samples = int.from_bytes(body[5 : 5 + body[4]], "little")
    return n_samples * (n_channels[body[:4]] + 1) <= len(body)
