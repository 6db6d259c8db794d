"""Lines of several apps over loopback, whole, cut, swapped and broken."""

import asyncio
import json
import socket

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.collect._line_formats import LineFormat
from sensorhar.collect.lines import HYPER_IMU, MAX_LINE_BYTES, LinesSource
from sensorhar.units import STANDARD_GRAVITY

LOCAL = {"host": "127.0.0.1", "port": 0}
START_MS = 1_518_819_953_744


def hyper(i):
    return f"{START_MS + 20 * i}, {i}, 0, 9.8, 0.1, 0.2, 0.3, 20, -5, -40"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("sensorhar.collect._reconnect.FIRST_S", 0.02)


def send(parts, *, n_samples=0, n_bad=0, **settings):
    """Send parts (bytes; floats wait) to a source; return what came."""

    async def run():
        source = LinesSource(**(LOCAL | settings))
        async with source, asyncio.timeout(5):
            address = ("127.0.0.1", source.port)
            if settings.get("transport") == "tcp":
                _, writer = await asyncio.open_connection(*address)
            else:
                writer = None
                out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for part in parts:
                if isinstance(part, float):
                    await asyncio.sleep(part)
                elif writer is not None:
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(0)
                else:
                    out.sendto(part, address)
            if writer is not None:
                writer.close()
            else:
                out.close()
            chunks = []
            while sum(chunk.n_samples for chunk in chunks) < n_samples:
                chunks.append(await anext(source))
            while source.n_bad < n_bad:
                await asyncio.sleep(0.01)
            state, markers = source.state(), source.take_markers()
        return chunks, markers, state, source

    return asyncio.run(run())


def joined(chunks, name="acc_x"):
    parts = [chunk for chunk in chunks if chunk.channel_names[0] == name]
    return (
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.values for part in parts]),
    )


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_hyper_imu(transport):
    lines = [b"Timestamp, Accelerometer.x, a, b, c, d, e, f, g, h\n"]
    lines += [hyper(i).encode() + b"\n" for i in range(50)]
    chunks, _, state, source = send(lines, n_samples=150, transport=transport)
    time_s, values = joined(chunks)
    assert values[:, 0].tolist() == list(range(50))
    assert np.diff(time_s) == pytest.approx(0.02, abs=0.011)
    assert joined(chunks, "gyr_x")[1][0].tolist() == [0.1, 0.2, 0.3]
    assert joined(chunks, "mag_x")[1][0].tolist() == [20, -5, -40]
    assert source.n_bad == 0
    assert [one.n_samples for one in state.streams] == [50, 50, 50]


def test_lines_cut_anywhere():
    text = "\r\n".join(hyper(i) for i in range(30)).encode()
    parts = [text[i : i + 7] for i in range(0, len(text), 7)]
    chunks, _, _, source = send(parts, n_samples=90, transport="tcp")
    assert joined(chunks)[1][:, 0].tolist() == list(range(30))
    assert source.n_bad == 0


def test_packets_lost_swapped_and_twice():
    order = [*range(25), 26, 25, 27, 27, *range(30, 60)]
    chunks, _, state, _ = send([hyper(i).encode() for i in order], n_samples=3 * 57)
    time_s, values = joined(chunks)
    assert (np.diff(time_s) > 0).all()
    assert len(values) in (57, 58)  # 26 and 25 are in order when one chunk holds both
    acc = state.streams[0]
    assert acc.n_duplicates == 1
    assert acc.n_lost in (2, 3)
    assert acc.n_reordered == 58 - len(values)


def test_columns_and_units():
    columns = ["", "acc_x", "acc_y", "acc_z", "time_s", "gyr_z"]
    lines = [f"a;0;0;1;{10 + i / 50};180;more".encode() for i in range(10)]
    chunks, _, _, _ = send(
        lines,
        n_samples=20,
        columns=columns,
        units={"accelerometer": "g", "gyroscope": "deg/s"},
        place="waist",
    )
    assert joined(chunks)[1][0] == pytest.approx([0, 0, STANDARD_GRAVITY])
    found = joined(chunks, "gyr_x")[1][0]
    assert found == pytest.approx([np.nan, np.nan, np.pi], nan_ok=True)
    assert chunks[0].place == "waist"
    assert np.diff(joined(chunks)[0]) == pytest.approx(0.02, abs=0.011)


