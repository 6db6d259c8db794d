"""Read the records of the WISDM group: user,activity,stamp,x,y,z with a semicolon."""

import csv
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.datasets._readings import is_number
from sensorhar.datasets._tables import read_bytes
from sensorhar.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Records", "read_records"]

logger = logging.getLogger(__name__)

#: Share of records that may be broken before the file is something else.
MAX_BROKEN = 0.01

_NUMBERS = ("user", "stamp", "x", "y", "z")


@dataclass(frozen=True)
class Records:
    """Whole records of a file in its order.

    Attributes
    ----------
    user : array of int64 of shape (n_records,)
        Who.
    activity : array of str of shape (n_records,)
        As written in the file.
    stamp_s : array of shape (n_records,), in s
        Stamp; the files have ns.
    values : array of float32 of shape (n_records, 3)
        Readings as they are.
    """

    user: NDArray[np.int64]
    activity: NDArray[np.str_]
    stamp_s: NDArray[np.float64]
    values: NDArray[np.float32]

    def take(self, rows: Any) -> Self:
        """Return some of the records."""
        return type(self)(
            self.user[rows], self.activity[rows], self.stamp_s[rows], self.values[rows]
        )


def read_records(
    path: Path, *, users: Iterable[str], activities: Iterable[str]
) -> Records:
    """Read the whole records of a file; the broken ones are left out.

    A record ends with a semicolon, wherever the line ends, and a comma may stand
    before it.

    Parameters
    ----------
    path : Path
        The file; when it is not there, the same with ``.gz`` is read.
    users, activities : iterable of str
        Those there may be.

    Returns
    -------
    Records
        At least one.

    Raises
    ------
    DataError
        When the file is missing, or more than a few records are broken.
    """
    users, activities = list(users), list(activities)
    content = read_bytes(path).replace(b";", b"\n").replace(b"\r", b"\n")
    try:
        try:
            table = _parse(content, "float64")
        except ValueError:  # a word among the numbers: four times slower, but forgiving
            table = _parse(content, "str")
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{path} must hold records 'user,activity,stamp,x,y,z;'; it cannot be read "
            f"({error}). Fetch the data set again."
        ) from error
    array = _numbers(table)
    # Codes instead of words, for there are a million of them and few differ.
    codes, words = table["activity"].factorize()
    words = np.array([*(str(word).strip() for word in words), ""])  # -1 is none
    activity = words[codes]
    is_whole = (
        is_number(array).all(axis=1)
        & table["rest"].isna().to_numpy()
        & np.isin(array[:, 0], [int(user) for user in users])
        & np.isin(activity, activities)
    )
    n_broken = int((~is_whole).sum())
    if not is_whole.any() or n_broken > 10 + MAX_BROKEN * len(array):
        who = f"user {users[0]}" + f" to {users[-1]}" * (len(users) > 1)
        raise DataError(
            f"{path} must hold records 'user,activity,stamp,x,y,z;' of {who} and "
            f"activities {listing(activities)}; got {len(array)} records, {n_broken} "
            "of which are not such. Fetch the data set again."
        )
    if n_broken:
        logger.info("left out %d broken records of %s", n_broken, path.name)
    array = array[is_whole]
    return Records(
        array[:, 0].astype(np.int64),
        activity[is_whole],
        array[:, 1] / 1e9,
        array[:, 2:].astype(np.float32),
    )


def _parse(content: bytes, numbers: str) -> "pd.DataFrame":
    """Read records of seven fields, of which the last should be empty."""
    import pandas as pd

    # Names and a record in front tell pandas how wide records are; it would take the
    # width of the file's first one, broken or not.
    front = b"user,activity,stamp,x,y,z,rest\n0,-,0,0,0,0,\n"
    types = dict.fromkeys(_NUMBERS, numbers)
    return pd.read_csv(
        io.BytesIO(front + content),
        dtype={**types, "activity": "str", "rest": "str"},
        on_bad_lines="skip",
        quoting=csv.QUOTE_NONE,
        encoding="latin-1",
        skipinitialspace=True,
        low_memory=False,
    ).iloc[1:]


def _numbers(table: "pd.DataFrame") -> NDArray[np.float64]:
    """Return the columns of numbers; what is none becomes NaN."""
    import pandas as pd

    columns = [pd.to_numeric(table[name], errors="coerce") for name in _NUMBERS]
    return np.stack([column.to_numpy(dtype=np.float64) for column in columns], axis=1)
