"""CAPTURE-24 keeps a whole day, its unlabelled time, and each scheme of labels."""

from dataclasses import replace

import numpy as np
import pytest

from sensorhar.datasets import capture_24
from sensorhar.datasets.capture_24 import CARD, load_capture_24, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put

SLEEP = "7030 sleeping;MET 0.95"
DESK = "occupation;office;11580 office/computer work, general;MET 1.5"
RUN = "leisure;sports;12150 running;MET 8.0"
OPEN = "home activity;9999 unclear"
DICTIONARY = (
    "annotation,label:WillettsSpecific2018,label:Walmsley2020\n"
    f'{SLEEP},sleep,sleep\n"{DESK}",sitting,sedentary\n'
    f"{RUN},sports,moderate-vigorous\n{OPEN},mixed-activity,\n"
)


def lines(annotations, start="2016-11-13 02:18:00"):
    """Write a table at 100 Hz, one annotation for each second of it."""
    first = np.datetime64(start, "ns")
    out = ["time,x,y,z,annotation"]
    for i in range(100 * len(annotations)):
        time = str(first + np.timedelta64(10 * i, "ms")).replace("T", " ")[:26]
        word = annotations[i // 100]
        word = f'"{word}"' if "," in word else word
        out.append(f"{time},0.0,{1 if i % 2 else -1}.0,0.0,{word}")
    return "\n".join(out) + "\n"


def write(root, text=None, name="P001.csv", dictionary=DICTIONARY):
    home = root / "CAPTURE24" / "capture24"
    put(home / "annotation-label-dictionary.csv", dictionary)
    text = lines(["", SLEEP, SLEEP, DESK, OPEN, RUN]) if text is None else text
    put(home / name, text, packed=True)
    return home


def test_true_layout(tmp_path):
    (day,) = read_recordings(write(tmp_path))
    assert (day.name, day.subject) == ("P001", "P001")
    assert day.metadata["recorded"] == "2016-11-13T02:18:00"
    assert day.start is None
    (acc,) = day.streams
    assert (acc.n_samples, acc.rate_hz) == (600, 100)
    assert acc.values.dtype == np.float32
    np.testing.assert_allclose(acc.values[1], [0, STANDARD_GRAVITY, 0], rtol=1e-6)
    np.testing.assert_allclose(acc.time_s, np.arange(600) / 100, atol=1e-9)
    assert list(day.events.labels) == ["sleep", "sedentary", "moderate_vigorous"]
    np.testing.assert_allclose(day.events.start_s, [1, 3, 5])
    np.testing.assert_allclose(day.events.stop_s, [3, 4, 6])
    card = replace(
        CARD,
        n_recordings=1,
        subjects=("P001",),
        activities=("sleep", "sedentary", "moderate_vigorous"),
    )
    check_recordings([day], card)


def test_other_scheme(tmp_path):
    (day,) = read_recordings(write(tmp_path), labels="WillettsSpecific2018")
    assert list(day.events.labels) == ["sleep", "sitting", "mixed_activity", "sports"]
    with pytest.raises(ValueError, match="labels must be one of 'Doherty2018'"):
        load_capture_24(data_dir=tmp_path, labels="Nobody2000")


def test_chunks_gaps_and_lost_readings(tmp_path, monkeypatch):
    text = lines([SLEEP] * 3) + lines([RUN], "2016-11-13 02:20:00").split("\n", 1)[1]
    text = text.replace("00.050000,0.0,1.0,0.0", "00.050000,,,", 1)
    home = write(tmp_path, text)
    monkeypatch.setattr(capture_24, "N_CHUNK_ROWS", 130)
    (day,) = read_recordings(home)
    (acc,) = day.streams
    assert np.isnan(acc.values[5]).all()
    assert acc.time_s[300] == pytest.approx(120)
    np.testing.assert_allclose(day.events.stop_s, [3, 121])


def test_long_without_annotation(tmp_path):
    """The parser works in pieces, some of which hold no annotation at all."""
    (day,) = read_recordings(write(tmp_path, lines([""] * 100 + [SLEEP] * 20)))
    np.testing.assert_allclose(day.events.start_s, [100])


def test_load(tmp_path):
    write(tmp_path)
    (day,) = load_capture_24(data_dir=tmp_path, subjects=["P001"])
    assert day.subject == "P001"
    with pytest.raises(DataError, match="those of 'P002', .* are missing"):
        load_capture_24(data_dir=tmp_path)
    with pytest.raises(ValueError, match="subjects of 'capture-24' must be some of"):
        load_capture_24(data_dir=tmp_path, subjects=["P999"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be a table of time, x, y, z and annotation"),
        ("time,x,y,z\n1,2,3,4\n", "must be a table of time, x, y, z and annotation"),
        ("time,x,y,z,annotation\n", "must hold readings; it holds none"),
        (lines([SLEEP]).replace("1.0", "one", 1), "P001.csv.gz must be a table"),
        (lines([SLEEP]).replace("2016-11", "2016-31", 1), "P001.csv.gz must be a t"),
        (lines([SLEEP]).replace("-1.0", "-inf", 1), "must hold finite readings"),
        (lines(["flying"]), "annotations of P001.csv.gz .* got 'flying'"),
    ],
)
def test_broken_files(tmp_path, text, message):
    home = write(tmp_path, text)
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_rows_out_of_order(tmp_path):
    head, *rows = lines([SLEEP] * 3).strip().split("\n")
    shuffled = np.random.default_rng(0).permutation(rows)
    home = write(tmp_path, "\n".join([head, *shuffled]) + "\n")
    with pytest.raises(DataError, match="must be a clock that runs"):
        read_recordings(home)


def test_broken_folder(tmp_path):
    home = write(tmp_path, name="Q001.csv")
    with pytest.raises(DataError, match="must hold files such as P001"):
        read_recordings(home)
    home = write(tmp_path, dictionary="annotation,label:Other\na,b\n")
    with pytest.raises(DataError, match="columns 'annotation' and 'label:Walmsley"):
        read_recordings(home)
    path = home / "P001.csv.gz"
    put(home / "annotation-label-dictionary.csv", DICTIONARY)
    path.write_bytes(write(tmp_path).joinpath("P001.csv.gz").read_bytes()[:200])
    with pytest.raises(DataError, match="P001.csv.gz must be a table"):
        read_recordings(home)


def test_card():
    check_card(CARD)
