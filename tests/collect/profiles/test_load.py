"""Profiles of devices, by their names.

Vectors: mbientlab/MetaWear-SDK-Cpp, test_accelerometer_bmi160.py, test_gyro_bmi160.py,
test_magnetometer_bmm150.py; microbit-dal issue 355; Nordic DevZone question 47415; all
else is built from the documented layout.
"""

import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.collect.profiles import (
    BadPacketError,
    load_profile,
    profile_names,
    profile_path,
)
from sensorhar.data.stream import Stream
from sensorhar.errors import DataError
from sensorhar.units import STANDARD_GRAVITY

FEW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def decoders(name, **fields):
    """Return new decoders of all characteristics of a profile."""
    characteristics = load_profile(name, **fields).characteristics
    return [each.make_decoder() for each in characteristics]


def read(name, packet, which=0):
    return decoders(name)[which].decode(bytes.fromhex(packet))


def test_names():
    expected = """arduino_nano33 banglejs battery heart_rate location metamotion
        microbit movesense openearable polar_h10 polar_oh1 polar_verity puckjs running
        sensortag thingy52 wit_motion xsens_dot"""
    assert profile_names() == expected.split()


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_is_whole(name):
    profile = load_profile(name)
    assert profile.name == name
    assert profile.description.endswith(".")
    uuids = [each.uuid for each in profile.characteristics]
    assert uuids
    assert len(set(uuids)) == len(uuids)
    for uuid in (*profile.service_uuids, *uuids):
        assert len(uuid) == 36
        assert uuid == uuid.lower()
    for command in (*profile.start_commands, *profile.stop_commands):
        assert command.payload


@pytest.mark.parametrize("name", profile_names())
@given(packets=st.lists(st.binary(max_size=70), min_size=1, max_size=4))
@FEW
def test_any_bytes(checks, name, packets):
    for decoder in decoders(name):
        checks.survives(decoder, packets)


@pytest.mark.parametrize("name", profile_names())
@given(packets=st.lists(st.binary(max_size=40), min_size=1, max_size=3))
@FEW
def test_readings_become_streams(name, packets):
    """Whatever comes out has the channels it says, in SI units."""
    for decoder in decoders(name):
        for packet in packets:
            try:
                readings = decoder.decode(packet)
            except BadPacketError:
                continue
            for each in readings:
                times = np.arange(each.n_samples) / 50
                if each.channels is None:
                    stream = Stream.of_sensor(
                        each.kind, each.values, times, has_gravity=each.has_gravity
                    )
                else:
                    stream = Stream(each.values, times, each.channels)
                assert stream.n_samples == each.n_samples


def test_metamotion_acceleration():
    (acc,) = read("metamotion", "031c 62b7530de9fd 16d04d0e5702 8affa1050a01")
    expected = [[-4.539, 0.833, -0.131], [-2.995, 0.894, 0.146], [-0.029, 0.352, 0.065]]
    np.testing.assert_allclose(acc.values / STANDARD_GRAVITY, expected, atol=1e-3)


def test_metamotion_gyroscope():
    """Published at 1000 deg/s, where a count is half of what it is at 2000."""
    (gyr,) = read("metamotion", "1307 0915ad2608de 8a1a0d2665e4 8d20ac2773ec")
    expected = [
        [164.177, 301.860, -265.122],
        [207.134, 296.982, -215.457],
        [254.055, 309.634, -152.591],
    ]
    np.testing.assert_allclose(np.degrees(gyr.values) / 2, expected, atol=1e-3)


def test_metamotion_magnetometer():
    (mag,) = read("metamotion", "1509 b60c72f789ee b60b5af832ee e60aa2f725ef")
    expected = [
        [203.375, -136.874, -279.437],
        [187.375, -122.375, -284.874],
        [174.375, -133.875, -269.687],
    ]
    np.testing.assert_allclose(mag.values, expected, atol=1e-3)


