"""UMAFall is read with all its clocks, places and kinds, from either kind of file."""

from dataclasses import replace

import numpy as np
import pytest

from sensorhar.datasets.uma_fall import CARD, load_uma_fall, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put

HEADER = "TimeStamp;Sample No;X-Axis;Y-Axis;Z-Axis;Sensor_Type;Sensor_ID\n"
COMMENTS = (
    "% Universidad de Malaga - ETSI de Telecomunicacion (Spain) \n%\n"
    "%f8:95:c7:f3:ba:82; 0; RIGHTPOCKET; lge-LG-H815-5.1\n"
    "%C4:BE:84:71:A5:02; 3; WAIST; SensorTag\n"
    "%C4:BE:84:70:0E:80; 2; WRIST; SensorTag\n\n"
    "% Sensor_Type: \n% Accelerometer = 0 \n% TimeStamp; Sample No; X-Axis\n"
)
WALK = "UMAFall_Subject_02_ADL_Walking_1_2016-06-13_20-27-49.csv"
FALL = "UMAFall_Subject_12_Fall_forwardFall_3_2016-06-14_21-00-00.csv"


def rows(sensor, rate_hz, xyz, start_ms=100, n=60):
    """Lines of one sensor; sensor is its type and place."""
    kind, place = sensor
    return [
        f"{int(start_ms + 1000 * i / rate_hz)};{i + 1};{xyz[0]};{xyz[1]};{xyz[2]};"
        f"{kind};{place}"
        for i in range(n)
    ]


def write(root, name=WALK, packed=True, lines=None, end=""):
    if lines is None:
        lines = [
            *rows((0, 0), 200, (0.0, 1.0, 0.0), n=600),
            *rows((0, 3), 20, (0.0, 0.0, 1.0), 150),
            *rows((1, 3), 20, (180.0, 0.0, 0.0), 150),
            *rows((2, 3), 20, (30.0, 0.0, 0.0), 150),
        ]
    text = HEADER + "".join(f"{line}{end}\n" for line in lines)
    put(root / "UMAFall" / "UMAFall_Dataset" / name, text, packed)
    return root / "UMAFall"


