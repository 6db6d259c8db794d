"""MATLAB files read as scipy reads them; damaged ones are refused, not fatal."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import loadmat, savemat

from sensorhar.datasets import _matlab
from sensorhar.datasets._matlab import read_matlab
from sensorhar.errors import DataError


def packed(variables, do_compression=False, **how):
    buffer = io.BytesIO()
    savemat(buffer, variables, do_compression=do_compression, **how)
    return buffer.getvalue()


def put(folder, content):
    path = folder / "a.mat"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("do_compression", [False, True])
@pytest.mark.parametrize(
    "kind", ["f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
)
@pytest.mark.parametrize("shape", [(5, 6), (1, 1), (0, 6), (2, 3, 4)])
def test_equals_scipy(tmp_path, kind, shape, do_compression):
    values = np.arange(np.prod(shape)).reshape(shape).astype(kind)
    content = packed({"values": values, "n": "walking"}, do_compression)
    path = put(tmp_path, content)
    got, theirs = read_matlab(path), loadmat(path)
    assert set(got) == {"values", "n"}
    assert got["values"].dtype == values.dtype
    np.testing.assert_array_equal(got["values"], theirs["values"])
    np.testing.assert_array_equal(got["n"], theirs["n"])


def test_what_is_neither_numbers_nor_text(tmp_path):
    variables = {
        "cell": np.array([[1, "a"]], dtype=object),
        "structure": {"a": 1},
        "complex": np.array([1 + 2j]),
        "letters": np.array(["ab", "cd"]),
        "umlaut": "Größe",
        "kept": 1.5,
    }
    got = read_matlab(put(tmp_path, packed(variables)))
    assert set(got) == {"letters", "umlaut", "kept"}
    assert list(got["letters"]) == ["ab", "cd"]
    assert list(got["umlaut"]) == ["Größe"]
    assert got["kept"].tolist() == [[1.5]]


def element(order, kind, data):
    return struct.pack(order + "II", kind, len(data)) + data + bytes(-len(data) % 8)


def by_hand(order, stored=(3, "i2"), shape=(2, 3), class_code=6, name=b"values"):
    """Write one array as MATLAB does: whole numbers of a double in fewer bytes."""
    kind, dtype = stored
    numbers = np.arange(6).astype(order + dtype).tobytes()
    inside = (
        element(order, 6, struct.pack(order + "II", class_code, 0))
        + element(order, 5, np.array(shape, order + "i4").tobytes())
        + element(order, 1, name)
        + element(order, kind, numbers)
    )
    mark = b"IM" if order == "<" else b"MI"
    version = struct.pack(order + "H", 0x0100)
    return b"MATLAB 5.0".ljust(124) + version + mark + element(order, 14, inside)


@pytest.mark.parametrize("order", ["<", ">"])
def test_compact_doubles_in_either_byte_order(tmp_path, order):
    path = put(tmp_path, by_hand(order))
    values = read_matlab(path)["values"]
    assert values.dtype == np.float64
    np.testing.assert_array_equal(values, [[0, 2, 4], [1, 3, 5]])
    np.testing.assert_array_equal(values, loadmat(path)["values"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must be a MATLAB file; it cannot be read as one of version 5 to 7"),
        (b"MATLAB 7.3".ljust(126) + b"IM", "first 128 bytes are not those of one"),
        (by_hand("<", shape=(2, 4)), r"shape \[2, 4\] holds 6 values"),
        (by_hand("<", shape=(-2, -3)), r"has the shape \[-2, -3\]"),
        (by_hand("<", shape=(6,)), r"has the shape \[6\]"),
        (by_hand("<", stored=(99, "i2")), "numbers are stored as type 99"),
        (by_hand("<", stored=(0, "i2")), "numbers are stored as type 0"),
        (by_hand("<", stored=(99, "i2"), class_code=4), "text is stored as type 99"),
        (by_hand("<")[:-20], "an element of .* bytes has not so many left"),
        (by_hand("<")[:150], "has not so many left"),
        (by_hand("<")[:128] + element("<", 14, b""), "lacks its name or shape"),
        (by_hand("<")[:128] + element("<", 15, b"no zlib!"), "it cannot be read"),
        (by_hand("<")[:130], "it cannot be read"),
    ],
)
def test_damaged(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read_matlab(put(tmp_path, content))


def test_packed_variable_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(_matlab, "MAX_BYTES", 10_000)
    path = put(tmp_path, packed({"a": np.zeros(100_000)}, do_compression=True))
    with pytest.raises(DataError, match="is cut short or too large"):
        read_matlab(path)
    head = by_hand("<")[:128]
    cut = zlib.compress(by_hand("<")[128:])[:-5]
    path = put(tmp_path, head + struct.pack("<II", 15, len(cut)) + cut)
    with pytest.raises(DataError, match="is cut short or too large"):
        read_matlab(path)


def test_infinite_numbers(tmp_path):
    path = put(tmp_path, packed({"a": np.array([1, np.nan, np.inf])}))
    with pytest.raises(DataError, match="must hold finite numbers; got 2 in 'a'"):
        read_matlab(path)


WHOLE = packed({"a": np.ones((20, 6)), "n": "3"})


@settings(max_examples=150, deadline=None)
@given(
    at=st.integers(0, len(WHOLE) - 1),
    byte=st.integers(0, 255),
    n_bytes=st.integers(0, len(WHOLE)),
)
def test_any_damage_is_survived(tmp_path_factory, at, byte, n_bytes):
    """Scipy 1.17 ends the interpreter on some of these."""
    content = bytearray(WHOLE[:n_bytes] if n_bytes % 3 == 0 else WHOLE)
    if at < len(content):
        content[at] = byte
    path = put(tmp_path_factory.getbasetemp(), bytes(content))
    try:
        arrays = read_matlab(path)
    except DataError:
        return
    assert all(isinstance(value, np.ndarray) for value in arrays.values())
