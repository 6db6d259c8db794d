"""Read some columns, chosen by name, of a table with a line of names."""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sensorhar._words import listing
from sensorhar.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_named_columns"]


def read_named_columns(
    content: bytes, columns: Mapping[str, Any], called: str
) -> "pd.DataFrame":
    """Read columns of comma-separated values, in any order and among others.

    Parameters
    ----------
    content : bytes
        The file.
    columns : mapping of str to dtype
        Names of the wanted columns, and their types.
    called : str
        What to call the file in messages.

    Returns
    -------
    DataFrame
        The columns in the order asked for, with at least one row.

    Raises
    ------
    DataError
        When a column is missing, a field is no such number, or there are no rows.
    """
    import pandas as pd

    head, _, rest = content.partition(b"\n")
    names = [name.strip().strip('"') for name in head.decode("latin-1").split(",")]
    names[0] = names[0].removeprefix("ï»¿")  # what marks UTF-8, read as Latin 1
    missing = set(columns) - set(names)
    if missing:
        raise DataError(
            f"{called} must have columns {', '.join(columns)}; it lacks "
            f"{listing(missing)}. Fetch the data set again."
        )
    try:
        # A number too large for its type becomes infinite, which callers look for.
        with np.errstate(over="ignore", invalid="ignore"):
            table = pd.read_csv(
                io.BytesIO(rest),
                header=None,
                names=_made_unique(names),
                usecols=list(columns),
                dtype=dict(columns),
                low_memory=False,
                # A person, a place or a label may be called null.
                keep_default_na=False,
                na_values={
                    key: ["", "NaN", "nan"]
                    for key, dtype in columns.items()
                    if dtype != "str"
                },
            )
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{called} must hold numbers in {', '.join(columns)}; it cannot be read "
            f"({error}). Fetch the data set again."
        ) from error
    if not len(table):
        raise DataError(
            f"{called} must hold rows below its column names; it holds none. Fetch the "
            "data set again."
        )
    return table[list(columns)]


def _made_unique(names: list[str]) -> list[str]:
    """Give names that come again a number, so that the first of them is found."""
    return [
        name if name not in names[:i] else f"{name}.{i}" for i, name in enumerate(names)
    ]
