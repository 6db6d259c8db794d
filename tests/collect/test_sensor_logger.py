"""Sensor Logger's messages posted in order, swapped, twice and broken."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

import sensorhar.collect.sensor_logger as module
from sensorhar.collect.sensor_logger import SensorLoggerSource
from sensorhar.units import STANDARD_GRAVITY

aiohttp = pytest.importorskip("aiohttp", reason="the extra 'phone' is not installed")

START_NS = 1_698_501_144_401_773_000
LOCAL = {"host": "127.0.0.1", "port": 0, "wait_s": 0.15}


def reading(name, stamp_ns, accuracy=None, **values):
    one = {"name": name, "time": stamp_ns, "values": values}
    return one if accuracy is None else one | {"accuracy": accuracy}


def message(number, payload, session="s1", device="d1"):
    return {
        "messageId": number,
        "sessionId": session,
        "deviceId": device,
        "payload": payload,
    }


def batch(number, *, n=20, rate_hz=100, name="totalacceleration", **fields):
    """Return message ``number`` of a recording: n samples, z counts them."""
    first = number * n
    rows = [
        reading(
            name,
            START_NS + (first + i) * 10**9 // rate_hz,
            3,
            x=0.0,
            y=0.5,
            z=9.0 + (first + i) / 1000,
        )
        for i in range(n)
    ]
    return message(number, rows, **fields)


def listen(bodies, *, path="/data", pause_s=0.0, expect=None, **settings):
    """Post bodies to a source; return chunks, markers, state, source and answers."""

    async def run():
        source = SensorLoggerSource(**(LOCAL | settings))
        answers = []
        async with source, aiohttp.ClientSession() as session:
            for body in bodies:
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                address = f"http://127.0.0.1:{source.port}{path}"
                async with session.post(address, data=data) as answer:
                    answers.append((answer.status, await answer.text()))
            if pause_s:
                await asyncio.sleep(pause_s)
            state = source.state()
            source.stop()
            chunks = [chunk async for chunk in source]
            return chunks, source.take_markers(), state, source, answers

    return asyncio.run(run())


def joined(chunks, name="acc_x"):
    parts = [chunk for chunk in chunks if chunk.channel_names[0] == name]
    return (
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.values for part in parts]),
    )


def stream(state, name):
    return next(one for one in state.streams if one.name == name)


def test_batches_in_order():
    chunks, _, state, _, answers = listen([batch(i) for i in range(10)])
    assert answers == [(200, "ok")] * 10
    time_s, values = joined(chunks)
    assert values[:, 2] == pytest.approx(9 + np.arange(200) / 1000)
    assert np.diff(time_s) == pytest.approx(0.01, abs=0.006)
    assert time_s[-1] < 5
    assert chunks[0].channels[0].has_gravity is True
    acc = stream(state, "acc_x")
    assert (acc.n_samples, acc.n_lost, acc.n_bad) == (200, 0, 0)
    assert state.is_connected
    assert len(state.streams) == 1


def test_swapped_and_repeated_messages_lose_nothing():
    order = [1, 0, 2, 4, 4, 3, 2, 5, 7, 6, 0]
    chunks, _, state, _, answers = listen([batch(i) for i in order])
    assert {status for status, _ in answers} == {200}
    _, values = joined(chunks)
    assert values[:, 2] == pytest.approx(9 + np.arange(160) / 1000)
    messages = stream(state, "messages")
    assert (messages.n_lost, messages.n_duplicates) == (0, 3)
    assert messages.n_reordered == 3


def test_a_lost_message_is_waited_for_and_then_counted():
    chunks, markers, state, _, _ = listen(
        [batch(i, n=100, rate_hz=50) for i in (0, 1, 3)], pause_s=0.4
    )
    _, values = joined(chunks)
    assert len(values) == 300
    assert stream(state, "messages").n_lost == 1
    assert stream(state, "acc_x").n_lost == 100
    assert any("gap 2.02 s in acc_x" in marker.text for marker in markers)


def test_the_first_messages_may_be_overtaken():
    chunks, _, state, _, _ = listen([batch(i) for i in (2, 0, 1)])
    assert joined(chunks)[1][:, 2] == pytest.approx(9 + np.arange(60) / 1000)
    assert stream(state, "messages").n_lost == 0


def test_nothing_waits_when_it_is_stopped():
    chunks, _, _, _, _ = listen([batch(i) for i in (0, 1, 3)], wait_s=60)
    assert len(joined(chunks)[1]) == 60


def test_begun_in_the_middle_of_a_recording():
    chunks, _, _, _, _ = listen([batch(i) for i in (500, 501)])
    assert len(joined(chunks)[1]) == 40


def test_a_new_session_starts_over():
    later = START_NS + 60 * 10**9
    bodies = [
        batch(0),
        batch(1),
        message(0, [reading("gravity", later, 3, x=0, y=0, z=9.8)], session="s2"),
    ]
    chunks, markers, _, _, _ = listen(bodies)
    assert len(joined(chunks, "grav_x")[1]) == 1
    assert any(marker.text == "the sender's clock was set" for marker in markers)


def test_a_clock_that_jumps_by_years():
    bodies = [batch(i, rate_hz=1000) for i in range(6)]
    for body in bodies[2:4]:
        for row in body["payload"]:
            row["time"] -= 5 * 365 * 86_400 * 10**9
    chunks, markers, _, _, _ = listen(bodies)
    time_s, values = joined(chunks)
    assert len(values) == 120
    assert (np.diff(time_s) > 0).all()
    assert 0 < time_s[-1] - time_s[0] < 5
    assert sum("clock was set" in marker.text for marker in markers) == 2


def test_stamps_are_exact():
    rows = [
        reading("gyroscope", START_NS + 37_037 * i, 3, x=i, y=0, z=0) for i in range(9)
    ]
    chunks, _, _, _, _ = listen([message(0, rows)])
    assert np.diff(chunks[0].time_s) == pytest.approx(37_037e-9, abs=1e-11)


#: What a phone measures: forces along its axes as Android has them.
LIN, GRAV = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.4, 9.7])


def moving(sign, unit=1.0):
    lin, grav = sign * LIN, sign * GRAV
    stamps = [START_NS + i * 10**7 for i in range(50)]
    return [
        *(
            reading("accelerometer", t, x=lin[0], y=lin[1], z=lin[2])
            for t in stamps[:40]
        ),
        *(reading("gravity", t, x=grav[0], y=grav[1], z=grav[2]) for t in stamps),
        *(
            reading(
                "accelerometeruncalibrated",
                t,
                x=(lin + grav)[0] / unit,
                y=(lin + grav)[1] / unit,
                z=(lin + grav)[2] / unit,
            )
            for t in stamps
        ),
        *(reading("gyroscope", t, x=0.1, y=0.2, z=0.3) for t in stamps),
        *(reading("magnetometer", t, x=20, y=-5, z=-40) for t in stamps),
        *(
            reading("barometer", t, pressure=1013.25, relativeAltitude=0)
            for t in stamps
        ),
        *(reading("orientation", t, qw=1, qx=0, qy=0, qz=0, yaw=0) for t in stamps),
    ]


@pytest.mark.parametrize(
    ("platform", "is_standardised", "sign", "has_orientation"),
    [
        ("android", False, 1.0, True),
        ("ios", False, -1.0, False),
        ("ios", True, 1.0, True),
    ],
)
def test_axes_are_those_of_android(platform, is_standardised, sign, has_orientation):
    rest = [
        reading(
            "accelerometer", START_NS + i * 10**7, x=sign * 1, y=-2 * sign, z=sign / 2
        )
        for i in range(40, 50)
    ]
    chunks, _, _, _, _ = listen(
        [message(0, moving(sign)), message(1, rest)],
        platform=platform,
        is_standardised=is_standardised,
    )
    names = {chunk.channel_names[0] for chunk in chunks}
    assert ("quat_w" in names) == has_orientation
    _, total = joined(chunks)
    assert total == pytest.approx(np.tile(LIN + GRAV, (50, 1)))
    assert joined(chunks, "lin_x")[1] == pytest.approx(np.tile(LIN, (50, 1)))
    assert joined(chunks, "grav_x")[1] == pytest.approx(np.tile(GRAV, (50, 1)))
    assert joined(chunks, "gyr_x")[1][0] == pytest.approx([0.1, 0.2, 0.3])
    assert joined(chunks, "mag_x")[1][0] == pytest.approx([20, -5, -40])
    assert joined(chunks, "pressure_pa")[1][0] == pytest.approx([101_325])


def test_raw_acceleration_of_an_iphone_is_in_g():
    rows = [
        row
        for row in moving(-1.0, unit=STANDARD_GRAVITY)
        if row["name"] == "accelerometeruncalibrated"
    ]
    chunks, _, _, _, _ = listen([message(0, rows)], platform="ios")
    assert joined(chunks)[1] == pytest.approx(np.tile(LIN + GRAV, (50, 1)))


def test_the_same_as_the_export_of_the_app(tmp_path):
    from sensorhar.io import read_sensor_logger

    rows = moving(-1.0)
    table = {"accelerometer": "Accelerometer", "gravity": "Gravity"}
    for name, title in table.items():
        lines = ["time,seconds_elapsed,z,y,x"]
        for row in (row for row in rows if row["name"] == name):
            v = row["values"]
            lines.append(f"{row['time']},0,{v['z']},{v['y']},{v['x']}")
        (Path(tmp_path) / f"{title}.csv").write_text("\n".join(lines))
    exported = read_sensor_logger(tmp_path, platform="ios")
    chunks, _, _, _, _ = listen([message(0, rows)], platform="ios")
    for name in ("lin_x", "grav_x"):
        assert joined(chunks, name)[1] == pytest.approx(exported.stream_of(name).values)


def test_only_android_tells_an_accuracy():
    accuracy = [reading("gravity", START_NS, 3, x=0, y=0, z=9.8)]
    none = [reading("gravity", START_NS, x=0, y=0, z=-9.8)]
    _, markers, _, _, _ = listen([message(0, accuracy)])
    assert not any("platform" in marker.text for marker in markers)
    _, markers, _, _, _ = listen([message(0, none)])
    assert any("taken for android" in marker.text for marker in markers)
    wrist = {f"{p}{a}": 0.1 for p in ("acceleration", "gravity") for a in "XYZ"}
    rows = [*none, reading("wristMotion", START_NS, **wrist)]
    chunks, _, _, _, _ = listen([message(0, rows)])
    assert joined(chunks, "grav_x")[1] == pytest.approx(np.array([[0, 0, 9.8]]))


def test_a_watch_and_a_place_on_earth():
    fix = {
        "latitude": 52.5,
        "longitude": 13.4,
        "altitude": 34.0,
        "speed": -1,
        "bearing": 90.0,
        "horizontalAccuracy": 5.0,
    }
    wrist = {
        "accelerationX": 0.0,
        "accelerationY": 0.5,
        "accelerationZ": 0.0,
        "gravityX": 0.0,
        "gravityY": 0.0,
        "gravityZ": -1.0,
        "rotationRateX": 1.0,
        "rotationRateY": 2.0,
        "rotationRateZ": 3.0,
    }
    rows = [
        reading("gravity", START_NS, 3, x=0, y=0, z=9.8),
        reading("location", START_NS, **fix),
        reading(
            "location", START_NS + 10**9, **(fix | {"latitude": 0, "longitude": 0})
        ),
        reading("wristMotion", START_NS, **wrist),
        reading("heartRate", START_NS, bpm=71),
    ]
    chunks, _, state, source, _ = listen([message(0, rows)], platform="ios")
    found = joined(chunks, "lat_deg")[1]
    assert found == pytest.approx(
        np.array([[52.5, 13.4, 34, np.nan, 90, 5]]), nan_ok=True
    )
    assert source.n_bad == 1
    assert joined(chunks, "wrist_acc_x")[1] == pytest.approx(
        STANDARD_GRAVITY * np.array([[0, -0.5, 1]]), abs=1e-12
    )
    assert joined(chunks, "wrist_gyr_x")[1] == pytest.approx(np.array([[1, 2, 3]]))
    assert joined(chunks, "hr_bpm")[1] == pytest.approx(np.array([[71]]))
    assert stream(state, "wrist_acc_x").n_samples == 1


def test_an_annotation_is_a_marker_at_its_time():
    rows = [*batch(0)["payload"], reading("annotation", START_NS + 10**8, text="sit")]
    chunks, markers, _, _, _ = listen([message(0, rows)])
    marker = next(marker for marker in markers if marker.text == "sit")
    assert marker.time_s == pytest.approx(joined(chunks)[0][10])


def test_several_phones():
    bodies = [
        batch(0, device="d1"),
        batch(0, device="d2"),
        batch(0, device="d3"),
    ]
    chunks, _, _, _, _ = listen(bodies, places={"d2": "wrist"})
    names = [chunk.channel_names[0] for chunk in chunks]
    assert names == ["acc_x", "wrist_acc_x", "phone3_acc_x"]
    many = [batch(0, device=f"d{i}") for i in range(40)]
    _, _, _, source, answers = listen(many)
    assert [status for status, _ in answers] == [200] * 32 + [400] * 8
    assert source.n_bad == 8


BAD_BODIES = [
    b"",
    b"\xff\xfe",
    b"[1, 2]",
    b"{" * 100_000,
    b'{"messageId": 0}',
    b'{"messageId": true, "payload": []}',
    b'{"messageId": -1, "payload": []}',
    b'{"messageId": 1e99, "payload": []}',
    b'{"messageId": 0, "payload": {"name": "gravity"}}',
]
BAD_READINGS = [
    7,
    {},
    {"name": "gravity"},
    {"name": 5, "time": START_NS, "values": {}},
    {"name": "gravity", "time": "x", "values": {"x": 1}},
    {"name": "gravity", "time": 10**40, "values": {"x": 1}},
    {"name": "gravity", "time": START_NS, "values": [1, 2, 3]},
    {"name": "gravity", "time": START_NS, "values": {"x": "a", "y": {}, "z": [1]}},
    {"name": "gravity", "time": START_NS, "values": {"x": 10**400, "y": 0, "z": 0}},
    {"name": "gravity", "time": START_NS, "values": {"q": 1}},
    {"name": "location", "time": START_NS, "values": {"latitude": 500}},
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_no_message_is_refused_and_counted(body):
    chunks, _, state, source, answers = listen([body, batch(0)])
    assert answers[0] == (400, "This is no message of Sensor Logger.")
    assert answers[1][0] == 200
    assert len(joined(chunks)[1]) == 20
    assert source.n_bad == stream(state, "messages").n_bad == 1


def test_bad_readings_leave_the_good_ones():
    payload = [*BAD_READINGS, *batch(0)["payload"]]
    chunks, _, _, source, answers = listen([message(0, payload), batch(1)])
    assert [status for status, _ in answers] == [200, 200]
    assert len(joined(chunks)[1]) == 40
    assert source.n_bad == len(BAD_READINGS)


def test_a_message_too_large(monkeypatch):
    monkeypatch.setattr(module, "MAX_MESSAGE_BYTES", 10_000)
    _, _, _, source, answers = listen([batch(0, n=1000), batch(1, n=10)])
    assert answers[0] == (413, "Push in shorter batches.")
    assert answers[1][0] == 200
    assert source.n_bad == 1


def test_a_stranger_without_the_token():
    _, _, _, source, answers = listen([batch(0)], token="x7Qk2")
    assert answers == [(403, "The address must end in the token.")]
    assert source.n_bad == 1
    _, _, _, _, answers = listen([batch(0)], token="x7Qk2", path="/data/x7Qk2")
    assert answers == [(200, "ok")]


def test_it_opens_again_from_nothing():
    async def run():
        source = SensorLoggerSource(**LOCAL)
        for _ in range(2):
            async with source, aiohttp.ClientSession() as session:
                address = f"http://127.0.0.1:{source.port}/"
                await session.post(address, json=batch(0))
                source.stop()
                assert sum([chunk.n_samples async for chunk in source]) == 20
            assert not source.state().is_connected

    asyncio.run(run())


def test_a_port_that_is_taken():
    async def run():
        async with SensorLoggerSource(**LOCAL) as first:
            second = SensorLoggerSource(host="127.0.0.1", port=first.port)
            with pytest.raises(OSError, match="in use"):
                await second.__aenter__()

    asyncio.run(run())


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="port must be a whole number.*got 70000"):
        SensorLoggerSource(port=70_000)
    with pytest.raises(ValueError, match="platform must be one of.*got 'linux'"):
        SensorLoggerSource(platform="linux")
    with pytest.raises(ValueError, match="wait_s must be a number of s above 0"):
        SensorLoggerSource(wait_s=0)