@pytest.mark.parametrize(
    ("packet", "kind", "scale", "expected"),
    [
        ("0304 16c4 94a2 2ad0", "accelerometer", 1 / 8192, [-1.872, -2.919, -1.495]),
        ("1305 3e43 ff7f 0080", "gyroscope", 1 / 65.6, [262.409, 499.497, -499.512]),
    ],
)
def test_metamotion_of_older_firmware(tmp_path, packet, kind, scale, expected):
    """Published at 4 g and 500 deg/s: one sample a packet, in a file of one's own."""
    unit = "g" if kind == "accelerometer" else "deg/s"
    path = tmp_path / "single.toml"
    path.write_text(f"""
        service = "326a9000-85cb-9195-d9dd-464cfbbae75a"
        [[characteristic]]
        uuid = "326a9006-85cb-9195-d9dd-464cfbbae75a"
        tag = "{packet[:4]}"
        layout = "<3h"
        fields = ["x", "y", "z"]
        [[characteristic.sensor]]
        kind = "{kind}"
        fields = ["x", "y", "z"]
        scale = {scale}
        unit = "{unit}"
    """)
    (reading,) = read(path, packet)
    si = STANDARD_GRAVITY if kind == "accelerometer" else np.radians(1)
    np.testing.assert_allclose(reading.values[0] / si, expected, atol=1e-3)


def test_metamotion_packets_of_others():
    with pytest.raises(BadPacketError, match="03 1c, 13 07, 15 09; got '0b 84 00 00'"):
        read("metamotion", "0b84 0000")


@pytest.mark.parametrize(
    ("packet", "expected"),
    [("0001A0032001", [256, 928, 288]), ("0001A0031001", [256, 928, 272])],
)
def test_microbit(packet, expected):
    """Captured at rest."""
    (acc,) = read("microbit", packet)
    np.testing.assert_allclose(acc.values[0] / STANDARD_GRAVITY * 1000, expected)
    assert np.linalg.norm(acc.values) == pytest.approx(STANDARD_GRAVITY, rel=0.01)


def test_thingy():
    """The acceleration was captured on a table."""
    acc, gyr, mag = read("thingy52", "FAFFF4FFF6032000000000002003 0000 0000")
    np.testing.assert_allclose(acc.values[0] / STANDARD_GRAVITY * 1024, [-6, -12, 1014])
    assert np.linalg.norm(acc.values) == pytest.approx(STANDARD_GRAVITY, rel=0.02)
    np.testing.assert_allclose(np.degrees(gyr.values), [[1, 0, 0]])
    np.testing.assert_allclose(mag.values, [[50, 0, 0]])
    assert acc.ticks is None
    (quat,) = read("thingy52", "00000040 00000000 000000c0 00000000", 1)
    assert quat.values.tolist() == [[1.0, 0.0, -1.0, 0.0]]
    command = load_profile("thingy52").start_commands[0].payload
    assert struct.unpack("<HHHHB", command) == (1000, 1000, 100, 50, 1)


def test_sensortag():
    packet = struct.pack("<9h", 131, 0, 0, 0, 4096, 0, 0, 0, 667)
    acc, gyr, mag = read("sensortag", packet.hex())
    np.testing.assert_allclose(acc.values, [[0, STANDARD_GRAVITY, 0]])
    np.testing.assert_allclose(np.degrees(gyr.values), [[0.99945, 0, 0]], atol=1e-4)
    np.testing.assert_allclose(mag.values, [[0, 0, 100]], atol=0.02)


def test_openearable():
    packet = struct.pack("<BBI9f", 0, 36, 12345, 0, 0, 9.5, 180, 0, 0, 0, 50, 0)
    acc, gyr, mag = read("openearable", packet.hex())
    assert (acc.ticks, acc.tick_s, acc.n_time_bits, acc.place) == (
        12345,
        1e-3,
        32,
        "ear",
    )
    assert acc.values == pytest.approx(np.array([[0, 0, 9.5 * 9.80665]]))
    np.testing.assert_allclose(gyr.values, [[np.pi, 0, 0]])
    assert mag.values.tolist() == [[0, 50, 0]]
    profile = load_profile("openearable")
    assert struct.unpack("<BfI", profile.start_commands[0].payload) == (0, 50.0, 0)
    assert struct.unpack("<BfI", profile.stop_commands[0].payload) == (0, 0.0, 0)