def test_lines_without_a_time_are_stamped_as_they_come():
    parts = [part for i in range(6) for part in (f"{i},0,9.8".encode(), 0.02)]
    columns = ["acc_x", "acc_y", "acc_z"]
    chunks, _, _, _ = send(parts, n_samples=6, columns=columns)
    assert np.diff(joined(chunks)[0]) == pytest.approx(0.02, abs=0.02)


def test_a_header_names_the_columns():
    columns = {"ms": "time_ms", "az": "acc_z", "ay": "acc_y", "ax": "acc_x"}
    text = b"ax,ay,ms,az\n1,2,1000,3\n4,5,1020,6\n"
    chunks, _, _, _ = send([text], n_samples=2, columns=columns)
    assert joined(chunks)[1].tolist() == [[1, 2, 3], [4, 5, 6]]


JSON_LINES = {
    "HyperIMU": {
        "op": "hyperimu",
        "Timestamp": START_MS,
        "MPL_Accelerometer": [0.1, 0.2, 9.8],
        "Linear_Acceleration": [1, 2, 3],
        "Gravity": [0, 0, 9.8],
        "MPL_Gyroscope": [0.1, 0.2, 0.3],
        "GPS": [52.5, 13.4, 34.0],
        "Ambient_Light": [5, 0, 0],
    },
    "SensorStreamer": {
        "accelerometer": {"timestamp": 39_256_575_190_437, "value": [0.1, 0.2, 9.8]},
        "linear": {"timestamp": 39_256_575_190_437, "x": 1, "y": 2, "z": 3},
        "gravity": {"timestamp": 39_256_575_190_437, "value": [0, 0, 9.8]},
        "gyroscope": {"timestamp": 39_256_575_190_437, "value": [0.1, 0.2, 0.3]},
        "pressure": {"timestamp": 39_256_575_190_437, "value": 1013.25},
    },
}


@pytest.mark.parametrize("app", JSON_LINES)
@pytest.mark.parametrize("end", [b"\n", b""])
def test_json_of_apps(app, end):
    line = json.dumps(JSON_LINES[app]).encode() + end
    chunks, _, _, source = send([line], n_samples=5, transport="tcp")
    assert joined(chunks)[1][0].tolist() == [0.1, 0.2, 9.8]
    assert joined(chunks, "lin_x")[1][0].tolist() == [1, 2, 3]
    assert joined(chunks, "gyr_x")[1][0].tolist() == [0.1, 0.2, 0.3]
    if app == "HyperIMU":
        assert joined(chunks, "lat_deg")[1][0, :3].tolist() == [52.5, 13.4, 34.0]
    else:
        assert joined(chunks, "pressure_pa")[1][0] == pytest.approx([101_325])
    assert source.n_bad == 0


