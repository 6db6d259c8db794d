"""Read checkpoints of TensorFlow without TensorFlow, every checksum checked."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.errors import DataError
from sensorhar.video._crc32c import masked_crc32c
from sensorhar.video._sorted_table import read_fields, read_table

__all__ = ["CheckpointEntry", "read_checkpoint", "read_checkpoint_index"]

#: Types by their number in tensorflow/core/framework/types.proto, as numpy calls them.
_DTYPES = {
    1: "float32",
    2: "float64",
    3: "int32",
    4: "uint8",
    5: "int16",
    6: "int8",
    8: "complex64",
    9: "int64",
    10: "bool",
    17: "uint16",
    18: "complex128",
    19: "float16",
    22: "uint32",
    23: "uint64",
}
_NOT_IN_NUMPY = {7: "string", 14: "bfloat16"}


@dataclass(frozen=True)
class CheckpointEntry:
    """What an index says of one tensor.

    Parameters
    ----------
    dtype : str
        Type of its numbers, such as "float32"; or "string".
    shape : tuple of int
        Its shape.
    offset : int
        First byte in the data file.
    n_bytes : int
        Bytes in the data file.
    masked_crc32c : int
        Checksum of these bytes, as TensorFlow masks it.
    shard : int, default=0
        Number of the data file.
    """

    dtype: str
    shape: tuple[int, ...]
    offset: int
    n_bytes: int
    masked_crc32c: int
    shard: int = 0

    @property
    def is_numeric(self) -> bool:
        """Whether numpy has its type, so that :func:`read_checkpoint` returns it."""
        return self.dtype in _DTYPES.values()


@dataclass(frozen=True)
class _Bundle:
    """A checkpoint: one index, and data files beside it."""

    index: Path
    n_shards: int
    is_big_endian: bool
    entries: dict[str, CheckpointEntry]

    def data_file(self, shard: int) -> Path:
        name = self.index.name.removesuffix(".index")
        return self.index.with_name(f"{name}.data-{shard:05d}-of-{self.n_shards:05d}")


def read_checkpoint_index(path: str | Path) -> dict[str, CheckpointEntry]:
    """Read which tensors a checkpoint of TensorFlow holds.

    Each checksum of the index itself is checked. Whoever knows the checksums of
    published weights can so tell whether a file is the published one.

    Parameters
    ----------
    path : str or Path
        The checkpoint as TensorFlow names it, ``model.ckpt``, or its index,
        ``model.ckpt.index``.

    Returns
    -------
    dict of str to CheckpointEntry
        By name, sorted.

    Raises
    ------
    DataError
        When it is missing, damaged or no such index, or holds tensors in slices.

    References
    ----------
    tensorflow/core/protobuf/tensor_bundle.proto; doc/table_format.md of LevelDB.

    Examples
    --------
    >>> import tensorflow as tf
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     tf.raw_ops.SaveV2(prefix=f"{folder}/model.ckpt", tensor_names=["dense/w"],
    ...         shape_and_slices=[""], tensors=[tf.ones((4, 3))])
    ...     entry = read_checkpoint_index(f"{folder}/model.ckpt")["dense/w"]
    >>> entry.dtype, entry.shape, entry.n_bytes
    ('float32', (4, 3), 48)
    """
    return _read_bundle(path).entries


def read_checkpoint(
    path: str | Path, names: Iterable[str] | None = None
) -> dict[str, NDArray[Any]]:
    """Read tensors of a checkpoint of TensorFlow as arrays.

    The checksum of each is compared with that of the index, which takes a third of a
    second for 50 MB.

    Parameters
    ----------
    path : str or Path
        The checkpoint as TensorFlow names it, ``model.ckpt``, or its index,
        ``model.ckpt.index``. The data files lie beside the index.
    names : iterable of str, optional
        Which tensors; by default all that are numbers. ``tf.train.Checkpoint`` also
        stores text, which is left out.

    Returns
    -------
    dict of str to array
        By name.

    Raises
    ------
    DataError
        When a file is missing, cut off or damaged; the message names the tensor. When
        there is no tensor of a name, or it is of a type that numpy does not have.

    Examples
    --------
    >>> import tensorflow as tf
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     tf.raw_ops.SaveV2(prefix=f"{folder}/model.ckpt", tensor_names=["dense/w"],
    ...         shape_and_slices=[""], tensors=[tf.eye(2)])
    ...     read_checkpoint(f"{folder}/model.ckpt")["dense/w"].tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    bundle = _read_bundle(path)
    if names is None:
        names = [name for name, entry in bundle.entries.items() if entry.is_numeric]
    chosen = {name: _find(bundle, name) for name in names}
    arrays = {}
    for shard in sorted({entry.shard for entry in chosen.values()}):
        data = bundle.data_file(shard)
        try:
            with data.open("rb") as file:
                for name, entry in chosen.items():
                    if entry.shard == shard:
                        raw = _read_tensor(file, data.name, name, entry)
                        arrays[name] = _as_array(raw, entry, bundle.is_big_endian)
        except OSError as error:
            raise DataError(
                f"{data.name} must be a file that can be read; got {str(data)!r} "
                f"({error.strerror}). It holds the numbers of {bundle.index.name} and "
                "must lie beside it."
            ) from error
    return {name: arrays[name] for name in chosen}


