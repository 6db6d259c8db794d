"""Tell files that end before their own header says they do."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sensorhar.errors import DataError

__all__ = ["check_whole"]

#: Boxes that MP4 and QuickTime files begin with (ISO/IEC 14496-12, QuickTime File
#: Format Specification).
_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")

#: First bytes of Matroska and WebM, and of the segment that holds all frames
#: (RFC 8794 and RFC 9559).
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"

#: Chunks that an AVI or boxes that an MP4 may have before this gives up on it.
MAX_PARTS = 10_000


def check_whole(path: Path, name: str) -> None:
    """Raise a DataError when an MP4, AVI or Matroska file was not fetched whole.

    Decoders give what there is of a file that was cut short, as if it were a shorter
    video. Other formats do not state their length and pass.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        for end in _ends(file):
            if end > size:
                raise DataError(
                    f"{name} must have at least {end:,} bytes, as its header says; it "
                    f"is cut short after {size:,}. Fetch or record it again."
                )


def _ends(file: BinaryIO) -> Iterator[int]:
    """Yield where each part that holds frames must end."""
    head = file.read(12)
    if head[4:8] in _FIRST_BOXES:
        yield from _ends_of_boxes(file)
    elif head[:4] == b"RIFF" and head[8:] == b"AVI ":
        yield from _ends_of_chunks(file)
    elif head[:4] == _EBML:
        yield from _end_of_segment(file)


def _ends_of_boxes(file: BinaryIO) -> Iterator[int]:
    at = 0
    for _ in range(MAX_PARTS):
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:], "big")
        if len(head) < 8 or length < 8:  # 0 means up to the end
            return
        at += length
        yield at


def _ends_of_chunks(file: BinaryIO) -> Iterator[int]:
    at = 12
    for _ in range(MAX_PARTS):
        file.seek(at)
        head = file.read(12)
        length = int.from_bytes(head[4:8], "little")
        if len(head) < 12:
            return
        if head[:4] == b"RIFF":  # more of a file above 1 GB
            at += 12
            continue
        if head[8:] == b"movi":  # the index after the frames may be missing
            yield at + 8 + length
        at += 8 + length + length % 2


def _end_of_segment(file: BinaryIO) -> Iterator[int]:
    file.seek(4)
    length = _variable_length(file)
    if length is None:
        return
    file.seek(length, 1)
    if file.read(4) == _SEGMENT:
        length = _variable_length(file)
        if length is not None:  # live recordings do not know theirs
            yield file.tell() + length


def _variable_length(file: BinaryIO) -> int | None:
    """Return a number whose first bits say how many bytes it has; None if unknown."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    n_bytes = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(n_bytes - 1), "big")
    value &= (1 << 7 * n_bytes) - 1
    return None if value == (1 << 7 * n_bytes) - 1 else value
