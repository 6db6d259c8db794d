"""Tables of CoreMotion values: parts added, turned to the Android frame."""

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.io._source import Source
from sensorhar.io.core_motion import is_core_motion, read_core_motion
from tests.io._exports import START_NS, Walk, core_motion_text

WALK = Walk()


def write(folder, text):
    path = folder / "walk.csv"
    path.write_text(text, encoding="utf-8")
    return path


def camel(name):
    """Turn userAcceleration.x into motionUserAccelerationX(G)."""
    if "." not in name:
        return f"motion{name[0].upper()}{name[1:]}"
    what, axis = name.split(".")
    return f"motion{what[0].upper()}{what[1:]}{axis.upper()}(G)"


@pytest.mark.parametrize("time", ["timestamp", "timeIntervalSince1970"])
@pytest.mark.parametrize("rename", [str, camel, str.lower])
def test_values(tmp_path, time, rename):
    if rename is camel and time != "timestamp":
        return
    path = write(tmp_path, core_motion_text(WALK, time, rename))
    assert is_core_motion(Source(path))
    recording = read_core_motion(path, place="pocket", subject="anna")
    for name, expected in (
        ("acc", WALK.acc),
        ("lin", WALK.lin),
        ("grav", WALK.grav),
        ("gyr", WALK.gyr),
        ("mag", WALK.mag),
    ):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, expected, atol=1e-9)
        np.testing.assert_allclose(stream.time_s, WALK.seconds, atol=1e-6)
    if time != "timestamp":
        expected = pytest.approx(START_NS / 1e9, abs=1e-5)
        assert recording.start.timestamp() == expected
    assert recording.metadata["axes turned"] is True


def test_units_behind_the_names_and_milliseconds(tmp_path):
    def snake(name):
        what, _, axis = name.partition(".")
        what = what.replace("Acceleration", "_acceleration").replace("Rate", "_rate")
        unit = {"u": "_g", "g": "_g", "r": "_rad_s", "m": "_uT"}.get(what[0], "")
        return f"{what}_{axis}{unit}" if axis else "timestamp_ms"

    text = core_motion_text(WALK, rename=snake)
    lines = text.splitlines()
    rows = [line.split(",", 1) for line in lines[1:]]
    rows = [f"{1000 * float(first):.3f},{rest}" for first, rest in rows]
    path = write(tmp_path, "\n".join([lines[0], *rows]))
    assert is_core_motion(Source(path))
    recording = read_core_motion(path)
    for name in ("acc", "lin", "grav", "gyr", "mag"):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, getattr(WALK, name), atol=1e-9)
        np.testing.assert_allclose(stream.time_s, WALK.seconds, atol=1e-6)


def test_the_sum_beside_the_turn(tmp_path):
    head = ["timestamp"]
    head += [
        f"{what}{axis}" for what in ("acceleration", "rotationRate") for axis in "XYZ"
    ]
    rows = [f"{i / 50},0,0,-1,0.1,0,0" for i in range(100)]
    path = write(tmp_path, "\n".join([",".join(head), *rows]))
    assert is_core_motion(Source(path))
    recording = read_core_motion(path)
    np.testing.assert_allclose(recording.stream_of("acc_x").values[0], [0, 0, 9.80665])
    assert recording.stream_of("gyr_x").values[0, 0] == 0.1


def test_both_parts_turn(tmp_path):
    """Starting to move right raises acc_x on Android; Apple tells it as minus."""
    head = "timestamp,userAcceleration.x,userAcceleration.y,userAcceleration.z,"
    head += "gravity.x,gravity.y,gravity.z"
    rows = [f"{i / 50},-0.5,0,0,0,0,-1" for i in range(100)]
    recording = read_core_motion(write(tmp_path, "\n".join([head, *rows])))
    np.testing.assert_allclose(
        recording.stream_of("acc_x").values[0], [4.903325, 0, 9.80665]
    )


def test_parts_converted_to_si_by_the_app(tmp_path):
    head = "timestamp,userAcceleration.x,userAcceleration.y,userAcceleration.z,"
    head += "gravity.x,gravity.y,gravity.z"
    rows = [f"{i / 50},-5,0,0,0,0,-9.8" for i in range(100)]
    recording = read_core_motion(write(tmp_path, "\n".join([head, *rows])))
    np.testing.assert_allclose(recording.stream_of("acc_x").values[0], [5, 0, 9.8])


def test_rows_without_times(tmp_path):
    path = write(tmp_path, core_motion_text(WALK, None))
    assert is_core_motion(Source(path))
    with pytest.raises(DataError, match=r"column timestamp \(or pass rate_hz"):
        read_core_motion(path)
    recording = read_core_motion(path, rate_hz=100)
    np.testing.assert_allclose(recording.stream_of("acc_x").time_s, WALK.seconds)
    with pytest.raises(ValueError, match="rate_hz"):
        read_core_motion(path, rate_hz=0)


def test_dates_and_milliseconds(tmp_path):
    head = "timestamp,userAcceleration.x,userAcceleration.y,userAcceleration.z,"
    head += "rotationRate.x,rotationRate.y,rotationRate.z"
    for stamp in ("2025-12-01T10:41:{:06.3f}Z", "{}"):
        rows = [
            f"{stamp.format(4 + i / 50) if '-' in stamp else 1764585664000 + 20 * i}"
            ",0,0,0.1,1,2,3"
            for i in range(100)
        ]
        recording = read_core_motion(write(tmp_path, "\n".join([head, *rows])))
        assert recording.start.isoformat() == "2025-12-01T10:41:04+00:00"
        names = recording.channel_names
        assert "acc_x" not in names
        assert {"lin_x", "gyr_x"} <= set(names)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("9000.25,", "start,", "'timestamp' of walk.csv .* got 'start' in row 1"),
        ("\n9000.25,", "\n,", "a time in each row; got nan in row 1"),
        ("9000.25,", "9000.25,zero,", "fields a line"),
    ],
)
def test_broken_tables(tmp_path, old, new, message):
    text = core_motion_text(WALK)
    with pytest.raises(DataError, match=message):
        read_core_motion(write(tmp_path, text.replace(old, new)))


def test_nothing_in_it(tmp_path):
    for text in ("", "timestamp,a\n1,2\n"):
        with pytest.raises(DataError, match="must hold readings"):
            read_core_motion(write(tmp_path, text))


def test_others_are_not_recognised(tmp_path):
    for text in ("time,seconds_elapsed,userAccelerationX,gravityX\n", "t,acc_x\n", ""):
        assert not is_core_motion(Source(write(tmp_path, text)))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, seed):
    takes_broken(read_core_motion, core_motion_text(Walk(40)).encode(), seed)
