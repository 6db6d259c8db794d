"""Time series of the UEA and UCR archives in their own format, ``.ts``."""

from __future__ import annotations

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

__all__ = ["is_uea_ts", "read_uea_ts"]

_TRUTH = {"true": True, "false": False}


def is_uea_ts(source: Source) -> bool:
    """Return whether a file is a ``.ts`` file, by its header.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether its first line that is no comment is one of the header's.
    """
    for line in source.head.lstrip(b"\xef\xbb\xbf").splitlines():
        text = line.strip().lower()
        if text and not text.startswith(b"#"):
            return text.startswith(
                (b"@problemname", b"@timestamps", b"@univariate", b"@classlabel")
            )
    return False


def read_uea_ts(
    path: str | Path,
    *,
    rate_hz: float = 1.0,
    channels: Sequence[Channel | str] | None = None,
    units: str | Sequence[str] | None = None,
    pad: bool = False,
    missing: Literal["refuse", "drop"] = "refuse",
) -> Windows:
    r"""Read a ``.ts`` file of the UEA or UCR archive as Windows.

    One line is one case; its dimensions are separated by colons, and the class
    stands last::

        @problemName RacketSports
        @univariate false
        @dimensions 2
        @classLabel true smash clear
        @data
        0.1,0.2,0.3:9.7,9.8,9.9:smash        2 dimensions of 3 timepoints each

    The format says neither rate nor units, so state them. Lines of the header may
    be missing, as they are in older files.

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
        What to do when values are missing (``?`` or ``NaN``), which Windows cannot
        hold: refuse the file, or leave those cases out.

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
        When the file is broken, holds time stamps or numbers to predict instead of
        classes, or is refused as said above; it names file and line.
    ValueError
        When channels or units do not fit the dimensions.

    References
    ----------
    A. Bagnall et al., The UEA multivariate time series classification archive, 2018,
    arXiv:1811.00075.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> lines = ["@univariate false", "@classLabel true a b", "@data", "1,2:3,4:a",
    ...     "5,6:7,8:b"]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tiny_TRAIN.ts"
    ...     _ = path.write_text("\n".join(lines))
    ...     read_uea_ts(path, rate_hz=10, channels=["left", "right"])
    <Windows 2 x 2 x 2 | 10 Hz | left right [1] | a 1, b 1>
    """
    path = Path(path)
    header: dict[str, str] = {}
    cases: list[Case] = []
    is_data = False
    for line, text in text_lines(path):
        if not is_data:
            is_data = _read_header(text, header, path, line)
            if is_data:
                classes = _classes(header, path)
            continue
        cases.append(_case(text, classes, header, path, line))
    if not is_data:
        raise DataError(
            f"{path.name} must have a line '@data' before its cases; it has none. It "
            "is cut short, or no .ts file."
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


def _read_header(text: str, header: dict[str, str], path: Path, line: int) -> bool:
    """Take in one line of the header; return whether it was ``@data``."""
    if not text.startswith("@"):
        raise DataError(
            f"{path.name} must start with lines such as '@problemName ...', then "
            f"'@data'; line {line} is {text[:40]!r}. It is no .ts file, or damaged."
        )
    word, rest = (*text[1:].split(None, 1), "", "")[:2]
    word = word.lower()
    if word == "data":
        return True
    header[word] = rest
    if word == "timestamps" and _truth(header, word, path, line):
        raise DataError(
            f"{path.name} must hold plain series; line {line} says that it holds time "
            "stamps, which are not read. Write it without them, at one rate."
        )
    if word == "targetlabel" and _truth(header, word, path, line):
        raise DataError(
            f"{path.name} must hold classes; line {line} says that it holds numbers to "
            "predict. Only classification files become Windows."
        )
    return False


def _truth(header: dict[str, str], word: str, path: Path, line: int) -> bool:
    first = header[word].split()[0].lower() if header[word] else ""
    if first not in _TRUTH:
        raise DataError(
            f"@{word} of {path.name} must say true or false; line {line} says "
            f"{header[word][:40]!r}. Correct it."
        )
    return _TRUTH[first]


def _classes(header: dict[str, str], path: Path) -> set[str] | None:
    """Return the declared classes (none named: any), or None without classes."""
    words = header.get("classlabel", "false").split()
    if not words or words[0].lower() not in _TRUTH:
        raise DataError(
            f"@classLabel of {path.name} must say true or false, then the classes; got "
            f"{header['classlabel'][:40]!r}. Correct it."
        )
    return set(words[1:]) if _TRUTH[words[0].lower()] else None


def _case(
    text: str, classes: set[str] | None, header: dict[str, str], path: Path, line: int
) -> Case:
    if text.startswith("("):
        raise DataError(
            f"{path.name} must hold plain series; line {line} holds time stamps, which "
            "are not read. Write it without them, at one rate."
        )
    fields = text.split(":")
    label = None
    if classes is not None:
        label = fields.pop().strip()
        if not label or (classes and label not in classes) or not fields:
            raise DataError(
                f"each case of {path.name} must end with ':' and one of "
                f"{listing(classes) or 'its classes'}; line {line} ends with "
                f"{label[:40]!r}. It is cut short: fetch the file again."
            )
    wanted = "1" if header.get("univariate", "").lower() == "true" else ""
    wanted = header.get("dimensions", header.get("dimension", wanted))
    if wanted and str(len(fields)) != wanted:
        raise DataError(
            f"each case of {path.name} must have {wanted[:20]} dimensions as its "
            f"header says; line {line} has {len(fields)}. Fetch the file again."
        )
    return Case(line, [parse_series(field, path, line) for field in fields], label)
