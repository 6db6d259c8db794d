"""What a log survives, what it costs, and what a recorder keeps up with."""

import asyncio
import math
import tempfile
import warnings
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from sensorhar import Recording, Stream
from sensorhar.collect.recorder import record
from sensorhar.collect.replay import ReplaySource
from sensorhar.errors import SensorharWarning
from sensorhar.io.log import LogWriter, read_log, scan_log
from tests.benchmarks.row import Row
from tests.io.test_log import check_values, killed_at, small_log

N_KILLS = 50
N_BATCHES = 2000
N_TOGETHER = 20  # samples of 8 channels in a batch, 2000 samples/s, as in the anchor


def log_of_a_killed_writer() -> list[Row]:
    """Kill a writer with -9 at a random moment, 50 times."""
    rng = np.random.default_rng(0)
    n_lost = n_unreadable = 0
    with tempfile.TemporaryDirectory() as folder:
        for i in range(N_KILLS):
            path = Path(folder) / f"{i}"
            n_acknowledged = killed_at(path, int(rng.integers(1, 3000)))
            contents = scan_log(path)
            check_values(contents)
            n_lost += max(0, 20 * n_acknowledged - contents.n_samples)
            n_unreadable += contents.n_samples == 0
    return [
        Row.at_most("kill -9, acknowledged samples lost", n_lost, "", 0),
        Row.at_most("kill -9, logs that cannot be read", n_unreadable, "of 50", 0),
    ]


def log_that_is_damaged() -> list[Row]:
    """Cut a log at every byte, and flip every bit of it."""
    n_wrong = n_cuts = n_flips = worst = 0
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", SensorharWarning)
        whole = small_log(Path(folder) / "whole", n_chunks=2)
        n_whole = scan_log(whole).n_samples
        content, path = bytearray(whole.read_bytes()), Path(folder) / "damaged"

        def is_wrong() -> bool:
            try:
                check_values(scan_log(path))
            except AssertionError:
                return True
            return False

        for size in range(len(content)):
            path.write_bytes(content[:size])
            n_wrong += is_wrong()
            n_cuts += 1
        for at in range(8 * len(content)):
            content[at // 8] ^= 1 << at % 8
            path.write_bytes(content)
            n_wrong += is_wrong()
            worst = max(worst, n_whole - scan_log(path).n_samples)
            n_flips += 1
            content[at // 8] ^= 1 << at % 8
    return [
        Row.at_most(
            f"log cut {n_cuts} times, {n_flips} bits flipped: wrong values",
            n_wrong,
            "",
            0,
        ),
        Row.at_most("log with a flipped bit, samples lost at most", worst, "", 5),
    ]


def log_in_bytes_and_time() -> list[Row]:
    """Write batches of 20 samples of 8 channels, as a CSV with flush does."""
    values = np.random.default_rng(0).normal(size=(N_TOGETHER, 8)).astype("f4")
    gyr = Stream.of_sensor("gyroscope", values[:, :3], np.arange(N_TOGETHER) / 2000)
    channels = [gyr.channels[0].__class__(f"c{i}", "1") for i in range(8)]
    steps = np.arange(N_TOGETHER) / 2000
    chunks = [
        Stream(values, i / 100 + steps, channels, rate_hz=2000)
        for i in range(N_BATCHES)
    ]
    n_samples = N_BATCHES * N_TOGETHER
    with tempfile.TemporaryDirectory() as folder:
        path, table = Path(folder) / "log", Path(folder) / "table.csv"
        writing = []
        with LogWriter(path) as log:
            for chunk in chunks:
                begin_s = perf_counter()
                log.write(chunk)
                writing.append(perf_counter() - begin_s)
        begin_s = perf_counter()
        with table.open("w") as file:
            for chunk in chunks:
                for time_s, row in zip(chunk.time_s, chunk.values, strict=True):
                    file.write(",".join(map(repr, [time_s, *row.tolist()])) + "\n")
                file.flush()
        csv_s = (perf_counter() - begin_s) / N_BATCHES
        size, csv_size = path.stat().st_size, table.stat().st_size
        begin_s = perf_counter()
        assert read_log(path).streams[0].n_samples == n_samples
        reading_s = perf_counter() - begin_s
    return [
        Row.at_most(
            "log, bytes of a sample of 8 channels",
            size / n_samples,
            "B",
            45,
            {"name": "CSV + flush", "value": csv_size / n_samples},
        ),
        Row.at_most(
            "log, write a batch, mean",
            1e6 * float(np.mean(writing)),
            "us",
            1000,
            {"name": "CSV + flush", "value": 1e6 * csv_s},
        ),
        Row.at_most(
            "log, write a batch, p99", 1e3 * np.percentile(writing, 99), "ms", 5
        ),
        Row.at_least("log, read", n_samples / reading_s / 1e6, "M samples/s", 0.5),
    ]


def recorder_under_load() -> list[Row]:
    """Record 8 devices of 100 Hz, one chunk for each sample, in real time."""
    seconds, rate_hz = 10, 100
    times = np.arange(seconds * rate_hz) / rate_hz
    values = np.ones((len(times), 3))
    sources = []
    for i in range(8):
        stream = Stream.of_sensor("gyroscope", values, times, rate_hz=rate_hz)
        source = ReplaySource(Recording([stream]), chunk_s=1 / rate_hz)
        source.name = f"device{i}"
        sources.append(source)
    with tempfile.TemporaryDirectory() as folder:
        begin_s, used_s = perf_counter(), process_time()
        recording = asyncio.run(record(sources, path=Path(folder) / "log"))
        used_s = process_time() - used_s
        wall_s = perf_counter() - begin_s
    n_lost = 8 * len(times) - sum(stream.n_samples for stream in recording.streams)
    stream = Stream.of_sensor("gyroscope", np.ones((20_000, 3)), np.arange(2e4) / 1000)
    fast = ReplaySource(Recording([stream]), chunk_s=1e-3, speed=math.inf)
    with tempfile.TemporaryDirectory() as folder:
        begin_s = perf_counter()
        recording = asyncio.run(record(fast, path=Path(folder) / "log"))
        fast_s = perf_counter() - begin_s
    n_lost += 20_000 - recording.streams[0].n_samples
    return [
        Row.at_most("recorder, 8 x 100 chunks/s, samples lost", n_lost, "", 0),
        Row.at_most(
            "recorder, 8 x 100 chunks/s, share of a core", used_s / wall_s, "", 1
        ),
        Row.at_least("recorder, most chunks", 20_000 / fast_s, "chunks/s", 1000),
    ]


MEASUREMENTS = (
    log_of_a_killed_writer,
    log_that_is_damaged,
    log_in_bytes_and_time,
    recorder_under_load,
)
