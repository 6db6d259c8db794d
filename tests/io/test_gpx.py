"""GPX tracks of both versions, with extensions, and what must be refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.gpx import is_gpx, read_gpx

GARMIN = (
    "<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>{hr}</gpxtpx:hr>"
    "<gpxtpx:speed>{speed}</gpxtpx:speed></gpxtpx:TrackPointExtension></extensions>"
)


def point(i, extra="", time=True):
    stamp = f"<time>2026-09-01T12:00:{i:02d}.500Z</time>" if time else ""
    return (
        f'<trkpt lat="{49 + i * 1e-5:.6f}" lon="8.4"><ele>{100 + i}</ele>{stamp}'
        f"{extra}</trkpt>\n"
    )


def document(points, version="1.1"):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gpx version="{version}" creator="Test watch" '
        f'xmlns="http://www.topografix.com/GPX/{version.replace(".", "/")}" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">\n'
        "<metadata><time>2020-01-01T00:00:00Z</time></metadata>\n"
        f"<trk><name>Commute</name><trkseg>\n{points}</trkseg></trk>\n</gpx>\n"
    )


def whole(n_points=6):
    return document(
        "".join(
            point(i, GARMIN.format(hr=90 + i, speed=i / 2)) for i in range(n_points)
        )
    )


def write(folder, text, name="commute.gpx"):
    path = folder / name
    path.write_text(text)
    return path


def test_version_1_1_with_extensions(tmp_path):
    recording = read_gpx(write(tmp_path, whole()), subject="anna")
    gps, heart = recording.streams
    np.testing.assert_allclose(gps.values[:, 0], 49 + np.arange(6) * 1e-5)
    np.testing.assert_array_equal(gps.values[:, 2], 100 + np.arange(6))
    np.testing.assert_array_equal(gps.values[:, 3], np.arange(6) / 2)
    assert np.isnan(gps.values[:, 4:]).all()
    np.testing.assert_array_equal(heart.values[:, 0], 90 + np.arange(6))
    np.testing.assert_array_equal(gps.time_s, np.arange(6))
    assert recording.start.isoformat() == "2026-09-01T12:00:00.500000+00:00"
    assert recording.metadata["creator"] == "Test watch"


def test_version_1_0_has_speed_and_course(tmp_path):
    extra = "<course>270</course><speed>1.5</speed>"
    text = document("".join(point(i, extra) for i in range(3)), "1.0")
    (gps,) = read_gpx(write(tmp_path, text)).streams
    np.testing.assert_array_equal(gps.values[:, 3:5], [[1.5, 270]] * 3)


def test_segments_out_of_order_and_other_zones(tmp_path):
    second = point(9).replace("12:00:09.500Z", "14:00:09.500+02:00")
    text = document(second + "</trkseg><trkseg>" + point(1) + point(2))
    (gps,) = read_gpx(write(tmp_path, text)).streams
    np.testing.assert_array_equal(gps.time_s, [0, 1, 8])


def test_points_without_time(tmp_path):
    text = document(point(0) + point(1, time=False) + point(2))
    with pytest.warns(SensorharWarning, match="1 of 3 do not and were left out"):
        assert read_gpx(write(tmp_path, text)).streams[0].n_samples == 2
    with pytest.raises(DataError, match="must hold track points with a time; it has 1"):
        read_gpx(write(tmp_path, document(point(1, time=False))))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE gpx SYSTEM "http://example.org/gpx.dtd">',
    ],
)
def test_document_types_are_refused(tmp_path, declared):
    text = whole().replace("<gpx", f"{declared}\n<gpx", 1)
    with pytest.raises(DataError, match=r"line 2 declares a document type 'gpx'"):
        read_gpx(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (whole()[:300], r"it breaks at line \d+, column \d+"),
        (whole().replace('lat="49.000010"', 'lat="490"'), r"'lat' .* line 6 .*'490'"),
        (whole().replace('lon="8.4"', ""), r"'lon' of the track point in line 5"),
        (whole().replace("<ele>101<", "<ele>high<"), r"'ele' in line 6 .*got 'high'"),
        (whole().replace("12:00:01", "25:00:01"), r"'time' in line 6 of commute.gpx"),
        ("<kml></kml>", "root element 'gpx'; got 'kml'"),
        (document(""), "it has 0 without"),
    ],
)
def test_messages(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        read_gpx(write(tmp_path, text))


def test_is_gpx(tmp_path):
    assert is_gpx(Source(write(tmp_path, whole())))
    assert not is_gpx(Source(write(tmp_path, "<gpxx></gpxx>")))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_gpx, whole().encode(), seed)
