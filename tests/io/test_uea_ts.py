"""Files of the UEA archive in the .ts format, whole, broken and no such files."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sensorhar as sh
from sensorhar.errors import DataError
from sensorhar.io import _cases
from sensorhar.io.uea_ts import is_uea_ts, read_uea_ts

HEADER = (
    "#What it is, and by whom\n@problemName Tiny\n@timeStamps false\n@missing false\n"
    "@univariate false\n@dimensions 2\n@equalLength true\n@seriesLength 3\n"
    "@classLabel true smash clear\n@data\n"
)
CASES = "1,2,3:4,5,6:smash\n-1.5,2e-3,0:7,8,9:clear\n"


def write(folder, text, name="Tiny_TRAIN.ts"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def head(data):
    return SimpleNamespace(head=data if isinstance(data, bytes) else data.encode())


def test_true_layout(tmp_path):
    windows = read_uea_ts(write(tmp_path, HEADER + CASES), rate_hz=10)
    assert windows.shape == (2, 3, 2)
    assert list(windows.y) == ["smash", "clear"]
    assert windows.groups is None
    assert windows.spec.rate_hz == 10
    assert windows.spec.channel_names == ("dim_0", "dim_1")
    np.testing.assert_array_equal(windows[0], [[1, 4], [2, 5], [3, 6]])
    np.testing.assert_allclose(windows[1][:, 0], [-1.5, 2e-3, 0])
    assert list(windows.recording) == ["Tiny_TRAIN-line-11", "Tiny_TRAIN-line-12"]
    np.testing.assert_array_equal(windows.purity, [1, 1])


@pytest.mark.parametrize(
    "text",
    [
        HEADER.replace("\n", "\r\n") + CASES.replace("\n", "\r\n"),
        "\ufeff" + HEADER + "\n\n" + CASES.rstrip(),
        # As sktime carries BasicMotions: blank lines, quotes, lines left out.
        "@problemName 'Tiny'\n\n\n@classLabel true smash clear\n@univariate false\n"
        "@data\n" + CASES,
        (HEADER + CASES).replace("@classLabel true smash clear", "@classlabel true"),
        ("#Größe\n" + HEADER + CASES).encode("latin-1"),
    ],
)
def test_spellings(tmp_path, text):
    windows = read_uea_ts(write(tmp_path, text))
    np.testing.assert_array_equal(windows[0], [[1, 4], [2, 5], [3, 6]])
    assert list(windows.y) == ["smash", "clear"]


def test_channels_and_units(tmp_path):
    path = write(tmp_path, HEADER + CASES)
    acc = sh.Channel("acc_x", "m/s^2", "accelerometer", "wrist", True)
    windows = read_uea_ts(path, channels=[acc, "turn"], units=["g", "deg/s"])
    assert windows.spec.channels[0] == acc
    assert windows.spec.channels[1] == sh.Channel("turn", "rad/s")
    np.testing.assert_allclose(windows[0][:, 0], np.array([1, 2, 3]) * 9.80665)
    np.testing.assert_allclose(windows[0][0, 1], np.deg2rad(4), rtol=1e-6)
    with pytest.raises(ValueError, match="channels must name each of the 2 dim"):
        read_uea_ts(path, channels=["x"])
    with pytest.raises(ValueError, match="units must name each .* got 3"):
        read_uea_ts(path, units=["g"] * 3)
    with pytest.raises(ValueError, match="cannot be converted"):
        read_uea_ts(path, channels=[acc, acc], units="deg/s")
    with pytest.raises(ValueError, match="rate_hz must be a number of Hz above 0"):
        read_uea_ts(path, rate_hz=0)
    with pytest.raises(ValueError, match="missing must be one of 'drop', 'refuse'"):
        read_uea_ts(path, missing="ignore")


def test_unequal_lengths(tmp_path):
    path = write(tmp_path, HEADER + "1,2,3:4,5,6:smash\n1,2:4,5:clear\n")
    with pytest.raises(DataError, match="2 to 3 timepoints, line 12 being .* pad=True"):
        read_uea_ts(path)
    windows = read_uea_ts(path, pad=True)
    np.testing.assert_array_equal(windows[1], [[1, 4], [2, 5], [2, 5]])
    np.testing.assert_allclose(windows.purity, [1, 2 / 3])


def test_missing_values(tmp_path):
    path = write(tmp_path, HEADER + CASES + "1,?,3:NaN,5,6:smash\n")
    with pytest.raises(DataError, match="1 of 3 cases have, the first in line 13"):
        read_uea_ts(path)
    assert len(read_uea_ts(path, missing="drop")) == 2
    path = write(tmp_path, HEADER + "1,?,3:4,5,6:smash\n")
    with pytest.raises(DataError, match="all 1 have some, so none is left"):
        read_uea_ts(path, missing="drop")


def test_without_classes(tmp_path):
    text = "@univariate true\n@classLabel false\n@data\n1,2\n3,4\n"
    windows = read_uea_ts(write(tmp_path, text))
    assert windows.y is None
    assert windows.shape == (2, 2, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have a line '@data'"),
        (HEADER[:60], "must have a line '@data'"),
        (HEADER, "must hold at least one case"),
        ("hello\n", "line 1 is 'hello'. It is no .ts file"),
        (b"\x00\x01\x02", "line 1 holds binary zeros"),
        (HEADER + "1,2,3:4,5\n", "line 11 ends with '4,5'. It is cut short"),
        (HEADER + "1,2,3:4,5,6:smas\n", "line 11 ends with 'smas'"),
        (HEADER + "smash\n", "must end with ':' and one of 'clear', 'smash'"),
        (HEADER + "1,2,3:smash\n", "must have 2 dimensions .* line 11 has 1"),
        (HEADER + "1,x,3:4,5,6:smash\n", "line 11 holds 'x'"),
        (HEADER + "1,,3:4,5,6:smash\n", "line 11 holds ''"),
        (HEADER + "1,inf,3:4,5,6:smash\n", "line 11 holds an infinite one"),
        (HEADER + "1,1e39,3:4,5,6:smash\n", "line 11 holds a larger one"),
        (HEADER + "(0,1),(1,2):(0,1):smash\n", "line 11 holds time stamps"),
        ("@timeStamps true\n@data\n1\n", "line 1 says that it holds time stamps"),
        ("@targetlabel true\n@data\n1\n", "line 1 says that it holds numbers to"),
        ("@timeStamps maybe\n@data\n1\n", "@timestamps of .* must say true or false"),
        ("@classLabel a b\n@data\n1:a\n", "@classLabel of .* got 'a b'"),
        ("@data\n1,2:a\n", "line 2 holds 'a'. If that is a class, the header must"),
        (
            "@classLabel true a\n@data\n1:2:a\n1:a\n",
            "line 3 has 2, line 4 1. Fetch",
        ),
    ],
)
def test_broken_files(tmp_path, text, message):
    with pytest.raises(DataError, match=message) as caught:
        read_uea_ts(write(tmp_path, text))
    assert "Tiny_TRAIN.ts" in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist"):
        read_uea_ts(tmp_path / "none.ts")


def test_limits(tmp_path, monkeypatch):
    path = write(tmp_path, HEADER + "1," * 600_000 + "1:2:smash\n")
    monkeypatch.setattr(_cases, "MAX_LINE_BYTES", 2**20)
    with pytest.raises(DataError, match="shorter than 1 MB; line 11 is longer"):
        read_uea_ts(path)
    monkeypatch.setattr(_cases, "MAX_VALUES", 10)
    with pytest.raises(DataError, match="at most 10 values; got 2 cases x 3 x 2"):
        read_uea_ts(write(tmp_path, HEADER + CASES))


@given(st.data())
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_fuzz(tmp_path, data):
    """Whatever is done to a file, it is read or refused by name."""
    content = bytearray((HEADER + CASES).encode())
    content = content[: data.draw(st.integers(0, len(content)))]
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at:at] = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"@data\n", b":", b",", b"\n", b"?", b"1_0", b"\xff"]),
            )
        )
    try:
        windows = read_uea_ts(write(tmp_path, bytes(content)), pad=True)
    except DataError as error:
        is_good = "Tiny_TRAIN.ts" in str(error)
    else:
        is_good = np.isfinite(np.asarray(windows)).all()
    assert is_good


def test_recognised():
    assert is_uea_ts(head(HEADER + CASES))
    assert is_uea_ts(head("\ufeff# x\n\n@UNIVARIATE true\n"))
    assert not is_uea_ts(head("@relation x\n"))
    assert not is_uea_ts(head(b"\x00\xff@problemName"))
    assert not is_uea_ts(head(""))
