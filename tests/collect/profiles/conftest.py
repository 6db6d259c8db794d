"""What the tests of decoders share."""

import numpy as np
import pytest

from sensorhar.collect.profiles import BadPacketError


def assert_same(readings, others, **tolerance):
    """Compare readings field by field."""
    assert [reading.kind for reading in readings] == [other.kind for other in others]
    for reading, other in zip(readings, others, strict=True):
        np.testing.assert_allclose(reading.values, other.values, **tolerance)
        for name in ("ticks", "tick_s", "n_time_bits", "sequence", "n_sequence_bits"):
            assert getattr(reading, name) == getattr(other, name), name
        for name in ("channels", "rate_hz", "place", "has_gravity"):
            assert getattr(reading, name) == getattr(other, name), name
        if reading.offsets_s is not None:
            np.testing.assert_allclose(reading.offsets_s, other.offsets_s)


def assert_round_trip(make_decoder, packets):
    """Compare what a decoder reads from packets with what it reads when encoded."""
    readings = decode_all(make_decoder(), packets)
    again = decode_all(make_decoder(), make_decoder().encode(readings))
    assert_same(readings, again, rtol=1e-12, atol=1e-15)


def decode_all(decoder, packets):
    """Return the readings of packets in a row."""
    return [reading for packet in packets for reading in decoder.decode(packet)]


def assert_survives(decoder, packets):
    """Any bytes give finite readings (or NaN), or a BadPacketError."""
    for packet in packets:
        try:
            readings = decoder.decode(packet)
        except BadPacketError as error:
            assert "; got" in str(error) or str(error).endswith(".")  # noqa: PT017
            continue
        for reading in readings:
            assert reading.values.ndim == 2
            assert reading.values.dtype == np.float64
            assert not np.isinf(reading.values).any()
            assert len(reading.values) >= 1
            assert reading.ticks is None or isinstance(reading.ticks, int)
            if reading.offsets_s is not None:
                assert reading.offsets_s.shape == (len(reading.values),)


@pytest.fixture
def checks():
    """Return the functions above, as importlib mode has no shared modules."""
    from types import SimpleNamespace

    return SimpleNamespace(
        same=assert_same,
        round_trip=assert_round_trip,
        all=decode_all,
        survives=assert_survives,
    )