def test_json_of_sensagram():
    lines = [
        {
            "type": "android.sensor.gyroscope",
            "timestamp": 39_256_575_190_437 + 10**7 * i,
            "values": [i, 0.2, 0.3],
        }
        for i in range(5)
    ]
    chunks, _, _, _ = send([json.dumps(one).encode() for one in lines], n_samples=5)
    time_s, values = joined(chunks, "gyr_x")
    assert values[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert np.diff(time_s) == pytest.approx(0.01, abs=0.006)


def test_json_with_keys_of_ones_own():
    columns = {"t": "time_s", "ax": "acc_x", "ay": "acc_y", "az": "acc_z"}
    lines = [json.dumps({"t": i / 50, "ax": 0, "ay": 0, "az": 1}) for i in range(5)]
    chunks, _, _, _ = send(
        [line.encode() for line in lines],
        n_samples=5,
        columns=columns,
        units={"accelerometer": "g"},
    )
    assert joined(chunks)[1][0] == pytest.approx([0, 0, STANDARD_GRAVITY])


BAD = [
    b"no reading",
    b"1,2,3",
    b"x" * 5000,
    b"\xff\xfe\x00\x01",
    hyper(0).replace("9.8", "a").encode(),
    b"late" + hyper(0).encode(),
    b"{",
    b"{}",
    b'{"Timestamp": "x", "Accelerometer": [1, 2, 3]}',
    b'{"Timestamp": 5, "Accelerometer": [1, 2]}',
    b'{"Timestamp": 5, "Accelerometer": {"x": {}}}',
    b'{"type": "android.sensor.gyroscope", "timestamp": 5, "values": 7}',
    b'{"a":' * 10_000,
]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_bad_lines_are_counted(transport):
    parts = [
        *(one + b"\n" for one in BAD),
        *(hyper(i).encode() + b"\n" for i in (1, 2)),
    ]
    chunks, markers, state, source = send(
        parts, n_samples=6, n_bad=len(BAD), transport=transport
    )
    assert source.n_bad == len(BAD)
    assert state.streams[-1].n_bad == len(BAD)
    assert joined(chunks)[1][:, 0].tolist() == [1, 2]
    assert sum("left out b'no reading'" in marker.text for marker in markers) == 1


def test_a_line_that_never_ends():
    parts = [b"1" * MAX_LINE_BYTES] * 20 + [b"\n" + hyper(3).encode() + b"\n"]
    chunks, _, _, source = send(parts, n_samples=3, n_bad=1, transport="tcp")
    assert source.n_bad == 1
    assert joined(chunks)[1][:, 0].tolist() == [3]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:.0123x-aceim', max_size=40))
def test_whatever_a_line_holds_nothing_is_raised(line):
    line = line if isinstance(line, bytes) else line.encode()
    for columns in (HYPER_IMU, ["acc_x"], {"a": "acc_x", "": "time_s"}):
        LineFormat(columns, {}, None).read(line)


def test_it_connects_to_a_sender_again_and_again():
    async def run():
        n_served = 0

        async def serve(reader, writer):
            nonlocal n_served
            n_served += 1
            writer.write(hyper(n_served * 10).encode() + b"\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        source = LinesSource(connect_to=f"127.0.0.1:{port}", transport="tcp")
        async with server, source, asyncio.timeout(5):
            chunks = []
            while sum(chunk.n_samples for chunk in chunks) < 6:
                chunks.append(await anext(source))
            texts = [marker.text for marker in source.take_markers()]
        assert texts.count(f"connected to 127.0.0.1:{port}") >= 2
        assert f"lost 127.0.0.1:{port}" in texts
        assert joined(chunks)[1][:2, 0].tolist() == [10, 20]

    asyncio.run(run())


def test_a_sender_that_is_not_there():
    async def run():
        source = LinesSource(connect_to="127.0.0.1:9", transport="tcp")
        async with source:
            await asyncio.sleep(0.15)
            texts = [marker.text for marker in source.take_markers()]
            assert texts == ["no connection to 127.0.0.1:9: ConnectionRefusedError"]
            assert not source.state().is_connected

    asyncio.run(run())


def test_too_many_connections():
    async def run():
        async with LinesSource(transport="tcp", **LOCAL) as source, asyncio.timeout(5):
            writers = [
                (await asyncio.open_connection("127.0.0.1", source.port))[1]
                for _ in range(20)
            ]
            while source.n_bad < 4:
                await asyncio.sleep(0.01)
            for writer in writers:
                writer.close()
        assert source.n_bad == 4

    asyncio.run(run())


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="transport must be one of.*got 'serial'"):
        LinesSource(transport="serial")
    with pytest.raises(ValueError, match="transport must be 'tcp' with connect_to"):
        LinesSource(connect_to="a:80")
    with pytest.raises(ValueError, match="address must be host:port"):
        LinesSource(connect_to="a", transport="tcp")
    with pytest.raises(ValueError, match="columns must be one of.*got 'ax'"):
        LinesSource(columns=["ax"])
    with pytest.raises(ValueError, match="columns must differ"):
        LinesSource(columns=["acc_x", "acc_x"])
    with pytest.raises(ValueError, match="units must be one of.*got 'acc'"):
        LinesSource(units={"acc": "g"})
    with pytest.raises(ValueError, match="got 'fathoms'"):
        LinesSource(units={"accelerometer": "fathoms"})
    with pytest.raises(ValueError, match="json_time must be one of.*got 'min'"):
        LinesSource(json_time="min")
    with pytest.raises(ValueError, match="port must be a whole number.*got -1"):
        LinesSource(port=-1)
