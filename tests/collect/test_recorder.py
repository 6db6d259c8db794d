"""Recordings of one source and several, with labels, gaps, full disks and stops."""

import asyncio
import errno
import json
import math
import os
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sensorhar import Events, Stream
from sensorhar.collect import _book
from sensorhar.collect import recorder as recorder_module
from sensorhar.collect._book import Book
from sensorhar.collect.recorder import Recorder, record
from sensorhar.collect.simulated import SimulatedSource
from sensorhar.collect.source import Source, SourceState, StreamState
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io import _log_writer
from sensorhar.io._memory_log import MemoryLog
from sensorhar.io.log import LogWriter, read_log, scan_log


def chunk(first, n=5, kind="gyroscope", **options):
    number = np.arange(first, first + n)
    values = np.column_stack([number, -number, number / 3])
    return Stream.of_sensor(kind, values, number / 50, rate_hz=50, **options)


class FakeSource(Source):
    """Yield given chunks at once, on a line of its own; then end or wait."""

    def __init__(self, chunks=(), *, name="fake", has_end=True, marks=()):
        super().__init__()
        self.name = name
        self.chunks = list(chunks)
        self.has_end = has_end
        self.marks = marks
        self.is_closed = False
        self.line_s = 0.0

    async def _open(self):
        for one in self.chunks:
            self._put(one)
        for text in self.marks:
            self._mark(text)
        if self.has_end:
            self._end()

    async def _close(self):
        self.is_closed = True

    def now_s(self):
        return self.line_s

    async def __anext__(self):
        chunk = await super().__anext__()
        self.line_s = max(self.line_s, chunk.stop_s)
        return chunk

    def state(self):
        state = StreamState("gyr_x", 50.0, 5, n_lost=7, n_bad=1)
        return SourceState(self.name, not self.is_closed, (state,), n_dropped=2)


class LiveSource(FakeSource):
    """Send a chunk each 20 ms, stamped by the clock of this computer."""

    now_s = Source.now_s

    async def _open(self):
        self.task = asyncio.create_task(self._send())

    async def _send(self):
        last_s = -1.0
        while True:
            now_s = self.now_s()
            times = np.linspace(max(last_s, now_s - 0.02), now_s, 3)[1:]
            last_s = now_s
            if times[0] < times[-1]:
                self._put(Stream.of_sensor("gyroscope", np.ones((2, 3)), times))
            await asyncio.sleep(0.02)

    async def _close(self):
        self.task.cancel()
        await super()._close()


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 30))


def markers_of(recording):
    return [tuple(row) for row in json.loads(recording.metadata.get("markers", "[]"))]


@pytest.mark.parametrize("has_path", [True, False])
def test_what_comes_is_recorded_bit_for_bit(tmp_path, has_path):
    source = SimulatedSource("walk 10 s, sit 10 s", speed=math.inf, random_state=0)
    path = tmp_path / "anna.sensorlog" if has_path else None
    recording = run(record(source, path=path, subject="anna"))
    assert recording.subject == "anna"
    assert recording.start == source.start
    for mine, true in zip(recording.streams, source.recording.streams, strict=True):
        np.testing.assert_array_equal(mine.values, true.values)
        np.testing.assert_array_equal(mine.time_s, true.time_s)
        assert mine.rate_hz == true.rate_hz
    assert recording.events.labels.tolist() == source.recording.events.labels.tolist()
    assert recording.metadata["replayed"] == "simulated"
    if has_path:
        assert scan_log(path).is_whole


def test_the_truth_of_a_protocol_is_within_a_sample(tmp_path):
    source = FakeSource([chunk(5 * i) for i in range(100)])
    recording = run(
        record(source, path=tmp_path / "a", protocol="walk 3 s, pause 1 s, sit 2 s")
    )
    assert [tuple(event)[:3] for event in recording.events] == [
        (0.0, 3.0, "walk"),
        (4.0, pytest.approx(6.0, abs=1 / 50), "sit"),
    ]
    assert recording.stop_s == pytest.approx(6.0 - 1 / 50)


def test_a_label_and_a_duration():
    source = FakeSource([chunk(5 * i) for i in range(100)])
    recording = run(record(source, duration_s=2, label="walking"))
    (event,) = recording.events
    assert (event.label, event.start_s) == ("walking", 0.0)
    assert recording.streams[0].n_samples == 100
    assert source.is_closed


def test_gaps_are_written_and_not_filled(tmp_path):
    rows = [chunk(5 * i) for i in (*range(10), *range(40, 50))]
    recording = run(record(FakeSource(rows), path=tmp_path / "a"))
    assert recording.streams[0].n_samples == 100
    assert markers_of(recording) == [(0.98, "gap gyr_x 3.020 s")]
    assert recording.metadata["gyr_x n_gaps"] == 1
    assert recording.metadata["gyr_x gap_s"] == 3.02