def test_xsens_dot():
    packet = struct.pack("<I6f3h", 2**32 - 1, 0, 0, 9.5, 90, 0, 0, 2048, 0, 0) + bytes(
        6
    )
    acc, gyr, field = read("xsens_dot", packet.hex())
    assert (acc.ticks, acc.tick_s, acc.n_time_bits) == (2**32 - 1, 1e-6, 32)
    np.testing.assert_allclose(gyr.values, [[np.pi / 2, 0, 0]])
    assert [channel.name for channel in field.channels] == [
        "field_x",
        "field_y",
        "field_z",
    ]
    assert field.values.tolist() == [[0.5, 0, 0]]


@pytest.mark.parametrize("n_samples", [1, 3])
def test_arduino(n_samples):
    packet = struct.pack("<HI", 65535, 1_000_000)
    packet += struct.pack("<6h", 0, 0, 8192, 16384, 0, 0) * n_samples
    acc, gyr = read("arduino_nano33", packet.hex())
    np.testing.assert_allclose(acc.values, [[0, 0, STANDARD_GRAVITY]] * n_samples)
    np.testing.assert_allclose(np.degrees(gyr.values), [[1000, 0, 0]] * n_samples)
    assert (acc.sequence, acc.n_sequence_bits, acc.ticks) == (65535, 16, 1_000_000)


def test_the_sketch_sends_what_the_profile_reads(request):
    sketch = request.config.rootpath / "examples/arduino_nano33/arduino_nano33.ino"
    text = sketch.read_text("utf-8")
    profile = load_profile("arduino_nano33")
    assert f'"{profile.service_uuids[0]}"' in text
    assert f'"{profile.characteristics[0].uuid}"' in text
    assert "ACC_COUNTS_PER_G = 8192" in text
    assert "GYR_COUNTS_PER_DPS = 32768.0f / 2000" in text


@pytest.mark.parametrize("name", ["puckjs", "banglejs"])
def test_espruino(checks, name):
    """What the uploaded script prints, echo and prompt around it, is read."""
    (decoder,) = decoders(name)
    numbers = {"puckjs": b"0,0,8192,0,0,1000", "banglejs": b"0.0000,0.0000,1.0000"}
    text = b">\x10\r\nH,65535,12.034567," + numbers[name] + b"\r\n>"
    readings = checks.all(decoder, [text[i : i + 20] for i in range(0, len(text), 20)])
    np.testing.assert_allclose(readings[0].values, [[0, 0, STANDARD_GRAVITY]])
    assert (readings[0].sequence, readings[0].n_sequence_bits) == (65535, 16)
    assert readings[0].ticks * readings[0].tick_s == pytest.approx(12.034567)
    if name == "puckjs":
        np.testing.assert_allclose(np.degrees(readings[1].values), [[0, 0, 8.75]])


@pytest.mark.parametrize("name", ["puckjs", "banglejs"])
def test_scripts_go_in_pieces_any_connection_takes(name):
    profile = load_profile(name)
    for commands in (profile.start_commands, profile.stop_commands):
        assert all(len(each.payload) <= 20 for each in commands)
        script = b"".join(each.payload for each in commands).decode()
        assert script.startswith("\x03\x10")
        assert script.endswith(";\n")
        assert all(script.count(a) == script.count(b) for a, b in ("()", "{}", "[]"))


def test_a_place_is_that_of_the_file_unless_given():
    (heart,) = read("heart_rate", "00 48")
    assert heart.place == ""
    acc = decoders("banglejs")[0].decode(b"H,0,0,0,0,1\n")[0]
    assert acc.place == "wrist"
    acc = decoders("banglejs", place="ankle")[0].decode(b"H,0,0,0,0,1\n")[0]
    assert acc.place == "ankle"
    field = decoders("xsens_dot", place="hip")[0].decode(bytes(34))[2]
    assert {channel.place for channel in field.channels} == {"hip"}


def test_a_name_that_is_none_of_ours():
    with pytest.raises(ValueError, match=r"path of a \.toml file or one of .*'thingy'"):
        load_profile("thingy")
    with pytest.raises(ValueError, match="must be the path of a"):
        profile_path("../polar_h10")
    with pytest.raises(FileNotFoundError):
        load_profile("nowhere.toml")


def test_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="must be TOML in UTF-8"):
        load_profile(path)
