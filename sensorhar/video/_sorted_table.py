"""Read a sorted table of keys and values, the file format of checkpoint indexes.

LevelDB defined it (doc/table_format.md) and TensorFlow took it over::

    block of entries ...   each followed by a byte for its compression and a checksum
    block of settings
    block of handles       last key of a block -> where that block lies
    footer, 48 bytes       where the block of handles lies, and a number to know it by
"""

from collections.abc import Iterator

from sensorhar.video._crc32c import masked_crc32c

__all__ = ["read_fields", "read_table"]

FOOTER = 48
MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
SNAPPY = 1


def read_table(content: bytes) -> dict[bytes, bytes]:
    """Return the entries of a table.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    dict of bytes to bytes
        In the order of the file.

    Raises
    ------
    ValueError
        When the table is damaged; the message continues "it cannot be read: ...".
    """
    footer = content[-FOOTER:]
    if len(footer) < FOOTER or not footer.endswith(MAGIC):
        raise ValueError("its end is not that of a table")
    _, at = _handle(footer, 0)
    where, _ = _handle(footer, at)
    entries: dict[bytes, bytes] = {}
    for _, place in _entries(_block(content, where)):
        entries.update(_entries(_block(content, _handle(place, 0)[0])))
    return entries


def read_fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of each field of a protocol buffer.

    Numbers of variable length come as they are written, without sign; those of fixed
    length as their bits.

    Parameters
    ----------
    message : bytes
        One message.

    Yields
    ------
    number : int
        Of the field.
    value : int or bytes
        What it holds.

    Raises
    ------
    ValueError
        When it is damaged.
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == 2:
            size, at = _varint(message, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError(f"a field of unknown kind {kind}")
        part, at = _part(message, at, size), at + size
        yield number, part if kind == 2 else int.from_bytes(part, "little")


def _block(content: bytes, where: tuple[int, int]) -> bytes:
    """Return a block whose checksum is right."""
    offset, size = where
    block = _part(content, offset, size + 5)
    compression, checksum = block[size], block[size + 1 :]
    if masked_crc32c(block[: size + 1]) != int.from_bytes(checksum, "little"):
        raise ValueError(f"the checksum of its block at byte {offset} is wrong")
    if compression:
        name = "Snappy" if compression == SNAPPY else f"method {compression}"
        raise ValueError(
            f"its block at byte {offset} is compressed by {name}, and checkpoints "
            "are read that are not compressed, as TensorFlow writes them"
        )
    return block[:size]


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield key and value; a key is stored as what it does not share with the last."""
    n_restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 * (n_restarts + 1)
    if end < 0:
        raise ValueError("a block is too short for its restarts")
    key, at = b"", 0
    while at < end:
        n_shared, at = _varint(block, at)
        n_new, at = _varint(block, at)
        n_value, at = _varint(block, at)
        key = _part(key, 0, n_shared) + _part(block, at, n_new)
        at += n_new
        yield key, _part(block, at, n_value)
        at += n_value


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Return offset and size of a block, and where the handle ends."""
    offset, at = _varint(data, at)
    size, at = _varint(data, at)
    return (offset, size), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number stored in sevens of bits, lowest first, and where it ends."""
    value = 0
    for place, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError(f"a number at byte {at} does not end")


def _part(data: bytes, at: int, size: int) -> bytes:
    """Return some bytes, all of them."""
    part = data[at : at + size]
    if len(part) != size:
        raise ValueError(f"{size} bytes at byte {at} reach beyond its end")
    return part
