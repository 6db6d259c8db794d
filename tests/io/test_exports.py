"""Each app's export is taken for that app's, and for no other's."""

import pytest

from sensorhar.io._source import Source
from sensorhar.io.andro_sensor import is_andro_sensor
from sensorhar.io.core_motion import is_core_motion
from sensorhar.io.hyper_imu import is_hyper_imu
from sensorhar.io.matlab_mobile import is_matlab_mobile
from sensorhar.io.phyphox import is_phyphox
from sensorhar.io.physics_toolbox import is_physics_toolbox
from sensorhar.io.sensor_log import is_sensor_log
from sensorhar.io.sensor_logger import is_sensor_logger
from tests.io import _exports as exports

WALK = exports.Walk(n_samples=20)
FORMATS = [
    is_sensor_logger,
    is_phyphox,
    is_andro_sensor,
    is_sensor_log,
    is_physics_toolbox,
    is_hyper_imu,
    is_matlab_mobile,
    is_core_motion,
]
FILES = {
    is_sensor_logger: exports.sensor_logger_files(WALK, watch=True),
    is_phyphox: exports.phyphox_files(WALK),
    is_matlab_mobile: exports.matlab_mobile_files(WALK),
}
TEXTS = {
    is_sensor_logger: exports.sensor_logger_json(WALK),
    is_andro_sensor: exports.andro_sensor_text(WALK),
    is_sensor_log: exports.sensor_log_text(WALK),
    is_physics_toolbox: exports.physics_toolbox_text(WALK),
    is_hyper_imu: exports.hyper_imu_text(WALK),
    is_core_motion: exports.core_motion_text(WALK),
}


def seen_as(path):
    return [is_format for is_format in FORMATS if is_format(Source(path))]


@pytest.mark.parametrize("is_format", FILES, ids=lambda f: f.__name__)
def test_several_files(tmp_path, is_format):
    assert seen_as(exports.put(tmp_path / "a", FILES[is_format])) == [is_format]
    assert seen_as(exports.zipped(tmp_path / "a.zip", FILES[is_format])) == [is_format]
    for name in FILES[is_format]:
        found = seen_as(tmp_path / "a" / name)
        assert found in ([], [is_format])
        assert found or name.startswith(("meta", "Metadata"))


@pytest.mark.parametrize("is_format", TEXTS, ids=lambda f: f.__name__)
def test_one_file(tmp_path, is_format):
    path = tmp_path / "export"  # the name does not matter
    path.write_text(TEXTS[is_format], encoding="utf-8")
    assert seen_as(path) == [is_format]


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\1\2", b"\xff\xfe", b"PK\3\4", b"[", b"\x1f\x8b\0", b"time,acc_x\n0,1\n"],
)
def test_other_files(tmp_path, content):
    path = tmp_path / "Gyroscope.csv"
    path.write_bytes(content)
    assert seen_as(path) == []


def test_evil_archives(tmp_path):
    path = exports.zipped(tmp_path / "a.zip", {"../Gyroscope.csv": "time\n"})
    assert seen_as(path) == []
    assert seen_as(tmp_path) == []