def test_markers_counts_and_battery_reach_the_file(tmp_path):
    source = FakeSource([chunk(0)], marks=["connected"])
    recording = run(record(source, path=tmp_path / "a"))
    assert [text for _, text in markers_of(recording)] == ["connected"]
    assert recording.metadata["gyr_x n_lost"] == 7
    assert recording.metadata["gyr_x n_bad"] == 1
    assert recording.metadata["fake n_dropped_chunks"] == 2
    assert "gyr_x n_duplicates" not in recording.metadata


def test_labels_marks_and_the_end_may_come_from_elsewhere(tmp_path):
    async def act():
        source = FakeSource([], has_end=False)
        recorder = Recorder(source, path=tmp_path / "a", label="standing")
        task = asyncio.create_task(recorder.run())
        await asyncio.sleep(0.01)
        for i, label in ((0, None), (20, "walking"), (40, ""), (60, "sitting")):
            for first in range(i, i + 20, 5):
                source._put(chunk(first))
            while source._queue:
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            if label is not None:
                recorder.label(label)
                recorder.mark(f"now {label}")
        assert recorder.state().label == "sitting"
        source._put(chunk(80))
        await asyncio.sleep(0.01)
        state = recorder.state()
        recorder.stop()
        return state, await task

    state, recording = run(act())
    assert state.n_samples == 85
    assert state.elapsed_s == pytest.approx(84 / 50)
    assert [(e.label, e.start_s) for e in recording.events] == [
        ("standing", 0.0),
        ("walking", 39 / 50),
        ("sitting", 79 / 50),
    ]
    np.testing.assert_allclose(recording.events.stop_s, [0.78, 1.18, 1.68])
    assert [text for _, text in markers_of(recording)] == [
        *("now walking", "now ", "now sitting")
    ]


def test_several_sources_share_one_line():
    """What two devices read at one moment has one time; names do not clash."""

    class Late(LiveSource):
        async def _open(self):
            await asyncio.sleep(0.3)
            self._zero_s += 0.3  # a source whose 0 s is another
            await super()._open()

    first, second = LiveSource(name="Wrist 1"), Late(name="ankle")
    recording = run(record([first, second], duration_s=1))
    assert recording.channel_names == (
        *("wrist_1_gyr_x", "wrist_1_gyr_y", "wrist_1_gyr_z"),
        *("ankle_gyr_x", "ankle_gyr_y", "ankle_gyr_z"),
    )
    one, two = recording.streams
    assert abs(one.stop_s - two.stop_s) < 0.2
    assert first.is_closed
    assert second.is_closed


def test_sources_of_one_name_are_numbered():
    sources = [FakeSource([chunk(0)], name="imu"), FakeSource([chunk(0)], name="imu")]
    recording = run(record(sources))
    assert {n.rpartition("_gyr")[0] for n in recording.channel_names} == {
        *("imu1", "imu2")
    }


def test_names_that_a_source_made_stay_unless_they_clash():
    placed = chunk(0, place="wrist", prefix_place=True)
    sources = [FakeSource([placed], name="a"), FakeSource([placed], name="b")]
    recording = run(record(sources))
    assert {n.rpartition("_gyr")[0] for n in recording.channel_names} == {
        *("wrist", "source2_wrist")
    }


def test_events_of_a_source_are_written(tmp_path):
    source = FakeSource([chunk(5 * i) for i in range(20)])
    source.events = Events([0.5], [1.0], ["page_label"])
    source.metadata = {"phone1_agent": "x"}
    recording = run(record(source, path=tmp_path / "a"))
    assert [tuple(e)[:3] for e in recording.events] == [(0.5, 1.0, "page_label")]
    assert recording.metadata["phone1_agent"] == "x"


def test_what_a_source_says_is_shown_unless_it_is_said_here():
    source = FakeSource()
    source.events = Events([0.5, 2.0], [1.0, 3.0], ["standing", "walking"])
    recorder = Recorder(source)
    seen = []
    for source.line_s in (0.0, 0.7, 1.2, 1.7, 2.5):
        seen.append(recorder.state().label)
    assert seen == ["", "standing", "standing", "", "walking"]
    recorder.label("jumping")
    assert recorder.state().label == "jumping"


@pytest.mark.parametrize("is_on_disk", [True, False])
def test_a_tap_that_is_heard_of_late_ends_the_label_before_it(tmp_path, is_on_disk):
    """Up to now it was the old one; then it turns out that it had ended."""
    source = FakeSource()
    source.start = datetime.now(UTC)
    sink = LogWriter(tmp_path / "a") if is_on_disk else MemoryLog(start=source.start)
    book = Book(sink, [source], [0.0])
    sink.write(chunk(0))
    sink.write(chunk(220))
    source.events = Events([0.0], [4.3], ["standing"])
    book.look_after()
    source.events = Events([0.0, 4.2], [4.2, 4.4], ["standing", "walking"])
    book.look_after()
    sink.close()
    found = read_log(tmp_path / "a") if is_on_disk else sink.recording()
    spans = [tuple(event)[:3] for event in found.events]
    assert spans == [(0.0, 4.2, "standing"), (4.2, 4.4, "walking")]


