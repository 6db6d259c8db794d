"""Gaps are told, stillness is none, and a clock that jumps costs nothing."""

import numpy as np
import pytest

from sensorhar import Stream
from sensorhar.collect._stream_line import StreamLine

YEAR_S = 365 * 86400.0


def chunk(times, kind="gyroscope"):
    n = {"gyroscope": 3, "gps": 6, "heart_rate": 1}[kind]
    return Stream.of_sensor(kind, np.zeros((len(times), n)), times)


def follow(line, times, n=5, now=None, kind="gyroscope"):
    """Place samples chunk by chunk; return all times and remarks."""
    placed, remarks = [], []
    for i in range(0, len(times), n):
        part = times[i : i + n]
        chunks, markers = line.place(
            chunk(part, kind),
            part[-1] if now is None else now[min(i + n, len(now)) - 1],
        )
        placed += [one.time_s for one in chunks]
        remarks += markers
    return np.concatenate(placed), remarks


@pytest.mark.parametrize("n", [1, 2, 5, 500])
def test_gaps_are_told_where_they_are(n):
    times = np.delete(np.arange(500) / 50, [*range(100, 150), *range(300, 400)])
    line = StreamLine("gyr_x")
    placed, remarks = follow(line, times, n)
    np.testing.assert_array_equal(placed, times)
    assert [(m.time_s, m.text) for m in remarks] == [
        (99 / 50, "gap gyr_x 1.020 s"),
        (299 / 50, "gap gyr_x 2.020 s"),
    ]
    assert (line.n_gaps, line.gap_s) == (2, pytest.approx(3.04))


def test_jitter_and_stillness_are_no_gaps():
    rng = np.random.default_rng(0)
    times = np.arange(2000) / 50 + rng.uniform(0, 0.015, 2000)
    bursts = np.repeat(np.arange(500) * 0.044, 2) + np.tile([0, 0.001], 500)
    for clock in (times, bursts):
        assert follow(StreamLine("a"), clock)[1] == []


def test_gps_that_is_silent_is_no_gap():
    times = np.array([0, 1, 2, 3, 4, 5, 6, 7, 60, 61.0])
    assert follow(StreamLine("a"), times, kind="gps")[1] == []


def test_silence_until_the_end():
    line = StreamLine("a")
    follow(line, np.arange(50) / 50)
    assert line.gap_until(1.0) == []
    (marker,) = line.gap_until(21.0)
    assert marker.text == "gap a 20.020 s until the end"


@pytest.mark.parametrize("jump_s", [50 * YEAR_S, 3600.0, -50 * YEAR_S, -60.0])
@pytest.mark.parametrize("at", [100, 102])
def test_a_clock_that_jumps_goes_on_from_the_arrival(jump_s, at):
    true = np.arange(200) / 50
    times = true.copy()
    times[at:] += jump_s
    if at == 102 and jump_s < 0:  # not within a chunk: a Stream refuses that
        times = np.concatenate([true[:100], true[100:] + jump_s])
        at = 100
    line = StreamLine("a")
    placed, remarks = follow(line, times, now=true)
    assert len(placed) == 200
    assert (np.diff(placed) > 0).all()
    np.testing.assert_allclose(placed, true, atol=0.1)
    (marker,) = remarks
    assert "clock of a jumped by" in marker.text
    assert f"{jump_s:.6g}"[:4] in marker.text
    assert line.n_jumps == 1


def test_a_clock_that_jumps_back_again():
    true = np.arange(300) / 50
    times = true.copy()
    times[100:200] += YEAR_S
    placed, _ = follow(StreamLine("a"), times, now=true)
    assert (np.diff(placed) > 0).all()
    np.testing.assert_allclose(placed, true, atol=0.2)


def test_a_stream_that_begins_years_off():
    true = np.arange(100) / 50
    for off_s in (1.7e9, -YEAR_S):
        placed, (marker,) = follow(StreamLine("a"), true + off_s, now=true)
        np.testing.assert_allclose(placed, true, atol=1e-4)
        assert "jumped" in marker.text


def test_late_chunks_are_kept_as_they_are():
    line = StreamLine("a")
    follow(line, np.arange(100) / 50)
    late = chunk(np.arange(50, 55) / 50 + 0.001)
    ((same,), markers) = line.place(late, 2.0)
    assert same is late
    assert markers == []
    assert line.last_s == 99 / 50