def _read_bundle(path: str | Path) -> _Bundle:
    path = Path(path)
    if path.suffix != ".index":
        path = path.with_name(f"{path.name}.index")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path.name} must be a file that can be read; got {str(path)!r} "
            f"({error.strerror}). Pass the checkpoint without an ending, as TensorFlow "
            "names it, or its index."
        ) from error
    try:
        return _parse(path, read_table(content))
    except ValueError as error:
        raise DataError(
            f"{path.name} must be the index of a checkpoint of TensorFlow; it cannot "
            f"be read: {error}. Fetch or write it again."
        ) from error


def _parse(path: Path, table: dict[bytes, bytes]) -> _Bundle:
    """Read header and entries; a ValueError says what is wrong."""
    if b"" not in table:
        raise ValueError("it has no header")
    header = dict(read_fields(table.pop(b"")))
    n_shards = _whole(header.get(1, 0))
    entries = {}
    for key, message in table.items():
        name = key.decode(errors="backslashreplace")
        entry = _parse_entry(name, message)
        if entry.shard >= n_shards:
            raise ValueError(f"{name!r} lies in file {entry.shard} of {n_shards}")
        entries[name] = entry
    return _Bundle(path, n_shards, bool(header.get(2, 0)), entries)


def _parse_entry(name: str, message: bytes) -> CheckpointEntry:
    fields = dict(read_fields(message))
    if 7 in fields:
        raise ValueError(
            f"{name!r} is stored in slices, which are not read; save it whole"
        )
    shape = fields.get(2, b"")
    sizes = [
        _whole(dict(read_fields(value)).get(1, 0))
        for number, value in read_fields(shape if isinstance(shape, bytes) else b"")
        if number == 2 and isinstance(value, bytes)
    ]
    kind, shard, offset, n_bytes, checksum = (
        _whole(fields.get(number, 0)) for number in (1, 3, 4, 5, 6)
    )
    dtype = _DTYPES.get(kind) or _NOT_IN_NUMPY.get(kind, f"type {kind}")
    entry = CheckpointEntry(dtype, tuple(sizes), offset, n_bytes, checksum, shard)
    if entry.is_numeric:
        needed = math.prod(sizes) * np.dtype(dtype).itemsize
        if needed != n_bytes:
            raise ValueError(
                f"{name!r} of shape {entry.shape} and {dtype} needs {needed} bytes and "
                f"has {n_bytes}"
            )
    return entry


def _whole(value: int | bytes) -> int:
    if isinstance(value, bytes) or value >> 63:
        raise ValueError("a field does not hold a whole number")
    return value


def _find(bundle: _Bundle, name: str) -> CheckpointEntry:
    entry = bundle.entries.get(name)
    if entry is None:
        near = get_close_matches(name, bundle.entries, n=5, cutoff=0)
        raise DataError(
            f"names must be those of tensors in {bundle.index.name}; got {name!r}. "
            f"Nearest are {listing(near) or 'none, as it is empty'}."
        )
    if not entry.is_numeric:
        raise DataError(
            f"{name!r} of {bundle.index.name} must be numbers that numpy has; got "
            f"{entry.dtype}. Leave it out."
        )
    return entry


def _read_tensor(
    file: BinaryIO, where: str, name: str, entry: CheckpointEntry
) -> NDArray[np.uint8]:
    """Return the bytes of a tensor if they are what was written."""
    left = max(0, file.seek(0, SEEK_END) - entry.offset)
    if left < entry.n_bytes:
        raise DataError(
            f"{where} must hold {entry.n_bytes} bytes of {name!r} at byte "
            f"{entry.offset}; got {left}: it is cut off. Fetch it again."
        )
    file.seek(entry.offset)
    raw = np.frombuffer(bytearray(file.read(entry.n_bytes)), np.uint8)
    checksum = masked_crc32c(raw)
    if checksum != entry.masked_crc32c:
        raise DataError(
            f"{name!r} in {where} must have the checksum {entry.masked_crc32c}; got "
            f"{checksum}: it is damaged. Fetch it again."
        )
    return raw


def _as_array(
    raw: NDArray[np.uint8], entry: CheckpointEntry, is_big_endian: bool
) -> NDArray[Any]:
    dtype = np.dtype(entry.dtype)
    stored = raw.view(dtype.newbyteorder(">" if is_big_endian else "<"))
    return stored.astype(dtype, copy=False).reshape(entry.shape)
