"""Tables of numbers are read to the last bit, however they are written."""

import numpy as np
import pytest

from sensorhar.datasets._text import _fixed_width, read_numbers
from sensorhar.errors import DataError


def field(number):
    """Write a number as UCI HAR does: 16 characters, three digits of exponent."""
    mantissa, power = f"{number:.7e}".split("e")
    return f"{mantissa:>11}e{power[0]}{int(power[1:]):03d}"


def table(values, eol="\r\n"):
    return "".join("".join(map(field, row)) + eol for row in values).encode()


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_fixed_width_equals_a_parser(eol):
    rng = np.random.default_rng(0)
    values = rng.normal(0, 1, (200, 8)) * 10.0 ** rng.integers(-12, 20, (200, 8))
    values[0, :3] = 0.0, -0.0, 1.0
    content = table(values, eol)
    assert len(content) == 200 * (8 * 16 + len(eol))
    fast = _fixed_width(content, 8)
    exact = [[float(f) for f in line.split()] for line in content.decode().splitlines()]
    np.testing.assert_array_equal(fast, exact)
    assert np.signbit(fast[0, 1])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"1 2\n",
        table([[1.0, 2.0]])[:-1],
        table([[1.0, 2.0]]).replace(b"e", b"d", 1),
        table([[1.0, 2.0]]).replace(b".", b",", 1),
        table([[1.0, 2.0]]).replace(b"0", b"x", 1),
        table([[1.0, 2.0]]).replace(b"+", b" ", 1),
        table([[1.0, 2.0]]).replace(b" ", b"\t", 1),
        table([[1.0, 2.0]]).replace(b"  1", b" x1", 1),
        table([[1.0, 1e-80]]),
        table([[1.0, 2.0], [3.0, 4.0]]).replace(b"\r\n", b"  ", 1),
    ],
)
def test_everything_else_goes_to_the_parser(content):
    assert _fixed_width(content, 2) is None


@pytest.mark.parametrize("text", ["1 2\n3 4\n", "  1.0\t2e0 \r\n 3   4", "1 2\n\n3 4"])
def test_free_form(tmp_path, text):
    (tmp_path / "a.txt").write_text(text)
    np.testing.assert_array_equal(read_numbers(tmp_path / "a.txt", 2), [[1, 2], [3, 4]])


def test_fixed_width_of_another_number_of_columns(tmp_path):
    (tmp_path / "a.txt").write_bytes(table(np.ones((2, 3))))
    with pytest.raises(DataError, match="must hold 2 numbers a line; got 3 or"):
        read_numbers(tmp_path / "a.txt", 2)