def test_each_second_the_state_is_told_and_the_disk_synced(tmp_path, monkeypatch):
    clock = iter(np.arange(0, 1e6, 2.0))
    monkeypatch.setattr(recorder_module, "monotonic", lambda: next(clock))
    synced, states = [], []
    monkeypatch.setattr(_log_writer.os, "fsync", synced.append)
    monkeypatch.setattr(_log_writer.os, "fdatasync", synced.append, raising=False)
    run(
        record(
            LiveSource(),
            path=tmp_path / "a",
            duration_s=0.3,
            label="x",
            on_second=states.append,
        )
    )
    assert len(synced) >= 3
    assert states[-1].label == "x"
    assert states[-1].elapsed_s > 0.1
    assert states[-1].problem == ""


def test_labels_survive_a_kill_in_their_middle(tmp_path, monkeypatch):
    """A label that goes on is written each second, up to now."""
    clock = iter(np.arange(0, 1e6, 2.0))
    monkeypatch.setattr(recorder_module, "monotonic", lambda: next(clock))
    seen = []

    def look(_):
        seen.append(scan_log(tmp_path / "a").labels)

    run(
        record(
            LiveSource(), path=tmp_path / "a", duration_s=0.5, label="x", on_second=look
        )
    )
    (label,) = seen[-1]
    assert label[1] == "x"
    assert seen[-1][label] - label[0] > 0.1


