"""Logs: bit-exact, and readable whatever happened to them."""

import errno
import gzip
import os
import random
import signal
import struct
import subprocess
import sys
import warnings
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar import Stream
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io import _log_frames, _log_writer
from sensorhar.io._log_frames import MAGIC, find_frames, pack
from sensorhar.io._source import Source
from sensorhar.io.log import LogWriter, is_log, read_log, scan_log

START = datetime(2026, 9, 1, 8, tzinfo=UTC)


def chunk(first, n=5, kind="accelerometer", dtype="f4", rate_hz=50.0, **options):
    """Return n samples whose values are known from their number."""
    number = np.arange(first, first + n)
    if kind == "accelerometer":
        options.setdefault("has_gravity", True)
    values = np.column_stack([number, -number, number / 3]).astype(dtype)
    return Stream.of_sensor(kind, values, number / 50, rate_hz=rate_hz, **options)


def small_log(path, n_chunks=4):
    with LogWriter(path, start=START, subject="anna") as log:
        for i in range(n_chunks):
            log.write(chunk(5 * i))
            log.write(chunk(5 * i, kind="gyroscope", dtype="f8"))
        log.mark(0.1, "connected")
        log.label(0.0, 0.2, "walking")
    return path


def check_values(contents):
    """Raise unless every sample is one that was written, with its own time."""
    for part in contents.parts.values():
        for times, values in zip(part.times, part.values, strict=True):
            number = np.round(times * 50)
            assert (times == number / 50).all()
            wanted = np.column_stack([number, -number, number / 3])
            assert (values == wanted.astype(values.dtype)).all()
    assert all(mark == (0.1, "connected") for mark in contents.markers)
    assert contents.labels in ({}, {(0.0, "walking"): 0.2})


