"""Tables are read whole and plain, packed or not, and what is broken is named."""

import gzip

import numpy as np
import pytest

from sensorhar.datasets._tables import read_bytes, read_table
from sensorhar.errors import DataError


@pytest.mark.parametrize("packed", [False, True])
def test_columns(tmp_path, packed):
    content = b" 1 2 3 \r\n4 NaN 6\n"
    if packed:
        (tmp_path / "a.txt.gz").write_bytes(gzip.compress(content))
    else:
        (tmp_path / "a.txt").write_bytes(content)
    table = read_table(tmp_path / "a.txt", 3, columns=[0, 1], may_miss=True)
    np.testing.assert_array_equal(table, [[1, 2], [4, np.nan]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3\n4 5\n7 8 9\n", r"got nan in row 2, column 3"),
        ("1 2 3\n4 5 6 7\n7 8 9\n", "it cannot be read"),
        ("1 2 3\n4 5 6\n7 8", r"must hold 3 numbers a line; got 2 in b'7 8'"),
        ("1 2\n4 5 6\n", r"must hold 3 numbers a line; got 2 in b'1 2'"),
        ("1 2 1e999\n", "got inf in row 1, column 3"),
        ("1 \x00 3\n1 2 3\n", "got nan in row 1, column 2"),
        ("\n\n", "got 0 in b''"),
    ],
)
@pytest.mark.parametrize("columns", [None, [2]])
def test_broken(tmp_path, text, message, columns):
    (tmp_path / "a.txt").write_text(text)
    if columns and "\x00" in text:
        return  # that column is not asked for
    with pytest.raises(DataError, match=message):
        read_table(tmp_path / "a.txt", 3, columns=columns)


@pytest.mark.parametrize("n_bytes", [0, 1, 15])
def test_damaged_gzip(tmp_path, n_bytes):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"1 2 3\n" * 50)[:n_bytes])
    with pytest.raises(DataError, match=r"must be a whole gzip file|got 0 in"):
        read_table(tmp_path / "a.txt", 3)


def test_missing(tmp_path):
    with pytest.raises(DataError, match=r"must hold a\.txt or a\.txt\.gz; it does not"):
        read_bytes(tmp_path / "a.txt")
