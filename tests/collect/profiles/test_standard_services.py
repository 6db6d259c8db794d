"""Heart rate, running speed, location and battery, by documented packets.

Expected values marked SIG were decoded by the package bluetooth-sig 0.6.0 as well.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.collect.profiles import BadPacketError, load_profile
from sensorhar.collect.profiles.heart_rate import HeartRateDecoder
from sensorhar.collect.profiles.location import LocationDecoder
from sensorhar.collect.profiles.running import RunningDecoder

FEW = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
DECODERS = [HeartRateDecoder, RunningDecoder, LocationDecoder]


@pytest.mark.parametrize("packet", ["1048 0004 3303", "114800 0004 3303"])
def test_heart_rate_with_intervals(packet):
    """SIG: 72 bpm in 8 or 16 bits, intervals 1.0 and 0.7998 s."""
    rate, beats = HeartRateDecoder("chest").decode(bytes.fromhex(packet))
    assert (rate.kind, rate.place, rate.values.tolist()) == (
        "heart_rate",
        "chest",
        [[72.0]],
    )
    assert beats.values[:, 0].tolist() == [1.0, 819 / 1024]
    assert beats.offsets_s.tolist() == [-819 / 1024, 0.0]
    assert beats.channels[0].name == "beat_interval_s"


def test_heart_rate_of_16_bits_with_energy():
    (rate,) = HeartRateDecoder().decode(bytes.fromhex("09 2c01 e803"))
    assert rate.values.tolist() == [[300.0]]


@pytest.mark.parametrize("packet", ["00 00", "04 48"])
def test_no_pulse_is_missing_not_zero(packet):
    """A rate of 0, or no contact where contact can be told."""
    (rate,) = HeartRateDecoder().decode(bytes.fromhex(packet))
    assert np.isnan(rate.values.item())


def test_contact_that_cannot_be_told_is_believed():
    (rate,) = HeartRateDecoder().decode(bytes.fromhex("06 48"))
    assert rate.values.item() == 72


def test_running():
    """SIG: 2.5 m/s, 170 steps a minute, 1.45 m, 1234.5 m, running."""
    (reading,) = RunningDecoder("foot").decode(bytes.fromhex("078002aa910039300000"))
    names = [channel.name for channel in reading.channels]
    assert names[:3] == ["running_speed_mps", "cadence_hz", "stride_m"]
    assert names[3:] == ["running_distance_m", "is_running"]
    np.testing.assert_allclose(reading.values, [[2.5, 170 / 60, 1.45, 1234.5, 1]])
    assert {channel.place for channel in reading.channels} == {"foot"}


def test_walking_without_stride_and_distance():
    (reading,) = RunningDecoder().decode(bytes.fromhex("00 4001 78"))
    np.testing.assert_allclose(reading.values, [[1.25, 2, np.nan, np.nan, 0]])


def test_location():
    """SIG: 1.4 m/s at 46.5191, 6.5668."""
    (reading,) = LocationDecoder().decode(bytes.fromhex("05008c005840ba1ba003ea03"))
    assert reading.kind == "gps"
    np.testing.assert_allclose(
        reading.values, [[46.5191, 6.5668, np.nan, 1.4, np.nan, np.nan]], atol=5e-5
    )


def test_location_with_all_fields():
    packet = "7f0064000a000000ca9a3b00ca9a3b18fcff282301" + "00" * 7
    with pytest.raises(BadPacketError, match="within 90 and 180 degrees; got 100.0000"):
        LocationDecoder().decode(bytes.fromhex(packet))
    packet = packet.replace("00ca9a3b", "0065cd1d")
    (reading,) = LocationDecoder().decode(bytes.fromhex(packet))
    np.testing.assert_allclose(reading.values, [[50, 50, -10, 1, 90, np.nan]])


def test_battery():
    (reading,) = (
        load_profile("battery").characteristics[0].make_decoder().decode(b"\x57")
    )
    assert reading.channels[0].name == "battery_percent"
    assert reading.values.item() == 87


@pytest.mark.parametrize(
    ("decoder", "packet", "message"),
    [
        (HeartRateDecoder, "", "flags 0x00 must have 2 bytes; got 0"),
        (HeartRateDecoder, "01 48", "flags 0x01 must have 3 bytes; got 2"),
        (HeartRateDecoder, "00 48 00", "must have 2 bytes; got 3"),
        (HeartRateDecoder, "10 48 00", "must have 2 bytes and 2 for each beat; got 3"),
        (RunningDecoder, "", "flags 0x00 must have 4 bytes; got 0"),
        (RunningDecoder, "01 0000 00", "flags 0x01 must have 6 bytes; got 4"),
        (LocationDecoder, "0500", "flags 0x0005 must have 12 bytes; got 2"),
    ],
)
def test_bad_packets(decoder, packet, message):
    with pytest.raises(BadPacketError, match=message):
        decoder().decode(bytes.fromhex(packet))


@pytest.mark.parametrize("decoder", DECODERS)
@given(packets=st.lists(st.binary(max_size=30), min_size=1, max_size=4))
@FEW
def test_any_bytes(checks, decoder, packets):
    checks.survives(decoder(), packets)


@pytest.mark.parametrize("decoder", DECODERS)
@given(packet=st.binary(min_size=2, max_size=24))
@FEW
def test_what_is_read_is_encoded_to_the_same(checks, decoder, packet):
    try:
        decoder().decode(packet)
    except BadPacketError:
        return
    checks.round_trip(decoder, [packet])
