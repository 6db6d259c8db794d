"""Whatever a file holds, reading it ends in a result or in the library's own error."""

import contextlib
import json
import time
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError
from sensorhar.io.events import read_events
from sensorhar.io.read import read
from tests.io import _exports as exports
from tests.io.conftest import mangled
from tests.io.test_axivity import header as cwa_header
from tests.io.test_axivity import plain as cwa_sectors
from tests.io.test_bvh import text as bvh_text
from tests.io.test_edge_impulse import sample
from tests.io.test_geneactiv import content as geneactiv_text
from tests.io.test_geolife_plt import plt
from tests.io.test_gpx import whole as gpx_text
from tests.io.test_labels_elan import document
from tests.io.test_labels_label_studio import task

WALK = exports.Walk(n_samples=40)
TEXTS = {
    "table.csv": exports.table(
        {"time_s": WALK.seconds} | {f"acc_{a}": WALK.acc[:, 0] for a in "xyz"}
    ),
    "TotalAcceleration.csv": exports.sensor_logger_files(WALK)["Gravity.csv"],
    "sensor_logger.json": exports.sensor_logger_json(WALK),
    "phyphox.csv": exports.phyphox_files(WALK)["Accelerometer.csv"],
    "andro_sensor.csv": exports.andro_sensor_text(WALK),
    "sensor_log.csv": exports.sensor_log_text(WALK),
    "physics_toolbox.csv": exports.physics_toolbox_by_report(WALK),
    "hyper_imu.csv": exports.hyper_imu_text(WALK),
    "Acceleration.csv": exports.matlab_mobile_files(WALK)["Acceleration.csv"],
    "core_motion.csv": exports.core_motion_text(WALK),
    "edge_impulse.json": json.dumps(sample()),
    "track.gpx": gpx_text(),
    "track.plt": plt(),
    "a_TRAIN.ts": "@univariate false\n@classLabel true a b\n@data\n1,2:3,4:a\n",
    "a_TRAIN.arff": "@relation a\n@attribute t numeric\n@attribute y {a}\n@data\n1,a",
    "body.bvh": bvh_text(),
    "pages.bin": geneactiv_text(),
    "tier.eaf": document(),
    "track.txt": "0.0\t6.0\twalking\n6.0\t9.5\tsitting down\n",
    "labels.csv": "start_s,stop_s,label,score\n0,6,walking,0.5\n6,9.5,sitting,\n",
    "studio.json": json.dumps([task()]),
}
FILES = {name: text.encode() for name, text in TEXTS.items()}
FILES["axivity.cwa"] = cwa_header() + b"".join(cwa_sectors(4))

#: Bytes that reading a file of so few kilobytes may take.
MAX_BYTES = 200_000_000
MAX_S = 5


@pytest.mark.parametrize("take", [read, read_events])
@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(sorted(FILES)),
    other=st.sampled_from(sorted(FILES)),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_bytes_under_any_name(tmp_path_factory, take, name, other, share, seed):
    """Cut, shuffled, overwritten, doubled, or grown together with another format."""
    content = FILES[name]
    if share < 0.3:
        content = content[: int(len(content) * share / 0.3)] + FILES[other]
    broken = mangled(content, np.random.default_rng(seed))
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(broken)
    check(take, path)


@pytest.mark.parametrize("take", [read, read_events])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\xff\xfe",
        b"\xff\xfe\0",
        b"PK\3\4" + b"\0" * 40,
        b"PK\5\6" + b"\0" * 18,
        b"\x1f\x8b\x08",
        b"time,acc_x\n" + b"9" * 100_000,
        b"time,acc_x\n0," + b"," * 5_000,
        b'time,acc_x\n0,"' + b"x\n" * 100_000,
        b"time,acc_x\n" + b"0,1\r" * 1000,
        b"," * 5_000,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"<a>" * 50_000,
        b"(" * 70_000,
        b"x " * 3_000 + b"(",
        b"time" + b" " * 70_000 + b",acc_x",
        b"\t" * 70_000,
        b"time,x (m/s^2" + b")" * 70_000,
        b"1" * 70_000 + b"x",
        b"0\t0\t" + b"1" * 70_000 + b"x",
        "time;acc_x\n0;ä\n".encode("utf-16") + b"\xc3\x28",
        b"time,acc_x\n0,\xe4\n1,\xc3\xa4\n",
    ],
    ids=range(24),
)
def test_bytes_made_to_hurt(tmp_path, take, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    check(take, path)


def check(take, path):
    began = time.process_time()
    tracemalloc.start()
    try:
        with warnings.catch_warnings(), contextlib.suppress(DataError):
            warnings.simplefilter("ignore")
            take(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MAX_BYTES
    assert time.process_time() - began < MAX_S
