"""Read a recording from a file, whatever its format."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from sensorhar.data.archive import read_archive
from sensorhar.data.recording import Recording
from sensorhar.data.windows import Windows
from sensorhar.errors import DataError
from sensorhar.io._table import is_text
from sensorhar.io.csv import read_csv

__all__ = ["read"]


def read(path: str | Path) -> Recording | Windows:
    """Read a file, choosing the format by its content.

    Known are the ``.npz`` files that ``save`` writes, and text tables whose columns
    speak for themselves (``time_s``, ``acc_x``, ...; see :func:`sensorhar.read_csv`,
    which also reads those that do not).

    Parameters
    ----------
    path : str or Path
        One file.

    Returns
    -------
    Recording or Windows
        What it holds.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    DataError
        When the format is unknown or the file is broken.

    Examples
    --------
    >>> import sensorhar as sh
    >>> from tempfile import TemporaryDirectory
    >>> recording = sh.simulate_recordings(1, random_state=0)[0]
    >>> with TemporaryDirectory() as folder:
    ...     same = read(recording.save(Path(folder) / "anna.npz"))
    >>> same.name == recording.name
    True
    """
    path = Path(path)
    if path.is_dir():
        raise DataError(
            f"read takes one file; got folder {str(path)!r}. Read its files one by "
            "one, or load a data set with sensorhar.datasets."
        )
    if not path.exists():
        raise FileNotFoundError(
            f"read needs a file; {str(path)!r} does not exist in {str(Path.cwd())!r}. "
            "Check the spelling."
        )
    for is_format, reader in _FORMATS:
        if is_format(path):
            return reader(path)
    raise DataError(
        f"{path.name} must be {' or '.join(_NAMES)}; it is neither. Convert it to a "
        "table with columns time_s, acc_x, acc_y, acc_z, or build a Recording with "
        "Stream.of_sensor."
    )


def _is_archive(path: Path) -> bool:
    if path.suffix == ".npz":
        return True  # even if broken: its reader says how
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "header.npy" in archive.namelist()


_FORMATS: tuple[
    tuple[Callable[[Path], bool], Callable[[Path], Recording | Windows]], ...
] = ((_is_archive, read_archive), (is_text, read_csv))
_NAMES = ("a .npz file saved by sensorhar", "a text table (.csv) with column names")
