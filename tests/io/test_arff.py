"""Files of the UEA archive in Weka's format, of one and of several dimensions."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError
from sensorhar.io.arff import is_arff, read_arff
from sensorhar.io.uea_ts import read_uea_ts

HEADER = (
    "%What it is, and by whom\n\n@relation Tiny\n\n"
    "@attribute relationalAtt relational\n"
    "@attribute att0 numeric\n@attribute att1 numeric\n@attribute att2 numeric\n"
    "@end relationalAtt\n@attribute activity {smash,clear}\n\n@data\n"
)
CASES = "'1,2,3\\n4,5,6',smash\n'-1.5,2e-3,0\\n7,8,9',clear\n"
FLAT = (
    "@relation Tiny\n@attribute 't 0' NUMERIC\n@attribute t1 real\n"
    "@ATTRIBUTE target {1,'no, two'}\n@data\n1,2,1\n3,4,'no, two'\n"
)


def write(folder, text, name="Tiny_TRAIN.arff"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_relational(tmp_path):
    windows = read_arff(write(tmp_path, HEADER + CASES), rate_hz=10)
    assert windows.shape == (2, 3, 2)
    assert list(windows.y) == ["smash", "clear"]
    np.testing.assert_array_equal(windows[0], [[1, 4], [2, 5], [3, 6]])


def test_same_as_ts(tmp_path):
    """The archive holds each problem in both formats."""
    ts = "@univariate false\n@classLabel true smash clear\n@data\n"
    ts += "1,2,3:4,5,6:smash\n-1.5,2e-3,0:7,8,9:clear\n"
    other = tmp_path / "Tiny_TRAIN.ts"
    other.write_text(ts)
    windows = read_arff(write(tmp_path, HEADER + CASES))
    np.testing.assert_array_equal(windows, read_uea_ts(other))


@pytest.mark.parametrize(
    "text",
    [
        (HEADER + CASES).replace("\n", "\r\n"),
        HEADER + CASES.replace("'", '"'),
        HEADER.replace("@", " @").replace(" numeric", "\tREAL") + CASES,
    ],
)
def test_spellings(tmp_path, text):
    windows = read_arff(write(tmp_path, text))
    np.testing.assert_array_equal(windows[0], [[1, 4], [2, 5], [3, 6]])


def test_flat(tmp_path):
    windows = read_arff(write(tmp_path, FLAT.replace("'no, two'", "two")))
    assert windows.shape == (2, 2, 1)
    assert list(windows.y) == ["1", "two"]
    text = FLAT.replace("@ATTRIBUTE target {1,'no, two'}\n", "")
    windows = read_arff(write(tmp_path, text.split("1,2,1")[0] + "1,2\n3,4\n"))
    assert windows.y is None
    np.testing.assert_array_equal(windows[1][:, 0], [3, 4])


def test_missing_and_unequal(tmp_path):
    path = write(tmp_path, HEADER + CASES + "'1,?,3\\n4,5,6',smash\n")
    with pytest.raises(DataError, match="the first in line 15. Pass missing='drop'"):
        read_arff(path)
    assert len(read_arff(path, missing="drop")) == 2
    path = write(tmp_path, HEADER + CASES + "'1,2\\n4,5',smash\n")
    with pytest.raises(DataError, match="line 15 being the first that differs"):
        read_arff(path)
    assert read_arff(path, pad=True).shape == (3, 3, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have a line '@data'"),
        (HEADER, "must hold at least one case"),
        ("hello\n", "line 1 is 'hello'. It is no .arff file"),
        ("@relation x\n@data\n1\n", "must declare numeric attributes .* in line 2"),
        ("@relation x\n@attribute d date\n", "line 2 is '@attribute d date'"),
        ("@relation x\n@attribute d\n", "attributes of .* line 2 is '@attribute d'"),
        (HEADER + "1,2,3,smash\n", "series in quotes; line 13 starts with '1,2,3,"),
        (HEADER + "'1,2,3\\n4,5\n", "in quotes; line 13 starts with \"'1,2,3"),
        (HEADER + "'1,2,3\\n4,5,6',smas\n", "line 13 ends with ',smas'. It is cut"),
        (HEADER + "'1,2,3\\n4,5,6'\n", "one of 'clear', 'smash'; line 13 ends"),
        (HEADER + "'1,2,3,4\\n4,5,6',smash\n", "at most the 3 .* line 13 has 4"),
        (HEADER + "'1,x,3\\n4,5,6',smash\n", "line 13 holds 'x'"),
        (FLAT.split("1,2,1")[0] + "{0 1, 1 2}\n", "line 6 is sparse. Convert it"),
        (b"\x00\x01", "line 1 holds binary zeros"),
    ],
)
def test_broken_files(tmp_path, text, message):
    with pytest.raises(DataError, match=message) as caught:
        read_arff(write(tmp_path, text))
    assert "Tiny_TRAIN.arff" in str(caught.value)


@pytest.mark.parametrize("text", [HEADER + CASES, FLAT])
@given(st.data())
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_fuzz(tmp_path, text, data):
    """Whatever is done to a file, it is read or refused by name."""
    content = bytearray(text.encode())
    content = content[: data.draw(st.integers(0, len(content)))]
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at:at] = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"@data\n", b"'", b'"', b",", b"\n", b"{", b"\\n"]),
            )
        )
    try:
        windows = read_arff(write(tmp_path, bytes(content)), pad=True)
    except DataError as error:
        is_good = "Tiny_TRAIN.arff" in str(error)
    else:
        is_good = np.isfinite(np.asarray(windows)).all()
    assert is_good


def test_recognised():
    assert is_arff(SimpleNamespace(head=HEADER.encode()))
    assert not is_arff(SimpleNamespace(head=b"# x\n@problemName y\n"))
    assert not is_arff(SimpleNamespace(head=b"\x00\xff"))
    assert not is_arff(SimpleNamespace(head=b""))