def read_damaged(path):
    """Read what the test has damaged, without the warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SensorharWarning)
        return read_log(path)


def test_everything_comes_back(tmp_path):
    path = small_log(tmp_path / "anna.sensorlog")
    recording = read_log(path)
    assert (recording.name, recording.subject) == ("anna", "anna")
    assert recording.start == START
    acc, gyr = recording.streams
    assert acc.values.dtype == np.float32
    assert gyr.values.dtype == np.float64
    assert acc.channels == chunk(0).channels
    assert acc.rate_hz == 50
    np.testing.assert_array_equal(gyr.values[:, 2], np.arange(20) / 3)
    np.testing.assert_array_equal(acc.time_s, np.arange(20) / 50)
    assert recording.metadata["markers"] == '[[0.1, "connected"]]'
    (event,) = recording.events
    assert event[:3] == (0.0, 0.2, "walking")
    assert is_log(Source(path))
    assert scan_log(path).is_whole


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.floats(allow_infinity=False, width=64), min_size=1, max_size=30, unique=True
    ),
    st.sampled_from(["f4", "f8"]),
)
def test_floats_are_bit_exact(tmp_path_factory, numbers, dtype):
    path = tmp_path_factory.mktemp("log") / "a"
    with np.errstate(over="ignore"):
        column = np.array(numbers).astype(dtype)
    column[np.isinf(column)] = 0
    values = np.column_stack([column, column, column])
    times = np.unique(np.clip(np.nan_to_num(numbers), -1e9, 1e9))
    written = Stream.of_sensor("gyroscope", values[: len(times)], times)
    with LogWriter(path) as log:
        log.write(written)
    (read,) = read_log(path).streams
    assert read.values.tobytes() == written.values.tobytes()
    assert read.time_s.tobytes() == written.time_s.tobytes()


def test_a_nominal_rate_is_kept_and_a_measured_one_is_not_taken_for_it(tmp_path):
    rng = np.random.default_rng(0)
    times = np.arange(100) / 50 + rng.uniform(0, 0.002, 100)
    with LogWriter(tmp_path / "a") as log:
        for i in range(0, 100, 10):
            few = times[i : i + 10]
            log.write(Stream.of_sensor("gyroscope", np.ones((10, 3)), few))
            log.write(
                Stream.of_sensor("magnetometer", np.ones((10, 3)), few, rate_hz=49)
            )
    gyr, mag = read_log(tmp_path / "a").streams
    assert mag.rate_hz == 49
    assert gyr.rate_hz == Stream(gyr.values, gyr.time_s, gyr.channels).rate_hz


def test_cut_at_every_byte(tmp_path):
    """Readings before the cut are all there; none is wrong."""
    path = small_log(tmp_path / "whole", n_chunks=2)
    content = path.read_bytes()
    frames = find_frames(content).frames
    edges = {frame.stop + i for frame in frames for i in (-1, 0, 3, 4, 5)}
    cut = tmp_path / "cut"
    cut.write_bytes(content)
    for size in reversed(range(len(content) + 1)):
        os.truncate(cut, size)
        contents = scan_log(cut)
        check_values(contents)
        n_data = sum(
            frame.kind == b"D" and frame.stop + 4 <= size
            for frame in frames
            if frame.number > 1
        )
        assert contents.n_samples == 5 * n_data
        assert contents.is_whole == (size == len(content))
        if size % 50 and size not in edges:
            continue
        if contents.n_samples:
            assert read_damaged(cut).name == "whole"
        else:
            with pytest.raises(DataError, match="at least one whole batch"):
                read_damaged(cut)


@pytest.mark.parametrize(
    "step", [61, pytest.param(1, marks=pytest.mark.slow, id="all")]
)
def test_any_bit_flipped(tmp_path, step):
    """One flipped bit costs at most one batch, and never gives a wrong value."""
    content = bytearray(small_log(tmp_path / "whole").read_bytes())
    flipped = tmp_path / "flipped"
    n_whole = scan_log(tmp_path / "whole").n_samples
    for at in range(0, 8 * len(content), step):
        content[at // 8] ^= 1 << at % 8
        flipped.write_bytes(content)
        contents = scan_log(flipped)
        check_values(contents)
        assert n_whole - 5 <= contents.n_samples
        assert not contents.is_whole
        content[at // 8] ^= 1 << at % 8


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage(tmp_path_factory, data):
    """Cut out, doubled, overwritten: no exception, no wrong value."""
    folder = tmp_path_factory.mktemp("log")
    content = bytearray(small_log(folder / "whole").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        a, b = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
        how = data.draw(st.sampled_from(["remove", "double", "noise", "zeros"]))
        if how == "remove":
            del content[a:b]
        elif how == "double":
            content[b:b] = content[a:b]
        elif how == "zeros":
            content[a:b] = bytes(b - a)
        else:
            content[a : a + 20] = data.draw(st.binary(max_size=20))
    (folder / "damaged").write_bytes(content)
    contents = scan_log(folder / "damaged")
    check_values(contents)
    if contents.n_samples:
        read_damaged(folder / "damaged")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(b"HSDMLEZ"))
def test_any_content_in_whole_frames(tmp_path_factory, body, kind):
    """Frames that no writer of ours made are passed over."""
    path = tmp_path_factory.mktemp("log") / "a"
    path.write_bytes(MAGIC + pack(bytes([kind]), 0, body, b"salt"))
    assert scan_log(path).n_samples == 0


def test_damage_is_said(tmp_path):
    path = small_log(tmp_path / "a")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.warns(SensorharWarning, match="1 batches are damaged or missing"):
        read_log(path)
    path.write_bytes(small_log(tmp_path / "b").read_bytes()[:-10])
    with pytest.warns(SensorharWarning, match="not closed, as after a crash"):
        read_log(path)


def test_a_lost_stream_frame_is_repeated(tmp_path):
    path = small_log(tmp_path / "a")
    content = bytearray(path.read_bytes())
    first = next(f for f in find_frames(bytes(content)).frames if f.kind == b"S")
    content[first.begin] ^= 1
    path.write_bytes(content)
    with pytest.warns(SensorharWarning, match="damaged"):
        assert read_log(path).stream_of("acc_x").n_samples == 20


def test_headers_are_repeated_while_writing(tmp_path, monkeypatch):
    clock = iter(np.arange(0.0, 100.0, 1.0))
    monkeypatch.setattr(_log_writer, "monotonic", lambda: next(clock))
    with LogWriter(tmp_path / "a") as log:
        for i in range(25):
            log.write(chunk(5 * i))
    kinds = [f.kind for f in find_frames((tmp_path / "a").read_bytes()).frames]
    assert kinds.count(b"H") >= 4


def test_frames_of_another_log_are_left_out(tmp_path):
    """What lay on the disk before is not ours, however whole it is."""
    ours = small_log(tmp_path / "ours").read_bytes()
    with LogWriter(tmp_path / "old") as log:
        log.write(chunk(1000))
    path = tmp_path / "both"
    path.write_bytes(ours + (tmp_path / "old").read_bytes())
    contents = scan_log(path)
    check_values(contents)
    assert contents.n_samples == 40
    assert contents.n_skipped_bytes == len((tmp_path / "old").read_bytes())


def test_a_log_within_a_label_stays_text(tmp_path):
    """A sync word in a text does not begin a frame."""
    word = _log_frames.SYNC.decode("latin-1")
    with LogWriter(tmp_path / "a") as log:
        log.write(chunk(0))
        log.mark(0.0, word * 3)
    assert scan_log(tmp_path / "a").markers == [(0.0, word * 3)]


def test_late_and_repeated_samples(tmp_path):
    with LogWriter(tmp_path / "a") as log:
        for first in (0, 10, 5, 5):
            log.write(chunk(first))
    recording = read_log(tmp_path / "a")
    np.testing.assert_array_equal(recording.streams[0].time_s, np.arange(15) / 50)
    assert recording.metadata["n_repeated_times"] == 5


def test_channels_that_change_are_another_stream(tmp_path):
    with LogWriter(tmp_path / "a") as log:
        log.write(chunk(0))
        log.write(chunk(5, dtype="f8"))
        log.write(chunk(10, place="wrist"))
    one, two = read_log(tmp_path / "a").streams
    assert (one.n_samples, one.values.dtype) == (10, np.float64)
    assert two.channel_names == ("acc_x_2", "acc_y_2", "acc_z_2")


def test_labels_grow_and_gaps_stay(tmp_path):
    with LogWriter(tmp_path / "a") as log:
        log.write(chunk(0))
        log.label(0.0, 0.05, "walking")
        log.write(chunk(500))
        log.label(0.0, 10.0, "walking")
        log.label(11.0, 12.0, "after the end")
    recording = read_log(tmp_path / "a")
    assert [tuple(e)[:3] for e in recording.events] == [(0.0, 10.0, "walking")]
    assert recording.streams[0].n_samples == 10
    assert np.diff(recording.streams[0].time_s).max() == pytest.approx(9.92)


def test_a_label_that_ended_before_it_was_known_to(tmp_path):
    with LogWriter(tmp_path / "a") as log:
        log.write(chunk(0))
        log.write(chunk(500))
        log.label(0.0, 9.0, "standing")
        log.label(0.0, 8.8, "standing")
        log.label(8.8, 10.0, "walking")
    recording = read_log(tmp_path / "a")
    assert [tuple(e)[:3] for e in recording.events] == [
        (0.0, 8.8, "standing"),
        (8.8, 10.0, "walking"),
    ]


def test_notes_that_come_later(tmp_path):
    with LogWriter(tmp_path / "a", metadata={"phone": "x"}) as log:
        log.write(chunk(0))
        log.note({"battery": 80})
        log.note({"battery": 80})
        log.note({}, subject="ben")
    recording = read_log(tmp_path / "a")
    assert dict(recording.metadata) == {"phone": "x", "battery": 80}
    assert recording.subject == "ben"
    again = read_log(tmp_path / "a", subject="carla", name="walk")
    assert (again.subject, again.name) == ("carla", "walk")


def test_a_gzipped_log_is_read(tmp_path):
    content = gzip.compress(small_log(tmp_path / "a").read_bytes())
    (tmp_path / "a.gz").write_bytes(content)
    assert is_log(Source(tmp_path / "a.gz"))
    assert read_log(tmp_path / "a.gz").streams[0].n_samples == 20
    (tmp_path / "a.gz").write_bytes(content[:-30])
    check_values(scan_log(tmp_path / "a.gz"))


@pytest.mark.parametrize("content", [b"", b"time_s,acc_x\n0,1\n", MAGIC[:-1]])
def test_other_files_are_no_logs(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    assert not is_log(Source(tmp_path / "a"))
    with pytest.raises(DataError, match="a must hold at least one whole batch"):
        read_damaged(tmp_path / "a")


def test_a_log_without_its_first_line_is_known(tmp_path):
    path = small_log(tmp_path / "a")
    path.write_bytes(path.read_bytes()[3:])
    assert is_log(Source(path))


def test_a_later_version_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_log_writer, "VERSION", 2)
    small_log(tmp_path / "a")
    monkeypatch.undo()
    with pytest.raises(DataError, match=r"version 1 or before; it is of version 2"):
        read_log(tmp_path / "a")


def test_files_are_not_overwritten(tmp_path):
    path = small_log(tmp_path / "a")
    with pytest.raises(FileExistsError, match="pass overwrite=True"):
        LogWriter(path)
    with LogWriter(path, overwrite=True) as log:
        log.write(chunk(0))
    assert scan_log(path).n_samples == 5


def test_wrong_words_are_refused(tmp_path):
    with pytest.raises(ValueError, match="start of a log must have a time zone"):
        LogWriter(tmp_path / "a", start=datetime(2026, 9, 1))
    with LogWriter(tmp_path / "a") as log:
        with pytest.raises(ValueError, match=r"times in a log must be finite.*nan"):
            log.mark(float("nan"), "x")
        with pytest.raises(ValueError, match=r"stop after it starts; got 'walking'"):
            log.label(1.0, 1.0, "walking")
        with pytest.raises(ValueError, match=r"must have a word"):
            log.label(1.0, 2.0, "")
    with pytest.raises(ValueError, match="a must be open to be written; it is closed"):
        log.mark(0.0, "x")
    log.close()


class FullDisk:
    """A disk with so much room; stands in for os.write."""

    def __init__(self, room):
        self.room = room
        self.true_write = os.write

    def __call__(self, file, content):
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        n = min(self.room, len(content))
        self.room -= n
        return self.true_write(file, content[:n])


def test_a_full_disk_keeps_what_it_has_and_goes_on_when_there_is_room(
    tmp_path, monkeypatch
):
    disk = FullDisk(2000)
    monkeypatch.setattr(_log_writer.os, "write", disk)
    with LogWriter(tmp_path / "a") as log:
        for i in range(40):
            log.write(chunk(5 * i))
        assert "no room on the disk for a" in log.problem
        check_values(scan_log(tmp_path / "a"))
        assert 0 < scan_log(tmp_path / "a").n_samples < 200
        disk.room = 10**6
        log.sync()
        assert log.problem == ""
    assert scan_log(tmp_path / "a").n_samples == 200
    assert scan_log(tmp_path / "a").is_whole


def test_a_disk_that_stays_full(tmp_path, monkeypatch):
    monkeypatch.setattr(_log_writer.os, "write", FullDisk(1000))
    monkeypatch.setattr(_log_writer, "MAX_WAITING_BYTES", 2000)
    log = LogWriter(tmp_path / "a")
    while log._n_waiting_bytes < 1800:
        log.write(chunk(0))
    with pytest.raises(OSError, match=r"a must have room to grow; the disk is full"):
        log.write(chunk(0, n=50))
    with pytest.raises(OSError, match=r"room to grow|found no room"):
        log.close()
    check_values(scan_log(tmp_path / "a"))
    assert scan_log(tmp_path / "a").n_samples


def test_close_says_what_found_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(_log_writer.os, "write", FullDisk(1000))
    log = LogWriter(tmp_path / "a")
    for i in range(10):
        log.write(chunk(5 * i))
    with pytest.raises(OSError, match=r"a must be written whole; \d+ bytes at its end"):
        log.close()


def test_a_disk_that_fails_is_an_error(tmp_path, monkeypatch):
    log = LogWriter(tmp_path / "a")

    def fail(*_):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(_log_writer.os, "write", fail)
        with pytest.raises(OSError, match="Input/output error"):
            log.write(chunk(0))
    log.close()


@pytest.mark.skipif(not hasattr(os, "fdatasync"), reason="no fdatasync here")
def test_data_reach_the_disk_each_second(tmp_path, monkeypatch):
    now_s, synced = [0.0], []
    monkeypatch.setattr(_log_writer, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(_log_writer.os, "fdatasync", synced.append)
    with LogWriter(tmp_path / "a") as log:
        for i in range(50):
            now_s[0] = i / 10
            log.write(chunk(5 * i))
        assert len(synced) == 4
    with LogWriter(tmp_path / "b", sync_s=None) as log:
        for i in range(50):
            log.write(chunk(5 * i))
            now_s[0] += 1
        assert len(synced) == 5


WRITER = """
import sys
import numpy as np
from sensorhar import Stream
from sensorhar.io.log import LogWriter

