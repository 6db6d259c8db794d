"""A damaged file of any set is refused in the library's own words, or read without."""

import contextlib
import gzip
import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar import datasets
from sensorhar.errors import SensorharError
from tests.datasets import test_capture_24 as capture_24
from tests.datasets import test_daphnet as daphnet
from tests.datasets import test_dsads as dsads
from tests.datasets import test_extra_sensory as extra_sensory
from tests.datasets import test_geolife as geolife
from tests.datasets import test_harth as harth
from tests.datasets import test_hhar as hhar
from tests.datasets import test_ku_har as ku_har
from tests.datasets import test_mhealth as mhealth
from tests.datasets import test_motion_sense as motion_sense
from tests.datasets import test_opportunity as opportunity
from tests.datasets import test_pamap2 as pamap2
from tests.datasets import test_real_world as real_world
from tests.datasets import test_shl as shl
from tests.datasets import test_sis_fall as sis_fall
from tests.datasets import test_skoda as skoda
from tests.datasets import test_uci_hmp as uci_hmp
from tests.datasets import test_uea as uea
from tests.datasets import test_uma_fall as uma_fall
from tests.datasets import test_unimib_shar as unimib_shar
from tests.datasets import test_usc_had as usc_had
from tests.datasets import test_utd_mhad as utd_mhad
from tests.datasets import test_wear as wear
from tests.datasets import test_wisdm as wisdm
from tests.datasets import test_wisdm_2019 as wisdm_2019
from tests.datasets._layouts import write_hapt, write_uci_har
from tests.io.conftest import mangled

RUN = [0] * 64 + [1] * 64
WRITERS = {
    "basic_motions": lambda root: uea.write(root, "BasicMotions"),
    "capture_24": capture_24.write,
    "daphnet": lambda root: daphnet.write_run(
        root / "dataset_fog_release" / "dataset" / "S01R01.txt", RUN
    ),
    "dsads": dsads.write,
    "epilepsy": lambda root: uea.write(root, "Epilepsy", "arff"),
    "extra_sensory": extra_sensory.write,
    "geolife": geolife.write_geolife,
    "hapt": write_hapt,
    "har70plus": lambda root: harth.write_person(root / "har70plus" / "501.csv", [1]),
    "harth": lambda root: harth.write_person(root / "harth" / "S006.csv", [1]),
    "hhar": lambda root: hhar.write(
        root / "Activity recognition exp",
        Phones_accelerometer=hhar.rows_of(np.arange(200) / 100, ["walk"] * 200),
    ),
    "ku_har": lambda root: ku_har.write_all(root / "1.Raw_time_domian_data", n=40),
    "mhealth": mhealth.write,
    "motion_sense": motion_sense.write,
    "opportunity": opportunity.write,
    "pamap2": pamap2.write,
    "racket_sports": lambda root: uea.write(root, "RacketSports"),
    "real_world": lambda root: real_world.write_proband(root / "realworld2016_dataset"),
    "shl": shl.write,
    "sis_fall": lambda root: sis_fall.write_trial(
        root / "SisFall_dataset", "SA01", "D01"
    ),
    "skoda": lambda root: skoda.write(
        root / "SkodaMiniCP_2015_08",
        right=skoda.make_arm("right", [32, 48]),
        left=skoda.make_arm("left", [32, 48]),
    ),
    "uci_har": write_uci_har,
    "uci_hmp": uci_hmp.write,
    "uma_fall": uma_fall.write,
    "unimib_shar": lambda root: unimib_shar.write(root / "UniMiB-SHAR"),
    "usc_had": lambda root: usc_had.put(root / "USC-HAD", 1, 8, 2),
    "utd_mhad": lambda root: utd_mhad.put(root, 10, 2, 1),
    "wear": wear.write,
    "wisdm": lambda root: wisdm.write(root, wisdm.records(33, "Jogging", 40)),
    "wisdm_2019": lambda root: wisdm_2019.write(root, wisdm_2019.records("A", 100, 0)),
}


def test_every_loader_is_tried():
    loaders = {name for name in dir(datasets) if name.startswith("load_")}
    assert {f"load_{name}" for name in WRITERS} == loaders


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return, for a set, a folder with the set in it, written once."""
    folders = {}

    def of(name):
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp(name)
            WRITERS[name](folders[name])
        return folders[name]

    return of


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=6, deadline=None)
@given(which=st.integers(0, 100), seed=st.integers(0, 2**32 - 1))
def test_any_damage_is_survived(written, name, which, seed):
    root = written(name)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    path = files[which % len(files)]
    content = path.read_bytes()
    path.write_bytes(mangled(content, np.random.default_rng(seed)))
    try:
        with warnings.catch_warnings(), contextlib.suppress(SensorharError):
            warnings.simplefilter("ignore")
            getattr(datasets, f"load_{name}")(data_dir=root, download=False)
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=4, deadline=None)
@given(
    which=st.integers(0, 100),
    spot=st.integers(0, 10**6),
    number=st.sampled_from([b"1e60", b"-1e60", b"1e308", b"9" * 20]),
)
def test_no_reading_overflows(written, name, which, spot, number):
    root = written(name)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    path = files[which % len(files)]
    content = path.read_bytes()
    is_packed = content[:2] == b"\x1f\x8b"
    text = gzip.decompress(content) if is_packed else content
    found = [m.span() for m in re.finditer(rb"-?\d+\.?\d*(e[-+]?\d+)?", text)]
    if not found:
        return
    start, stop = found[spot % len(found)]
    text = text[:start] + number + text[stop:]
    path.write_bytes(gzip.compress(text) if is_packed else text)
    try:
        with warnings.catch_warnings(), contextlib.suppress(SensorharError):
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", RuntimeWarning)
            getattr(datasets, f"load_{name}")(data_dir=root, download=False)
    finally:
        path.write_bytes(content)
