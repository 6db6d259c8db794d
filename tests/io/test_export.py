"""Recordings for other programs come back from these programs as they were."""

import json
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from sensorhar import Events, Recording, Stream, read
from sensorhar.errors import MissingPackageError
from sensorhar.io import read_csv, read_xdf
from sensorhar.io.export import export, write_parquet, write_xdf

START = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture
def recording():
    """Three clocks: regular, irregular with a lost reading, and slow."""
    rng = np.random.default_rng(0)
    acc = rng.normal(0, 3, (2500, 3)).astype(np.float32) + np.float32(5)
    gyr = rng.normal(0, 1, (700, 3))
    gyr[5, 1] = np.nan
    times = np.sort(rng.uniform(0, 24, 700))
    fixes = np.column_stack([np.full(20, 48.1), *[np.full(20, v) for v in range(5)]])
    return Recording(
        [
            Stream.of_sensor(
                "accelerometer",
                acc,
                np.arange(2500) / 100,
                place="wrist",
                has_gravity=True,
                rate_hz=100,
            ),
            Stream.of_sensor("gyroscope", gyr, times, place="wrist"),
            Stream.of_sensor("gps", fixes, 0.5 + np.arange(20), rate_hz=1),
        ],
        name="anna",
        subject="anna & ben <x>",
        events=Events([0, 10], [10, 20], ["walking", "sitting"]),
        start=START,
        metadata={"markers": '[[1.5, "gap acc_x 0.2 s"]]', "n": 3},
    )


def test_parquet_keeps_times_and_values_bit_for_bit(recording, tmp_path):
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason="the extra scale is not installed"
    )
    table = parquet.read_table(write_parquet(recording, tmp_path / "a.parquet"))
    for stream in recording.streams:
        column = table.column(stream.channel_names[0])
        is_there = ~np.array(column.is_null())
        assert is_there.sum() == stream.n_samples
        times = table.column("time_s").to_numpy()[is_there]
        np.testing.assert_array_equal(times, stream.time_s)
        for name, values in zip(stream.channel_names, stream.values.T, strict=True):
            kept = table.column(name).drop_null().to_numpy()
            assert kept.dtype == values.dtype
            np.testing.assert_array_equal(kept, values)
    about = json.loads(table.schema.metadata[b"sensorhar"])
    assert about["subject"] == "anna & ben <x>"
    assert about["start"] == START.isoformat()
    assert about["events"] == [[0, 10, "walking"], [10, 20, "sitting"]]
    assert about["streams"][0]["rate_hz"] == 100
    assert about["streams"][0]["channels"][0]["place"] == "wrist"


def test_parquet_opens_in_pandas(recording, tmp_path):
    pytest.importorskip("pyarrow", reason="the extra scale is not installed")
    import pandas as pd

    frame = pd.read_parquet(export(recording, tmp_path / "a.parquet"))
    assert list(frame.columns) == ["time_s", *recording.channel_names]
    assert frame["acc_x"].count() == 2500


def test_xdf_opens_in_pyxdf(recording, tmp_path):
    pyxdf = pytest.importorskip("pyxdf", reason="the extra devices is not installed")
    path = write_xdf(recording, tmp_path / "a.xdf")
    found, header = pyxdf.load_xdf(path, dejitter_timestamps=False)
    assert header["info"]["datetime"] == [START.isoformat()]
    by_name = {stream["info"]["name"][0]: stream for stream in found}
    assert list(by_name) == [
        *("wrist accelerometer", "wrist gyroscope", "gps", "Labels", "Markers")
    ]
    for stream, one in zip(recording.streams, found, strict=False):
        np.testing.assert_array_equal(one["time_stamps"], stream.time_s)
        np.testing.assert_array_equal(one["time_series"], stream.values)
        assert one["footer"]["info"]["sample_count"] == [str(stream.n_samples)]
    labels = by_name["Labels"]
    assert [row[0] for row in labels["time_series"]] == [
        *("start walking", "stop walking", "start sitting", "stop sitting")
    ]
    assert labels["time_stamps"].tolist() == [0, 10, 10, 20]
    assert by_name["Markers"]["time_series"] == [["gap acc_x 0.2 s"]]


def test_xdf_straightened_by_default_stays_close(recording, tmp_path):
    pyxdf = pytest.importorskip("pyxdf", reason="the extra devices is not installed")
    found, _ = pyxdf.load_xdf(write_xdf(recording, tmp_path / "a.xdf"))
    for stream, one in zip(recording.streams, found, strict=False):
        np.testing.assert_allclose(one["time_stamps"], stream.time_s, atol=1e-6)


@pytest.mark.filterwarnings("ignore::sensorhar.errors.SensorharWarning")
def test_xdf_is_read_by_us(recording, tmp_path):
    pytest.importorskip("pyxdf", reason="the extra devices is not installed")
    same = read_xdf(export(recording, tmp_path / "a.xdf"))
    assert set(same.channel_names) == set(recording.channel_names)
    assert same.events.labels.tolist() == recording.events.labels.tolist()
    first_s = min(stream.time_s[0] for stream in recording.streams)
    for found, event in zip(same.events, recording.events, strict=True):
        wanted = np.array([event.start_s, event.stop_s]) - first_s
        np.testing.assert_allclose([found.start_s, found.stop_s], wanted, atol=1e-6)
    assert same.subject == recording.subject
    places = {stream.kind: stream.place for stream in recording.streams}
    assert {stream.kind: stream.place for stream in same.streams} == places
    assert same.stream_of("acc_x").channels[0].has_gravity is True
    for name in recording.channel_names:
        np.testing.assert_array_equal(same.channel(name)[1], recording.channel(name)[1])
    assert "markers Labels" not in same.metadata
    assert json.loads(same.metadata["markers Markers"])[0][1] == "gap acc_x 0.2 s"


def test_csv_and_npz_by_their_endings(recording, tmp_path):
    same = read(export(recording, tmp_path / "a.npz"))
    assert same.events == recording.events
    motion = recording.with_streams(recording.streams[:1])
    table = read_csv(export(motion, tmp_path / "a.csv"), exact=True)
    values = table.streams[0].values.astype(np.float32)  # a table is read as float64
    np.testing.assert_array_equal(values, motion.streams[0].values)


def test_other_endings_are_refused(recording, tmp_path):
    with pytest.raises(ValueError, match=r"path must end in \.npz, .*got 'a\.xls'"):
        export(recording, tmp_path / "a.xls")


@pytest.mark.parametrize("ending", [".npz", ".csv", ".parquet", ".xdf"])
def test_files_are_not_overwritten(recording, tmp_path, ending):
    path = tmp_path / f"a{ending}"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="Choose another name"):
        export(recording, path)
    assert path.read_text() == "mine"


def test_without_pyarrow(recording, tmp_path, monkeypatch):
    def missing(package, *, extra, purpose):
        raise MissingPackageError(f"{purpose} needs {package} of {extra}")

    # sensorhar.io.export is the function as well.
    module = sys.modules["sensorhar.io.export"]
    monkeypatch.setattr(module, "require", missing)
    with pytest.raises(MissingPackageError, match="Parquet files needs pyarrow of sca"):
        write_parquet(recording, tmp_path / "a.parquet")
    assert not list(tmp_path.iterdir())