log = LogWriter(sys.argv[1])
for i in range(10**9):
    number = np.arange(20 * i, 20 * i + 20)
    values = np.column_stack([number, -number, number / 3])
    log.write(Stream.of_sensor("gyroscope", values, number / 50, rate_hz=50))
    sys.stdout.buffer.write((i + 1).to_bytes(8, "little"))  # acknowledge
    sys.stdout.buffer.flush()
"""


def killed_at(path, n_acknowledged):
    """Kill a writer some time after so many batches; return how many it had."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE
    ) as writer:
        for _ in range(n_acknowledged):
            assert writer.stdout.read(8)
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read()
    return n_acknowledged + len(rest) // 8


def check_killed(path, seed):
    n_acknowledged = killed_at(path, random.Random(seed).randrange(1, 3000))
    contents = scan_log(path)
    check_values(contents)
    assert contents.n_lost_frames == 0
    assert contents.n_samples >= 20 * n_acknowledged
    np.testing.assert_array_equal(
        read_damaged(path).streams[0].time_s, np.arange(contents.n_samples) / 50
    )


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize("seed", range(3))
def test_kill_9_loses_nothing_acknowledged(tmp_path, seed):
    check_killed(tmp_path / "a", seed)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_kill_9_fifty_times(tmp_path):
    for seed in range(50):
        check_killed(tmp_path / f"{seed}", seed)


def test_frames_are_packed_as_documented():
    frame = pack(b"M", 7, b"{}", b"salt")
    assert frame[:17] == b"\xd7\x9aLGsaltM" + struct.pack("<II", 7, 2)
    assert len(frame) == 17 + 2 + 4
