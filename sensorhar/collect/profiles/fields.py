"""Named numbers in a row of bytes."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence

__all__ = ["MAX_BYTES", "Fields", "as_field"]

#: Longer than any value of a characteristic, which is at most 512 bytes (Bluetooth
#: Core 5.4, volume 3, part F, 3.2.9).
MAX_BYTES = 512

_FORMAT = re.compile(r"[<>]?\s*(\d{0,3}[xbBhHiIqQefd]\s*)*")
_N_BITS = {"b": 8, "B": 8, "h": 16, "H": 16, "i": 32, "I": 32, "q": 64, "Q": 64}


class Fields:
    """Named numbers in a row of bytes.

    Parameters
    ----------
    layout : str
        Characters of Python's :mod:`struct`: ``bBhHiIqQ`` integers of 8 to 64 bits,
        ``efd`` floats of 16, 32 and 64, ``x`` a byte that means nothing; first ``<``
        (little-endian, the default) or ``>``.
    names : sequence of str
        One for each number.

    Attributes
    ----------
    n_bytes : int
        Length of the row.
    names : tuple of str
        As given.
    codes : tuple of str
        One character for each number.

    Raises
    ------
    ValueError
        When the layout is none, or the names do not fit it.

    Examples
    --------
    >>> Fields("<H3h", ["sequence", "x", "y", "z"]).n_bytes
    8
    """

    def __init__(self, layout: str, names: Sequence[str]) -> None:
        if not _FORMAT.fullmatch(layout):
            raise ValueError(
                "a layout must be characters of Python's struct out of xbBhHiIqQefd, "
                f"with '<' or '>' before them; got {layout!r}."
            )
        text = layout if layout[:1] in ("<", ">") else f"<{layout}"
        self._struct = struct.Struct(text)
        self.n_bytes = self._struct.size
        pieces = re.findall(r"(\d*)([bBhHiIqQefd])", layout)
        self.codes = tuple("".join(code * int(count or 1) for count, code in pieces))
        self.names = tuple(names)
        if self.n_bytes > MAX_BYTES:
            raise ValueError(
                f"a layout must be at most {MAX_BYTES} bytes, the most that a "
                f"characteristic holds; got {layout!r}, which is {self.n_bytes}."
            )
        if len(self.codes) != len(self.names):
            raise ValueError(
                f"layout {layout!r} has {len(self.codes)} numbers and must have as "
                f"many names; got {len(self.names)}: {', '.join(self.names)}."
            )

    def n_bits(self, name: str) -> int | None:
        """Return the width of an integer field; None for a float."""
        return _N_BITS.get(self.codes[self.names.index(name)])

    def read(self, data: bytes) -> list[tuple[float, ...]]:
        """Return the numbers of each row of the bytes."""
        return list(self._struct.iter_unpack(data)) if self.n_bytes else []

    def write(self, numbers: Sequence[float]) -> bytes:
        """Return one row of bytes; integers are rounded.

        Raises
        ------
        ValueError
            When a number does not fit its field.
        """
        whole = [
            round(number) if code in _N_BITS else float(number)
            for number, code in zip(numbers, self.codes, strict=True)
        ]
        try:
            return self._struct.pack(*whole)
        except (struct.error, OverflowError) as error:
            raise ValueError(
                f"numbers must fit the fields {', '.join(self.names)}; got {whole}: "
                f"{error}."
            ) from error


def as_field(code: str, number: int) -> int:
    """Return a count as a field of that code holds it, wrapped to its width.

    Parameters
    ----------
    code : str
        Character of an integer field.
    number : int
        Not below 0.

    Returns
    -------
    int
        Negative where a signed field would hold it so.

    Examples
    --------
    >>> as_field("b", 255), as_field("B", 255)
    (-1, 255)
    """
    n_bits = _N_BITS.get(code, 64)
    number %= 2**n_bits
    is_signed = code.islower()
    return number - 2**n_bits if is_signed and number >= 2 ** (n_bits - 1) else number
