"""Time series of the UEA and UCR archives as Weka's ``.arff`` files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sensorhar._words import listing
from sensorhar.data.channel import Channel
from sensorhar.data.windows import Windows
from sensorhar.errors import DataError
from sensorhar.io._cases import Case, as_windows, parse_series, text_lines

if TYPE_CHECKING:
    from sensorhar.io._source import Source

__all__ = ["is_arff", "read_arff"]

_ATTRIBUTE = re.compile(
    r"""@attribute\s+(?P<name>'[^']*'|"[^"]*"|\S+)\s+(?P<kind>\S.*)""", re.IGNORECASE
)
_CLASS = re.compile(r"""\s*('[^']*'|"[^"]*"|[^,]*)\s*(?:,|$)""")
_NUMERIC = ("numeric", "real", "integer")


def is_arff(source: Source) -> bool:
    """Return whether a file is an ``.arff`` file, by its header.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether its first line that is no comment is ``@relation``.
    """
    for line in source.head.lstrip(b"\xef\xbb\xbf").splitlines():
        text = line.strip().lower()
        if text and not text.startswith(b"%"):
            return text.startswith(b"@relation")
    return False


def read_arff(
    path: str | Path,
    *,
    rate_hz: float = 1.0,
    channels: Sequence[Channel | str] | None = None,
    units: str | Sequence[str] | None = None,
    pad: bool = False,
    missing: Literal["refuse", "drop"] = "refuse",
) -> Windows:
    r"""Read an ``.arff`` file of the UEA or UCR archive as Windows.

    A file of one dimension is a table with the class in the last column. One of
    several has a "relational" attribute: the dimensions of a case stand in quotes,
    each separated from the next by ``\n`` written out as two characters::

        @relation tiny
        @attribute series relational
        @attribute t0 numeric
        @attribute t1 numeric
        @end series
        @attribute activity {smash,clear}
        @data
        '0.1,0.2\n9.7,9.8',smash             2 dimensions of 2 timepoints each

    The format says neither rate nor units, so state them.

    Parameters
    ----------
    path : str or Path
        The file.
    rate_hz : float, default=1.0
        Samples per second.
    channels : sequence of Channel or str, or None, default=None
        What each dimension is. A str becomes a channel of kind "derived"; None names
        them ``dim_0``, ``dim_1`` and so on.
    units : str, sequence of str, or None, default=None
        Unit of all dimensions in the file, or of each; converted to SI. None means SI
        already.
    pad : bool, default=False
        Whether series of unequal length are made equal by holding the last value of
        each to the end of the longest; ``purity`` then says what share is real. False
        refuses such files.
    missing : {"refuse", "drop"}, default="refuse"
        What to do when values are missing (``?``), which Windows cannot hold: refuse
        the file, or leave those cases out.

    Returns
    -------
    Windows
        Of shape (n_cases, n_timepoints, n_dimensions), with the classes as ``y`` as
        written in the file, and without subjects.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    DataError
        When the file is broken or is refused as said above; it names file and line.
    ValueError
        When channels or units do not fit the dimensions.

    References
    ----------
    A. Bagnall et al., The UEA multivariate time series classification archive, 2018,
    arXiv:1811.00075.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> lines = ["@relation tiny", "@attribute t0 numeric", "@attribute t1 numeric",
    ...     "@attribute activity {a,b}", "@data", "1,2,a", "3,4,b"]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tiny_TRAIN.arff"
    ...     _ = path.write_text("\n".join(lines))
    ...     read_arff(path, rate_hz=10)
    <Windows 2 x 2 x 1 | 10 Hz | dim_0 [1] | a 1, b 1>
    """
    path = Path(path)
    header = _Header(path)
    cases: list[Case] = []
    for line, text in text_lines(path):
        if not header.is_whole:
            header.take(text, line)
        else:
            cases.append(_case(text, header, path, line))
    if not header.is_whole:
        raise DataError(
            f"{path.name} must have a line '@data' before its cases; it has none. It "
            "is cut short, or no .arff file."
        )
    return as_windows(
        cases,
        path,
        rate_hz=rate_hz,
        channels=channels,
        units=units,
        pad=pad,
        missing=missing,
    )


class _Header:
    """What the lines before ``@data`` declare."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_whole = False
        self.is_relational = False
        self.is_inside = False
        self.n_timepoints = 0
        self.classes: set[str] | None = None

    def take(self, text: str, line: int) -> None:
        """Take in one line."""
        word = text.split()[0].lower()
        if word == "@data":
            if not self.n_timepoints:
                raise DataError(
                    f"{self.path.name} must declare numeric attributes before @data in "
                    f"line {line}; it declares none. Fetch the file again."
                )
            self.is_whole = True
        elif word == "@end":
            self.is_inside = False
        elif word == "@attribute":
            self._attribute(text, line)
        elif word != "@relation":
            raise DataError(
                f"{self.path.name} must start with @relation, @attribute and @data; "
                f"line {line} is {text[:40]!r}. It is no .arff file, or damaged."
            )

    def _attribute(self, text: str, line: int) -> None:
        found = _ATTRIBUTE.fullmatch(text)
        kind = found["kind"] if found else ""
        if kind.lower() == "relational" and not self.n_timepoints:
            self.is_relational = self.is_inside = True
        elif kind.lower() in _NUMERIC and (self.is_inside or not self.is_relational):
            self.n_timepoints += 1
        elif kind.startswith("{") and kind.endswith("}") and self.classes is None:
            words = _CLASS.findall(kind[1:-1])
            self.classes = {_bare(word) for word in words} - {""}
        else:
            raise DataError(
                f"attributes of {self.path.name} must be numeric, one relational, or "
                f"one list of classes in braces; line {line} is {text[:60]!r}. Only "
                "time series for classification are read."
            )


def _case(text: str, header: _Header, path: Path, line: int) -> Case:
    if header.is_relational:
        quote = text[0]
        end = text.find(quote, 1)
        if quote not in "'\"" or end < 0:
            raise DataError(
                f"each case of {path.name} must start with its series in quotes; line "
                f"{line} starts with {text[:20]!r}. It is cut short: fetch the file "
                "again."
            )
        parts, rest = text[1:end].split(r"\n"), text[end + 1 :]
    else:
        if text.startswith("{"):
            raise DataError(
                f"cases of {path.name} must be written in full; line {line} is sparse. "
                "Convert it with Weka's SparseToNonSparse filter."
            )
        series, comma, last = text.rpartition(",")
        parts, rest = ([series], comma + last) if header.classes else ([text], "")
    label = None
    if header.classes is not None:
        label = _bare(rest.strip().removeprefix(",").strip())
        if label not in header.classes:
            raise DataError(
                f"each case of {path.name} must end with a comma and one of "
                f"{listing(header.classes) or 'its classes'}; line {line} ends with "
                f"{rest.strip()[:40]!r}. It is cut short: fetch the file again."
            )
    arrays = [parse_series(part, path, line) for part in parts]
    longest = max(len(array) for array in arrays)
    if longest > header.n_timepoints:
        raise DataError(
            f"series of {path.name} must have at most the {header.n_timepoints} "
            f"timepoints its header declares; line {line} has {longest}. Fetch the "
            "file again."
        )
    return Case(line, arrays, label)


def _bare(word: str) -> str:
    """Return a word without the quotes around it."""
    word = word.strip()
    is_quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "'\""
    return word[1:-1] if is_quoted else word
