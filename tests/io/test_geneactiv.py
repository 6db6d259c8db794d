"""GENEActiv files: pages written by hand, and real ones beside decoded values."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.geneactiv import is_geneactiv, read_geneactiv
from sensorhar.units import STANDARD_GRAVITY

HEADER = """Device Identity
Device Unique Serial Code:012345
Device Type:GENEActiv
Device Firmware Version:Ver4.08

Configuration Info
Measurement Frequency:{rate} Hz
Time Zone:{zone}

Subject Info
Device Location Code:left wrist
Subject Code:S07

Calibration Data
x gain:25600
x offset:0
y gain:25600
y offset:100
z gain:{gain}
z offset:-200

Recorded Data
"""


def page(number, rows, moment):
    words = []
    for x, y, z in rows:
        word = (x & 0xFFF) << 36 | (y & 0xFFF) << 24 | (z & 0xFFF) << 12 | 0x0A8
        words.append(f"{word:012X}")
    return (
        f"Device Unique Serial Code:012345\nSequence Number:{number}\n"
        f"Page Time:{moment:%Y-%m-%d %H:%M:%S}:{moment.microsecond // 1000:03d}\n"
        "Unassigned:\nTemperature:28.2\nBattery voltage:4.1642\n"
        "Device Status:Recording\nMeasurement Frequency:50.0\n" + "".join(words) + "\n"
    )


def content(n_pages=2, rows=None, rate=50, zone="GMT +02:00", gain=25600):
    rows = [(0, 1, 253)] * 300 if rows is None else rows
    start = datetime(2024, 3, 2, 12, 0, 5, 500_000)
    pages = [
        page(i, rows, start + timedelta(seconds=300 / 50 * i)) for i in range(n_pages)
    ]
    return HEADER.format(rate=rate, zone=zone, gain=gain) + "Recorded Data\n".join(
        pages
    )


def write(folder, text):
    path = folder / "anna.bin"
    path.write_text(text)
    return path


@pytest.mark.filterwarnings("ignore:the accelerometer of")
def test_known_values(tmp_path):
    rows = [(i, -i, 2047 - i) for i in range(300)]
    recording = read_geneactiv(write(tmp_path, content(rows=rows)))
    stream = recording.streams[0]
    offset = np.array([0, 100, -200])
    expected = (np.array(rows) * 100 - offset) / 25600 * STANDARD_GRAVITY
    np.testing.assert_allclose(stream.values[:300], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(stream.time_s, np.arange(600) / 50, atol=1e-6)
    assert recording.start.isoformat() == "2024-03-02T10:00:05.500000+00:00"
    assert (recording.subject, stream.place) == ("S07", "left_wrist")
    assert read_geneactiv(write(tmp_path, content()), subject="anna").subject == "anna"


def test_a_zone_west_of_greenwich(tmp_path):
    path = write(tmp_path, content(zone="GMT -04:00"))
    assert read_geneactiv(path).start.hour == 16


def test_a_cut_page_is_left_out(tmp_path):
    text = content(3)
    with pytest.warns(SensorharWarning, match=r"1 of 3 do not, the first from line 42"):
        stream = read_geneactiv(write(tmp_path, text[:-100])).streams[0]
    assert stream.n_samples == 600


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Device Identity\nGENEActiv\n", "and hold pages that begin with"),
        (content(gain="abc"), "must have a line 'z gain' with a number; got 'abc'"),
        (content(gain=0), "'z gain' of anna.bin must be above 0; got 0.0"),
        (content(gain="1e12"), "'z gain' of anna.bin must be below 1e9"),
        (content(rate=-5), "'Measurement Frequency' of anna.bin must be above 0"),
        (content(1).replace("Page Time", "Time"), "from line 22 on: no page time"),
        (content(1)[:-200], "from line 22 on: 3401 digits instead of 3600"),
    ],
)
def test_messages(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        read_geneactiv(write(tmp_path, text))


def test_is_geneactiv(tmp_path):
    assert is_geneactiv(Source(write(tmp_path, content())))
    assert not is_geneactiv(Source(write(tmp_path, "GENEA/1.00\n")))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_geneactiv, content().encode(), seed)


def test_real_file_equals_the_decoded_one(real_data):
    """scikit-digital-health keeps local time, and a page time to half a second."""
    folder = real_data / "RAW_DEVICE" / "skdh"
    known = np.load(folder / "gnactv_data.npz")
    recording = read_geneactiv(folder / "gnactv_sample.bin")
    stream = recording.streams[0]
    np.testing.assert_allclose(
        stream.values / STANDARD_GRAVITY, known["accel"], atol=6e-5
    )
    local_s = stream.time_s + recording.start.timestamp() - 4 * 3600
    assert local_s[0] == known["time"][0]
    assert np.abs(local_s - known["time"]).max() < 0.51


def test_another_real_file(real_data):
    path = real_data / "RAW_DEVICE" / "GGIRread" / "GENEActiv_testfile.bin"
    with pytest.warns(SensorharWarning, match="1 of 17 do not"):
        stream = read_geneactiv(path).streams[0]
    assert stream.n_samples == 4800
    gravity = np.median(np.linalg.norm(stream.values, axis=1))
    assert gravity == pytest.approx(STANDARD_GRAVITY, rel=0.02)
