"""Read the pickles of other tool kits without running what is in them.

A pickle is a program: it may call anything that Python can import. Here it may make
numbers, words, lists and dicts, and NumPy's arrays by ways of our own; every other name
is refused before it is looked up.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError

__all__ = ["read_pickle"]

#: Skeleton files of NTU RGB+D 120 have about 600 MB.
MAX_BYTES = 2 << 30


def _array(kind: Any, shape: Any, code: Any) -> NDArray[Any]:
    """Make the empty array that NumPy fills from the state which follows."""
    return np.ndarray.__new__(np.ndarray, (0,), np.uint8)


def _scalar(dtype: Any, data: bytes | str) -> Any:
    """Make one number from its bytes."""
    if not isinstance(dtype, np.dtype) or dtype.hasobject:
        raise pickle.UnpicklingError("a scalar that is no number")
    raw = data.encode("latin-1") if isinstance(data, str) else bytes(data)
    return np.frombuffer(raw, dtype=dtype, count=1)[0]


def _dtype(code: Any, *flags: Any) -> np.dtype[Any]:
    """Make a type of numbers or words."""
    dtype = np.dtype(str(code))
    if dtype.kind not in "biufcSUO":
        raise pickle.UnpicklingError(f"an array of type {code!r}")
    return dtype


def _encode(text: str, coding: str = "latin1") -> bytes:
    """Turn text back into bytes, as files of the second protocol write them."""
    if coding not in ("latin1", "latin-1"):
        raise pickle.UnpicklingError(f"bytes in the coding {coding!r}")
    return text.encode("latin-1")


def _from_buffer(data: Any, dtype: Any, shape: Any, order: str) -> NDArray[Any]:
    """Make an array from one buffer, as NumPy writes the fifth protocol."""
    array = np.frombuffer(data, dtype=dtype)
    return array.reshape(shape, order="F" if order == "F" else "C")


def _ndarray(*given: Any) -> Any:
    """Stand for the class of arrays, which is named but not called."""
    raise pickle.UnpicklingError("a call of numpy.ndarray")


_MAKERS: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "ndarray"): _ndarray,
    ("numpy", "dtype"): _dtype,
    ("_codecs", "encode"): _encode,
    ("collections", "OrderedDict"): OrderedDict,
    **{
        (f"numpy.{core}.{module}", name): maker
        for core in ("core", "_core")
        for module, name, maker in (
            ("multiarray", "_reconstruct", _array),
            ("multiarray", "scalar", _scalar),
            ("numeric", "_frombuffer", _from_buffer),
        )
    },
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        maker = _MAKERS.get((module, name))
        if maker is None:
            raise _ForbiddenError(f"{module}.{name}")
        return maker

    def persistent_load(self, pid: Any) -> Any:
        raise _ForbiddenError("an object kept elsewhere")


class _ForbiddenError(pickle.UnpicklingError):
    """A name that data have no need of."""


def read_pickle(path: str | Path) -> Any:
    """Return the plain data of a pickle: numbers, words, lists, dicts, arrays.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    object
        What it holds.

    Raises
    ------
    DataError
        When it is broken, or asks for anything else.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(
                f"{path.name} must have at most {MAX_BYTES >> 20} MiB; it has "
                f"{path.stat().st_size >> 20}. Split it."
            )
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path.name} must be a file that can be read; got {str(path)!r} "
            f"({error.strerror}). Check the path."
        ) from error
    try:
        return _Reader(io.BytesIO(content)).load()
    except _ForbiddenError as error:
        raise DataError(
            f"{path.name} must hold plain data; it asks for {error}, which would run "
            "code. Do not open it with pickle.load either, unless you made it."
        ) from None
    except (
        pickle.UnpicklingError,
        AttributeError,
        EOFError,
        ImportError,
        IndexError,
        KeyError,
        MemoryError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise DataError(
            f"{path.name} must be a pickle of plain data; it cannot be read "
            f"({type(error).__name__}: {error}). Fetch or write it again."
        ) from error