def test_a_full_disk_ends_the_recording_and_keeps_it(tmp_path, monkeypatch):
    true_write, room = os.write, [20_000]

    def write(file, content):
        if room[0] < len(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        room[0] -= len(content)
        return true_write(file, content)

    monkeypatch.setattr(_log_writer.os, "write", write)
    monkeypatch.setattr(_log_writer, "MAX_WAITING_BYTES", 5000)
    source = FakeSource([chunk(5 * i) for i in range(2000)], has_end=False)
    with pytest.warns(SensorharWarning) as caught:
        recording = run(record(source, path=tmp_path / "a"))
    said = [str(warning.message) for warning in caught]
    assert any("the recording ended early: a must" in text for text in said)
    n = recording.streams[0].n_samples
    assert 200 < n < 2000
    np.testing.assert_array_equal(recording.streams[0].time_s, np.arange(n) / 50)
    assert source.is_closed


def test_a_disk_that_is_full_for_a_while_loses_nothing(tmp_path, monkeypatch):
    true_write, calls = os.write, []

    def write(file, content):
        calls.append(1)
        if 20 < len(calls) < 60:
            raise OSError(errno.ENOSPC, "No space left on device")
        return true_write(file, content)

    monkeypatch.setattr(_log_writer.os, "write", write)
    source = FakeSource([chunk(5 * i) for i in range(200)])
    recording = run(record(source, path=tmp_path / "a"))
    assert recording.streams[0].n_samples == 1000


def test_a_disk_that_fails_is_said(tmp_path, monkeypatch):
    true_write, calls = os.write, []

    def write(file, content):
        calls.append(1)
        if len(calls) > 50:
            raise OSError(errno.EIO, "Input/output error")
        return true_write(file, content)

    monkeypatch.setattr(_log_writer.os, "write", write)
    source = FakeSource([chunk(5 * i) for i in range(200)])
    with pytest.warns(SensorharWarning) as caught:
        recording = run(record(source, path=tmp_path / "a"))
    said = [str(warning.message) for warning in caught]
    assert any("ended early: Input/output error" in text for text in said)
    assert recording.streams[0].n_samples > 100


def test_a_device_clock_that_jumps_by_years(tmp_path):
    rows = [chunk(5 * i) for i in range(20)]
    far = [
        Stream(one.values, one.time_s + 1e9, one.channels, rate_hz=50)
        for one in (chunk(5 * i) for i in range(20, 40))
    ]

    class Jumping(FakeSource):
        async def __anext__(self):
            chunk = await Source.__anext__(self)
            self.line_s = min(self.line_s + 0.1, 4.0)
            return chunk

    recording = run(record(Jumping([*rows, *far]), path=tmp_path / "a"))
    (stream,) = recording.streams
    assert stream.n_samples == 200
    np.testing.assert_allclose(stream.time_s, np.arange(200) / 50, atol=0.1)
    assert recording.metadata["gyr_x n_clock_jumps"] == 1
    assert any("clock of gyr_x jumped by 1e+09" in t for _, t in markers_of(recording))


def test_a_wall_clock_that_is_set_is_remarked(monkeypatch):
    jump = [timedelta()]

    class Wall(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime.now(UTC) + jump[0]

    monkeypatch.setattr(_book, "datetime", Wall)
    clock = iter(np.arange(0, 1e6, 2.0))
    monkeypatch.setattr(recorder_module, "monotonic", lambda: next(clock))

    def set_wall(_):
        jump[0] = timedelta(days=4000)

    recording = run(record(LiveSource(), duration_s=0.5, on_second=set_wall))
    said = [text for _, text in markers_of(recording)]
    assert [text[:22] for text in said if "wall" in text] == ["wall clock moved by 34"]
    assert recording.duration_s < 1


def test_a_source_that_cannot_open_raises(tmp_path):
    class Broken(FakeSource):
        async def _open(self):
            raise OSError(errno.EADDRINUSE, "port 1 must be free")

    fine = FakeSource([chunk(0)], has_end=False)
    with pytest.raises(OSError, match="port 1 must be free"):
        run(record([fine, Broken()], path=tmp_path / "a"))
    assert fine.is_closed
    assert not (tmp_path / "a").exists()


def test_a_source_that_fails_leaves_the_others(tmp_path):
    class Failing(FakeSource):
        async def __anext__(self):
            raise ConnectionError("lost for good")

    others = FakeSource([chunk(0)], name="good")
    recording = run(record([others, Failing(name="bad")], path=tmp_path / "a"))
    assert [text for _, text in markers_of(recording)] == ["bad failed: lost for good"]
    with pytest.raises(ConnectionError, match="lost for good"):
        run(record(Failing(), path=tmp_path / "b"))


class Slow(FakeSource):
    """One that takes long to find."""

    has_let_go = False

    async def _open(self):
        try:
            await asyncio.sleep(1000)
        finally:
            self.has_let_go = True


def test_a_stop_while_a_source_opens(tmp_path):
    async def act():
        source = Slow()
        recorder = Recorder(source, path=tmp_path / "a")
        asyncio.get_running_loop().call_later(0.02, recorder.stop)
        with pytest.raises(DataError, match="fake must send readings; none came"):
            await recorder.run()
        return source

    assert run(act()).is_closed


def test_the_state_is_told_while_a_source_opens(monkeypatch):
    monkeypatch.setattr(recorder_module, "TELL_S", 0.01)
    states = []

    def look(state):
        states.append(state)
        if len(states) == 3:
            raise KeyError("enough")

    source = Slow()
    with pytest.raises(KeyError, match="enough"):
        run(record(source, on_second=look))
    assert (states[0].elapsed_s, states[0].n_samples) == (0.0, 0)
    assert not states[0].problem
    assert source.has_let_go
    assert source.is_closed


def test_a_callback_that_fails_leaves_a_whole_log(tmp_path, monkeypatch):
    clock = iter(np.arange(0, 1e6, 2.0))
    monkeypatch.setattr(recorder_module, "monotonic", lambda: next(clock))

    def fail(_):
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        run(record(LiveSource(), path=tmp_path / "a", on_second=fail))
    assert scan_log(tmp_path / "a").is_closed


def test_cancelling_leaves_a_whole_log(tmp_path):
    async def act():
        task = asyncio.create_task(record(LiveSource(), path=tmp_path / "a"))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(act())
    assert read_log(tmp_path / "a").streams[0].n_samples


def test_a_source_that_does_not_close_is_left(tmp_path, monkeypatch):
    class Stuck(FakeSource):
        async def _close(self):
            await asyncio.sleep(1000)

    monkeypatch.setattr(recorder_module, "CLOSE_S", 0.05)
    assert run(record(Stuck([chunk(0)]))).streams[0].n_samples == 5


def test_wrong_arguments(tmp_path):
    with pytest.raises(ValueError, match="record needs at least one source; got none"):
        run(record([]))
    with pytest.raises(ValueError, match="duration_s must be a number of s above 0"):
        run(record(FakeSource(), duration_s=0))
    with pytest.raises(ValueError, match="what happens must be said once; got label="):
        run(record(FakeSource(), label="a", protocol="b 1 s"))
    (tmp_path / "a").write_text("mine")
    with pytest.raises(FileExistsError, match="a exists"):
        run(record(FakeSource([chunk(0)]), path=tmp_path / "a"))
    assert (tmp_path / "a").read_text() == "mine"
    with pytest.raises(DataError, match="none came"):
        run(record(FakeSource([])))


def test_a_log_without_a_reading_is_not_left_behind(tmp_path):
    with pytest.raises(DataError, match="none came"):
        run(record(FakeSource([]), path=tmp_path / "a"))
    assert not list(tmp_path.iterdir())
