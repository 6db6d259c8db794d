"""A Recording holds together, and comes back from disk bit for bit."""

import pickle
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sensorhar as sh
from sensorhar.data.archive import read_archive
from sensorhar.errors import DataError
from tests.conftest import make_recording, make_stream

EVENTS = sh.Events([0, 3], [3, 5], ["sit", "walk"], [np.nan, 0.25])


def full():
    gps = sh.Stream.of_sensor(
        "gps", np.random.default_rng(1).normal(size=(10, 6)), np.arange(10.0) + 0.1
    )
    return sh.Recording(
        [make_stream(), gps],
        name="anna-01",
        subject="anna",
        events=EVENTS,
        start=datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))),
        metadata={"phone": "x", "height_m": 1.7, "is_left": True},
    )


def assert_same(one, other):
    assert one.name == other.name
    assert one.subject == other.subject
    assert one.events == other.events
    assert one.start == other.start
    assert dict(one.metadata) == dict(other.metadata)
    for a, b in zip(one.streams, other.streams, strict=True):
        assert a.channels == b.channels
        assert a.rate_hz == b.rate_hz
        assert a.values.dtype == b.values.dtype
        assert a.values.tobytes() == b.values.tobytes()
        assert a.time_s.tobytes() == b.time_s.tobytes()


def test_saved_and_read_bit_exact(tmp_path):
    path = full().save(tmp_path / "anna")
    assert path.name == "anna.npz"
    assert_same(full(), read_archive(path))
    assert_same(full(), pickle.loads(pickle.dumps(full())))


def test_nothing_is_overwritten_unasked(tmp_path):
    path = full().save(tmp_path / "a.npz")
    with pytest.raises(FileExistsError, match=r"exists. Choose another name"):
        full().save(path)
    full().save(path, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_damaged_and_foreign_files_are_refused(tmp_path):
    path = full().save(tmp_path / "a.npz")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match="cannot be read"):
        read_archive(path)
    np.savez(tmp_path / "b.npz", x=np.zeros(3))
    with pytest.raises(DataError, match=r"got one with arrays \['x'\]"):
        read_archive(tmp_path / "b.npz")


def test_a_pickle_inside_is_not_opened(tmp_path):
    np.savez(tmp_path / "c.npz", header=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match="cannot be read"):
        read_archive(tmp_path / "c.npz")


def test_start_is_kept_in_utc():
    assert full().start == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert full().start.tzinfo is UTC
    with pytest.raises(ValueError, match="must have a time zone"):
        sh.Recording([make_stream()], start=datetime(2026, 5, 1))


def test_spans_and_channels():
    recording = full()
    assert recording.duration_s == pytest.approx(9.98)
    assert recording.stream_of("lat_deg").kind == "gps"
    time_s, values = recording.channel("acc_z")
    assert np.shares_memory(values, recording.streams[0].values)
    assert len(time_s) == 500
    with pytest.raises(ValueError, match="channel must be one of acc_x, .*'acc_w'"):
        recording.channel("acc_w")
    assert repr(recording).startswith("<Recording 'anna-01' of anna | 9.98 s | acc_x")


def test_refuses_no_streams_and_twin_names():
    with pytest.raises(ValueError, match="must hold at least one stream"):
        sh.Recording([])
    with pytest.raises(ValueError, match="must differ within .* prefix_place=True"):
        sh.Recording([make_stream(), make_stream()])


def test_events_must_lie_inside():
    recording = make_recording(name="anna-03")
    unix = sh.Events([1700000120], [1700000410], ["walk"])
    with pytest.raises(ValueError, match="look like Unix times: pass time_base='unix'"):
        recording.with_events(unix)
    with pytest.raises(ValueError, match="no event overlaps .* events.shift"):
        recording.with_events(sh.Events([50], [60], ["walk"]))
    late = sh.Events([0, 50], [5, 60], ["sit", "walk"])
    with pytest.raises(ValueError, match="1 of 2 do not, the first being 'walk'"):
        recording.with_events(late)


def test_crop_keeps_times_and_cuts_events():
    part = full().crop(2, 4)
    assert part.start_s == pytest.approx(2)
    assert part.events.start_s.tolist() == [2, 3]
    assert part.events.stop_s.tolist() == [3, 4]


def test_to_frame_joins_clocks():
    frame = full().to_frame()
    assert frame["lat_deg"].notna().sum() == 10
    assert frame["acc_x"].notna().sum() == 500
    assert frame.index.is_monotonic_increasing


def test_is_frozen():
    with pytest.raises(AttributeError, match="frozen"):
        full().name = "b"


@settings(max_examples=60, deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_changes_nothing(tmp_path_factory, where, bit):
    path = full().save(tmp_path_factory.mktemp("damaged") / "a.npz")
    content = bytearray(path.read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    path.write_bytes(content)
    try:
        again = read_archive(path)
    except DataError:
        return
    assert_same(full(), again)
