"""Empatica E4 sessions as archive and as folder."""

import json
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError
from sensorhar.io._source import Source
from sensorhar.io.empatica import is_empatica, read_empatica

START = 1_544_027_337


def session(**changed):
    rows = "\n".join("0,-32,56" for _ in range(32 * 20))
    files = {
        "ACC.csv": f"{START}.000000, {START}.000000, {START}.000000\n"
        f"32.000000, 32.000000, 32.000000\n{rows}\n",
        "BVP.csv": f"{START}.000000\n64.000000\n" + "1.5\n" * 64 * 20,
        "EDA.csv": f"{START}.000000\n4.000000\n" + "0.25\n" * 80,
        "TEMP.csv": f"{START}.000000\n4.000000\n" + "33.1\n" * 80,
        "HR.csv": f"{START + 10}.000000\n1.000000\n" + "61.5\n" * 10,
        "IBI.csv": f"{START}.000000, IBI\n1.5,0.8125\n2.3,0.796875\n",
        "tags.csv": f"{START + 12.25:.2f}\n",
        "info.txt": "ACC.csv\nData from 3-axis accelerometer sensor.\n",
    }
    return {name: text for name, text in (files | changed).items() if text is not None}


def write(folder, files, name="1544027337_A00204.zip"):
    path = folder / name
    with zipfile.ZipFile(path, "w") as made:
        for file, text in files.items():
            made.writestr(file, text)
    return path


def test_a_session(tmp_path):
    recording = read_empatica(write(tmp_path, session()), subject="anna")
    acc = recording.stream_of("acc_x")
    expected = np.array([0, -32, 56]) / 64 * 9.80665
    np.testing.assert_allclose(acc.values, np.tile(expected, (640, 1)))
    np.testing.assert_allclose(acc.time_s, np.arange(640) / 32, atol=1e-9)
    heart = recording.stream_of("hr_bpm")
    np.testing.assert_allclose(heart.time_s, 10 + np.arange(10))
    assert recording.stream_of("bvp").rate_hz == 64
    assert recording.stream_of("skin_temp_degc").values[0, 0] == 33.1
    assert recording.stream_of("eda_usiemens").place == "wrist"
    beats = recording.stream_of("ibi_s")
    np.testing.assert_allclose(beats.time_s, [1.5, 2.3])
    np.testing.assert_allclose(beats.values[:, 0], [0.8125, 0.796875])
    assert json.loads(recording.metadata["tags_s"]) == [12.25]
    assert recording.start.timestamp() == START
    assert recording.events is None


def test_a_folder_with_missing_and_empty_files(tmp_path):
    folder = tmp_path / "session"
    folder.mkdir()
    for name, text in session(
        **{"EDA.csv": None, "IBI.csv": "", "HR.csv": None}
    ).items():
        (folder / name).write_text(text)
    recording = read_empatica(folder)
    assert recording.channel_names == (
        "acc_x",
        "acc_y",
        "acc_z",
        "bvp",
        "skin_temp_degc",
    )


def test_without_motion(tmp_path):
    kept = {name: session()[name] for name in ("BVP.csv", "TEMP.csv")}
    recording = read_empatica(write(tmp_path, kept))
    assert recording.channel_names == ("bvp", "skin_temp_degc")
    assert recording.start.timestamp() == START


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"ACC.csv": "x\n32\n0,0,0\n"}, r"line 1 of ACC.csv in .*start in s.* got 'x'"),
        ({"ACC.csv": f"{START}\nfast\n0,0,0\n"}, "line 2 of ACC.csv in .* rate in Hz"),
        ({"ACC.csv": f"{START}\n32\n0,0,0\n0,a,0\n"}, r"line 4 of ACC.csv .*'0,a,0'"),
        ({"HR.csv": f"{START}\n1\n60\n\n61\n"}, "line 4 of HR.csv .* 1 numbers"),
        ({"tags.csv": "1\nnow\n"}, "line 2 of tags.csv in .* got 'now'"),
        ({"IBI.csv": "x, IBI\n1,2\n"}, "line 1 of IBI.csv"),
    ],
)
def test_messages(tmp_path, changed, match):
    with pytest.raises(DataError, match=match):
        read_empatica(write(tmp_path, session(**changed)))


def test_what_is_no_session(tmp_path):
    path = write(tmp_path, {"Accelerometer.csv": "1", "info.txt": "2"})
    assert not is_empatica(Source(path))
    with pytest.raises(DataError, match="must hold the files of one E4 session"):
        read_empatica(path)
    path = write(tmp_path, {"ACC.csv": "", "HR.csv": ""})
    assert is_empatica(Source(path))
    with pytest.raises(DataError, match="all its files are empty"):
        read_empatica(path)
    (tmp_path / "broken.zip").write_bytes(write(tmp_path, session()).read_bytes()[:99])
    assert not is_empatica(Source(tmp_path / "broken.zip"))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    name=st.sampled_from(["ACC.csv", "HR.csv", "IBI.csv", "tags.csv", "BVP.csv"]),
)
def test_broken_files(takes_broken, tmp_path_factory, seed, name):
    folder = tmp_path_factory.mktemp("zip")
    content = session()[name].encode()
    takes_broken(
        read_empatica,
        content,
        seed,
        wrap=lambda broken: write(folder, session(**{name: broken})).read_bytes(),
    )
