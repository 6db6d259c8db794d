"""Frames of the log: each stands for itself, and a damaged one is told from a whole."""

import json
import struct
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "DATA",
    "DATA_HEAD",
    "END",
    "HEADER",
    "LABEL",
    "MAGIC",
    "MARKER",
    "STREAM",
    "VERSION",
    "Frame",
    "Scan",
    "as_json",
    "find_frames",
    "has_frame",
    "pack",
]

VERSION = 1
#: Kinds of frames; :mod:`sensorhar.io.log` says what they hold.
HEADER, STREAM, DATA, MARKER, LABEL, END = b"H", b"S", b"D", b"M", b"L", b"E"
#: Number of the stream and of samples, before their times and values.
DATA_HEAD = struct.Struct("<II")

#: The first line of the file, for people and for a quick look; no reader depends on it.
MAGIC = b"sensorhar log 1\n"
#: Where a frame may begin. Not ASCII, so that it is rare in texts.
SYNC = b"\xd7\x9aLG"
#: Sync, salt of the file, kind, number of the frame, bytes of its content.
_HEAD = struct.Struct("<4s4scII")
_CHECK = struct.Struct("<I")

Buffer = Any  # bytes, or a mapped file


@dataclass(frozen=True)
class Frame:
    """A whole frame in a buffer.

    Attributes
    ----------
    kind : bytes
        One letter.
    number : int
        Counts up by one over the file.
    begin, stop : int
        Where its content lies.
    """

    kind: bytes
    number: int
    begin: int
    stop: int


@dataclass(frozen=True)
class Scan:
    """All whole frames of a file, in its order.

    Attributes
    ----------
    frames : list of Frame
        Each number once.
    n_skipped_bytes : int
        Bytes that belong to no whole frame.
    n_lost_frames : int
        Numbers missing before the last frame.
    """

    frames: list[Frame]
    n_skipped_bytes: int
    n_lost_frames: int


def pack(kind: bytes, number: int, content: bytes, salt: bytes) -> bytes:
    """Return a frame: head, content and the checksum of all but the sync."""
    frame = _HEAD.pack(SYNC, salt, kind, number, len(content)) + content
    return frame + _CHECK.pack(zlib.crc32(frame[len(SYNC) :]))


def as_json(value: Mapping[str, Any]) -> bytes:
    """Return JSON text; its floats come back bit for bit."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def has_frame(content: bytes) -> bool:
    """Return whether a whole frame is in some bytes."""
    at = content.find(SYNC)
    while at >= 0:
        if _stop_of(memoryview(content), at, len(content)) is not None:
            return True
        at = content.find(SYNC, at + 1)
    return False


def find_frames(content: Buffer) -> Scan:
    """Find all whole frames, however damaged the rest is.

    After a damaged frame the search goes on at the next sync. Frames of another file,
    such as what a disk held before and shows again after a power cut, have another
    salt and are left out.
    """
    size = len(content)
    found: list[tuple[bytes, Frame]] = []
    with memoryview(content) as view:
        at = content.find(SYNC)
        while at >= 0:
            stop = _stop_of(view, at, size)
            if stop is None:
                at = content.find(SYNC, at + 1)
                continue
            _, salt, kind, number, _ = _HEAD.unpack_from(view, at)
            begin = at + _HEAD.size
            found.append((salt, Frame(kind, number, begin, stop - _CHECK.size)))
            at = content.find(SYNC, stop)
    salts = Counter(salt for salt, _ in found).most_common(1)
    frames: dict[int, Frame] = {}
    for salt, frame in found:
        if salt == salts[0][0]:
            frames.setdefault(frame.number, frame)
    n_used = sum(
        frame.stop - frame.begin + _HEAD.size + _CHECK.size for frame in frames.values()
    )
    head = len(MAGIC) if content[: len(MAGIC)] == MAGIC else 0
    n_lost = max(frames) + 1 - len(frames) if frames else 0
    return Scan(list(frames.values()), size - n_used - head, n_lost)


def _stop_of(view: memoryview, at: int, size: int) -> int | None:
    """Return where the frame that begins here ends; None unless it is whole."""
    if at + _HEAD.size + _CHECK.size > size:
        return None
    stop = at + _HEAD.size + int(_HEAD.unpack_from(view, at)[4]) + _CHECK.size
    if stop > size:
        return None
    check = zlib.crc32(view[at + len(SYNC) : stop - _CHECK.size])
    return stop if check == _CHECK.unpack_from(view, stop - _CHECK.size)[0] else None
