"""Read the numbers and words of MATLAB files that strangers made.

``scipy.io.loadmat`` (1.17) ends the whole interpreter on some damaged files: it takes
a type code from the file as an index without a check. What sets of this library need
is small, plain arrays, and is read here with every length checked.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError

__all__ = ["read_matlab"]

HEADER_BYTES = 128

#: No variable of the sets is as large; a few kB of zlib may claim to be.
MAX_BYTES = 1 << 30

MAX_DIMENSIONS = 8

# Codes of "MAT-File Level 5 File Format" (The MathWorks), tables 1-1 and 1-3.
_MATRIX, _COMPRESSED = 14, 15
_CHAR_CLASS = 4
_STORED = {
    1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8",
    13: "u8",
}  # fmt: skip
_CLASSES = {
    6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4",
    14: "i8", 15: "u8",
}  # fmt: skip
_TEXT = {
    1: "latin-1",
    2: "latin-1",
    4: "utf-16",
    16: "utf-8",
    17: "utf-16",
    18: "utf-32",
}
_IS_COMPLEX = 0x0800


def read_matlab(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of numbers and of text in a MATLAB file of version 5 to 7.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict of str to array
        By name, in the type MATLAB would give them; text as one str a row. Numbers
        are finite. Cells, structures and other classes are left out.

    Raises
    ------
    DataError
        When it cannot be read, or holds numbers that are not finite.
    """
    content = path.read_bytes()
    try:
        arrays = dict(_variables(content))
    except (ValueError, OverflowError, struct.error, zlib.error) as error:
        raise DataError(
            f"{path} must be a MATLAB file; it cannot be read as one of version 5 to 7 "
            f"({error}). Fetch the data set again."
        ) from error
    for name, value in arrays.items():
        n_bad = int((~np.isfinite(value)).sum()) if value.dtype.kind == "f" else 0
        if n_bad:
            raise DataError(
                f"{path} must hold finite numbers; got {n_bad} in {name!r} that are "
                "not. Fetch the data set again."
            )
    return arrays


def _variables(content: bytes) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give the variables of a file one by one."""
    order = {b"IM": "<", b"MI": ">"}.get(content[126:HEADER_BYTES])
    if order is None or content[:10] == b"MATLAB 7.3":
        raise ValueError("its first 128 bytes are not those of one")
    for kind, data in _elements(content[HEADER_BYTES:], order):
        if kind == _COMPRESSED:
            unpacked = _unpack(data)
            for inner_kind, inner in _elements(unpacked, order):
                if inner_kind == _MATRIX:
                    yield from _matrix(inner, order)
        elif kind == _MATRIX:
            yield from _matrix(data, order)


def _unpack(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    unpacked = stream.decompress(data, MAX_BYTES)
    if not stream.eof:
        raise ValueError("a packed variable is cut short or too large")
    return unpacked


def _elements(content: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Give type code and data of the elements that follow each other."""
    at = 0
    while at < len(content):
        first, length = struct.unpack_from(order + "II", content, at)
        if first >> 16:  # a small element has both in 4 bytes, and its data in 4 more
            kind, length, start = first & 0xFFFF, first >> 16, at + 4
            following = at + 8
        else:
            kind, start = first, at + 8
            following = start + length
            if kind != _COMPRESSED:
                following += -length % 8
        stop = start + length
        if stop > len(content) or (first >> 16 and length > 4):
            raise ValueError(f"an element of {length} bytes has not so many left")
        yield kind, content[start:stop]
        at = following


def _matrix(content: bytes, order: str) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give the name and the values of an array, if it is of numbers or text."""
    parts = _elements(content, order)
    try:
        (_, flags), (_, dims), (_, name) = next(parts), next(parts), next(parts)
    except StopIteration:
        raise ValueError("a variable lacks its name or shape") from None
    (flag,) = struct.unpack_from(order + "I", flags)
    class_code = flag & 0xFF
    if class_code not in _CLASSES and class_code != _CHAR_CLASS:
        return
    if flag & _IS_COMPLEX:
        return
    shape = np.frombuffer(dims, order + "i4").tolist()
    if not 2 <= len(shape) <= MAX_DIMENSIONS or min(shape) < 0:
        raise ValueError(f"a variable has the shape {shape}")
    kind, data = next(parts, (2, b""))
    if class_code == _CHAR_CLASS:
        yield name.decode("latin-1"), _text(kind, data, shape, order)
        return
    if kind not in _STORED:
        raise ValueError(f"numbers are stored as type {kind}")
    values = np.frombuffer(data, order + _STORED[kind])
    _check_count(len(values), shape)
    # Whole numbers are stored in as few bytes as they need, and are made their class.
    table = values.reshape(shape, order="F").astype(_CLASSES[class_code], order="C")
    yield name.decode("latin-1"), table


def _text(kind: int, data: bytes, shape: list[int], order: str) -> NDArray[np.str_]:
    """Return one str a row."""
    if kind not in _TEXT:
        raise ValueError(f"text is stored as type {kind}")
    coding = _TEXT[kind]
    if coding in ("utf-16", "utf-32"):
        coding += "-le" if order == "<" else "-be"
    letters = list(data.decode(coding))
    _check_count(len(letters), shape)
    n_rows = shape[0]
    return np.array(["".join(letters[row::n_rows]) for row in range(n_rows)], dtype=str)


def _check_count(n_values: int, shape: list[int]) -> None:
    n_wanted = 1
    for length in shape:
        n_wanted *= length
    if n_values != n_wanted:
        raise ValueError(f"a variable of shape {shape} holds {n_values} values")