@pytest.mark.parametrize("packed", [False, True])
def test_true_layout(tmp_path, packed):
    root = write(tmp_path, packed=packed)
    write(tmp_path, FALL, packed=packed)
    walk, fall = read_recordings(root)
    assert walk.name == "subject02-walking-1-2016-06-13_20-27-49"
    assert (walk.subject, fall.subject) == ("2", "12")
    assert walk.metadata["recorded"] == "2016-06-13 20:27:49"
    assert (walk.metadata["is_fall"], fall.metadata["is_fall"]) == (False, True)
    assert [stream.kind for stream in walk.streams] == [
        "accelerometer",
        "accelerometer",
        "gyroscope",
        "magnetometer",
    ]
    assert walk.channel_names[::3] == (
        "pocket_acc_x",
        "wrist_acc_x",
        "wrist_gyr_x",
        "wrist_mag_x",
    )
    phone, acc, gyr, mag = walk.streams
    np.testing.assert_allclose(phone.values[0], [0, STANDARD_GRAVITY, 0], rtol=1e-6)
    assert phone.channels[0].has_gravity
    np.testing.assert_allclose(gyr.values[0], [np.pi, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(mag.values[0], [30, 0, 0])
    assert acc.rate_hz == 20
    assert phone.rate_hz == pytest.approx(200, rel=1e-3)
    assert phone.start_s == 0
    assert acc.start_s == pytest.approx(0.05, abs=0.003)
    (event,) = fall.events
    assert event.label == "fall_forward"
    assert event.start_s == 0
    assert event.stop_s > fall.stop_s
    card = replace(
        CARD,
        n_recordings=2,
        subjects=("2", "12"),
        activities=("walking", "fall_forward"),
        channels=walk.channel_names,
        units=("m/s^2",) * 6 + ("rad/s",) * 3 + ("uT",) * 3,
    )
    check_recordings([walk, fall], card)


def test_original_header(tmp_path):
    """The original files have comments, whose table of places counts, and a last ;."""
    root = write(tmp_path, packed=False, end=";")
    path = root / "UMAFall_Dataset" / WALK
    path.write_text(COMMENTS + path.read_text().split("\n", 1)[1])
    (walk,) = read_recordings(root)
    assert walk.channel_names[3] == "waist_acc_x"
    assert walk.streams[0].n_samples == 600


def test_repeated_stamps_lose_no_sample(tmp_path):
    lines = [
        f"{100 + 47 * (i // 10)};{i + 1};0;1;0;0;0" for i in range(1000)
    ]  # bursts of ten
    root = write(tmp_path, lines=lines)
    (walk,) = read_recordings(root)
    (phone,) = walk.streams
    assert phone.n_samples == 1000
    assert phone.rate_hz == pytest.approx(1000 / 4.7, rel=1e-3)


def test_choose_subjects(tmp_path):
    write(tmp_path)
    write(tmp_path, FALL)
    (fall,) = load_uma_fall(data_dir=tmp_path, subjects=["12"])
    assert fall.subject == "12"
    assert len(load_uma_fall(data_dir=tmp_path)) == 2
    with pytest.raises(DataError, match="of the subjects asked for; it lacks .*'7'"):
        load_uma_fall(data_dir=tmp_path, subjects=["7", "12"])
    with pytest.raises(ValueError, match="subjects of 'uma-fall' must be some of"):
        load_uma_fall(data_dir=tmp_path, subjects=["99"])


@pytest.mark.parametrize(
    ("name", "lines", "message"),
    [
        (WALK, [], "must hold 7 numbers a line.*; none. It is cut short"),
        (WALK, ["1;1;0;1;0;0;0", "2;2;0"], "data row 2 does not. It is cut"),
        (WALK, ["1;1;0;x;0;0;0"], "separated by ';'; it cannot be read"),
        (WALK, ["1;1;0;1;0;0;9"], "must hold Sensor_Type .* got others. Fetch"),
        (WALK, ["1;1;0;1;0;0;0", "2;1;0;1;0;0;0"], "must be a clock that runs"),
        (WALK.replace("Walking", "Flying"), None, "movement among .* got 'Flying'"),
        ("notes.txt", None, "must hold files such as UMAFall_Subject_02"),
    ],
)
def test_broken_files(tmp_path, name, lines, message):
    root = write(tmp_path, name, lines=lines)
    with pytest.raises(DataError, match=message):
        read_recordings(root)


def test_damaged_gzip(tmp_path):
    root = write(tmp_path)
    path = root / "UMAFall_Dataset" / f"{WALK}.gz"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataError, match="must be a whole gzip file"):
        read_recordings(root)


def test_by_hand(tmp_path):
    with pytest.raises(DataError, match="cannot be fetched by a program .*figshare"):
        load_uma_fall(data_dir=tmp_path)


def test_card():
    check_card(CARD)


def test_published_files(real_data):
    """Two subjects of the real files, and what SOURCE.txt counted of them."""
    if not (real_data / "UMAFall").is_dir():
        pytest.skip("UMAFall is not on this machine")
    recordings = load_uma_fall(data_dir=real_data, subjects=["3", "16"])
    assert len(recordings) == 18 + 11
    labels = {r.events[0].label for r in recordings}
    names = {name for r in recordings for name in r.channel_names}
    units = dict(zip(CARD.channels, CARD.units, strict=True))
    card = replace(
        CARD,
        n_recordings=29,
        subjects=("3", "16"),
        activities=tuple(labels),
        channels=tuple(names),
        units=tuple(units[name] for name in names),
    )
    check_recordings(recordings, card)
    phones = [r.streams[0] for r in recordings]
    assert all(197 < phone.rate_hz < 203 for phone in phones)
    sizes = [np.median(np.linalg.norm(p.values, axis=1)) for p in phones]
    assert np.median(sizes) == pytest.approx(STANDARD_GRAVITY, rel=0.03)
