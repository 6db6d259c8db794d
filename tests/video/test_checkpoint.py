"""Checkpoints: published indexes, TensorFlow as the other side, each byte broken."""

import contextlib
import csv
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError
from sensorhar.video import CheckpointEntry, read_checkpoint, read_checkpoint_index
from sensorhar.video._crc32c import crc32c, masked_crc32c
from tests.video import _bundles as bundles
from tests.video._bundles import assert_same, entry, field, header, table, write

ARRAYS = {
    "a/scalar": np.array(2.5, np.float32),
    "a/table": np.arange(12, dtype=np.float64).reshape(3, 4),
    "a/table/more": np.arange(300, dtype=np.int32).reshape(3, 4, 25),
    "b": np.array([True, False]),
    "empty": np.zeros((0, 3), np.float32),
    "large": np.array([-(2**62), 2**62]),
    **{f"layer_{i}/w": np.full((2, i), i, np.uint8) for i in range(1, 12)},
}
QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def checkpoint(tmp_path):
    return write(tmp_path / "model.ckpt", ARRAYS)


def index_of(path):
    return path.with_name(f"{path.name}.index")


def data_of(path):
    return path.with_name(f"{path.name}.data-00000-of-00001")


@pytest.mark.parametrize(
    ("data", "expected"),
    [  # RFC 3720, appendix B.4; the first is the check value of the CRC catalogue
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
        (b"", 0),
    ],
)
def test_published_checksums(data, expected):
    assert crc32c(data) == expected == bundles.crc32c(data)


def test_checksums_of_every_length():
    data = np.random.default_rng(0).integers(0, 256, 4099, dtype=np.uint8)
    for n in [*range(70), 1023, 1024, 1025, 4099]:
        assert crc32c(data[:n]) == bundles.crc32c(data[:n].tobytes())
        assert masked_crc32c(data[:n]) == bundles.masked(data[:n].tobytes())


@pytest.mark.parametrize(
    ("name", "n_tensors", "n_numbers"),
    [
        ("rgb_imagenet", 230, 12_704_544),
        ("rgb_scratch", 230, 12_704_544),
        ("flow_imagenet", 230, 12_682_592),
        ("flow_scratch", 230, 12_682_592),
        ("rgb_scratch_kin600", 346, 12_909_544),
    ],
)
def test_published_indexes(real_data, name, n_tensors, n_numbers):
    """Five of DeepMind's, against tables that other code made of them."""
    folder = real_data / "video" / "i3d"
    if not folder.is_dir():
        pytest.skip("the indexes of the published I3D are not on this machine")
    entries = read_checkpoint_index(folder / f"{name}.index")
    with (folder / f"{name}.tensors.csv").open() as file:
        expected = {
            row["name"]: CheckpointEntry(
                row["dtype"],
                tuple(map(int, row["shape"].split("x"))),
                int(row["offset"]),
                int(row["nbytes"]),
                int(row["masked_crc32c"]),
            )
            for row in csv.DictReader(file)
        }
    assert entries == expected
    assert len(entries) == n_tensors
    own = [e.shape for name, e in entries.items() if not name.endswith("/Momentum")]
    assert sum(map(math.prod, own)) == n_numbers


@pytest.mark.parametrize("options", [{}, {"n_shards": 3}, {"order": ">"}])
def test_arrays_come_back(tmp_path, options):
    path = write(tmp_path / "model.ckpt", ARRAYS, **options)
    for given_path in (path, str(path), index_of(path)):
        assert_same(read_checkpoint(given_path), ARRAYS)
    some = read_checkpoint(path, ["b", "a/scalar"])
    assert list(some) == ["b", "a/scalar"]
    assert read_checkpoint(path)["large"].flags.writeable


def test_tensorflow_writes_what_is_read(tmp_path):
    """Also an index of several blocks, of which TensorFlow makes one for 256 KiB."""
    tf = pytest.importorskip("tensorflow")
    rng = np.random.default_rng(0)
    arrays = {f"{rng.bytes(80).hex()}/w": np.float32([i, 0.1]) for i in range(1500)}
    arrays |= ARRAYS | {"half": np.arange(3, dtype=np.float16)}
    tf.raw_ops.SaveV2(
        prefix=str(tmp_path / "tf.ckpt"),
        tensor_names=list(arrays),
        shape_and_slices=[""] * len(arrays),
        tensors=list(arrays.values()),
    )
    assert index_of(tmp_path / "tf.ckpt").stat().st_size > 1 << 18
    assert_same(read_checkpoint(tmp_path / "tf.ckpt"), arrays)


def test_tensorflow_writes_several_files(tmp_path):
    tf = pytest.importorskip("tensorflow")
    parts = [str(tmp_path / f"part-{i}") for i in range(2)]
    halves = dict(list(ARRAYS.items())[::2]), dict(list(ARRAYS.items())[1::2])
    for prefix, arrays in zip(parts, halves, strict=True):
        tf.raw_ops.SaveV2(
            prefix=prefix,
            tensor_names=list(arrays),
            shape_and_slices=[""] * len(arrays),
            tensors=list(arrays.values()),
        )
    whole = tmp_path / "whole"
    tf.raw_ops.MergeV2Checkpoints(
        checkpoint_prefixes=parts, destination_prefix=str(whole), delete_old_dirs=False
    )
    assert {e.shard for e in read_checkpoint_index(whole).values()} == {0, 1}
    assert_same(read_checkpoint(whole), ARRAYS)


def test_tensorflow_reads_what_the_tests_write(checkpoint):
    """So that what is read back here is the format, and not an idea of it."""
    tf = pytest.importorskip("tensorflow")
    reader = tf.train.load_checkpoint(str(checkpoint))
    assert_same({name: reader.get_tensor(name) for name in sorted(ARRAYS)}, ARRAYS)


def test_text_is_left_out(tmp_path):
    tf = pytest.importorskip("tensorflow")
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    path = tf.train.Checkpoint(kernel=tf.Variable(values)).write(str(tmp_path / "one"))
    name = "kernel/.ATTRIBUTES/VARIABLE_VALUE"
    assert_same(read_checkpoint(path), {name: values})
    graph = "_CHECKPOINTABLE_OBJECT_GRAPH"
    assert read_checkpoint_index(path)[graph].dtype == "string"
    with pytest.raises(DataError, match=r"must be numbers that numpy has; got string"):
        read_checkpoint(path, [graph])


def test_slices_are_refused(tmp_path):
    tf = pytest.importorskip("tensorflow")
    tf.raw_ops.SaveV2(
        prefix=str(tmp_path / "slices"),
        tensor_names=["w"],
        shape_and_slices=["4 3 0,2:-"],
        tensors=[tf.ones((2, 3))],
    )
    with pytest.raises(DataError, match=r"'w' is stored in slices, .* save it whole"):
        read_checkpoint_index(tmp_path / "slices")


@QUICK
@given(at=st.integers(0, 10**6), flip=st.integers(1, 255))
@pytest.mark.parametrize("which", [index_of, data_of], ids=["index", "data"])
def test_a_changed_byte_is_refused_or_does_no_harm(checkpoint, which, at, flip):
    path = which(checkpoint)
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[at % len(whole)] ^= flip
    path.write_bytes(broken)
    try:
        got = read_checkpoint(checkpoint)
    except DataError:
        assert which is data_of or at % len(whole) not in range(*_padding(whole))
    else:
        assert which is index_of
        assert_same(got, ARRAYS)
    path.write_bytes(whole)


def _padding(index):
    """Zeros between the last handle and the number that ends the file."""
    footer = index[-48:-8]
    return len(index) - 48 + len(footer.rstrip(b"\0")), len(index) - 8


def test_a_damaged_tensor_is_named(checkpoint):
    place = read_checkpoint_index(checkpoint)["a/table/more"]
    path = data_of(checkpoint)
    content = bytearray(path.read_bytes())
    content[place.offset + 5] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        DataError,
        match=rf"'a/table/more' in model\.ckpt\.data-00000-of-00001 must have the "
        rf"checksum {place.masked_crc32c}; got \d+: it is damaged\. Fetch it again\.",
    ):
        read_checkpoint(checkpoint)
    others = {name: ARRAYS[name] for name in ARRAYS if name != "a/table/more"}
    assert_same(read_checkpoint(checkpoint, sorted(others)), others)


def test_files_cut_off_are_refused(checkpoint):
    whole = index_of(checkpoint).read_bytes()
    for n in range(0, len(whole), 7):
        index_of(checkpoint).write_bytes(whole[:n])
        with pytest.raises(DataError, match=r"must be the index .* cannot be read: "):
            read_checkpoint_index(checkpoint)
    index_of(checkpoint).write_bytes(whole)
    data = data_of(checkpoint).read_bytes()
    for n in range(0, len(data), 97):
        data_of(checkpoint).write_bytes(data[:n])
        with pytest.raises(DataError, match=r"bytes of '.*' at byte .*: it is cut off"):
            read_checkpoint(checkpoint)


def test_missing_files_are_named(checkpoint, tmp_path):
    with pytest.raises(DataError, match=r"other\.index must be a file that can be rea"):
        read_checkpoint_index(tmp_path / "other")
    data_of(checkpoint).unlink()
    with pytest.raises(
        DataError, match=r"model.ckpt.data-00000-of-00001 must be .* lie"
    ):
        read_checkpoint(checkpoint)
    assert len(read_checkpoint_index(checkpoint)) == len(ARRAYS)


def test_an_unknown_name_is_answered_with_near_ones(checkpoint, tmp_path):
    with pytest.raises(DataError, match=r"got 'layer_1/v'. Nearest are 'layer_1/w', "):
        read_checkpoint(checkpoint, ["layer_1/v"])
    with pytest.raises(DataError, match=r"Nearest are none, as it is empty"):
        read_checkpoint(write(tmp_path / "empty", {}), ["w"])


W = entry(1, (2,), 0, 8, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no index", r"its end is not that of a table\. Fetch or write it again"),
        (table({b"w": W}), r"it has no header"),
        (table({b"": header(), b"w": W}, compression=1), r"is compressed by Snappy"),
        (table({b"": header(), b"w": W}, compression=2), r"compressed by method 2"),
        (
            table({b"": header(2), b"w": entry(1, (), 0, 4, 0, 2)}),
            r"'w' .* file 2 of 2",
        ),
        (table({b"": header(), b"w": entry(1, (3,), 0, 8, 0)}), r"12 bytes and has 8"),
        (table({b"": header(), b"w": field(4, b"x")}), r"does not hold a whole number"),
        (table({b"": header(), b"w": field(4, 1 << 63)}), r"hold a whole number"),
        (table({b"": header(), b"w": b"\x0b"}), r"a field of unknown kind 3"),
        (
            table({b"": header(), b"w": b"\x0a\x7f"}),
            r"127 bytes at byte 2 reach beyond",
        ),
        (
            table({b"": header(), b"w": b"\x80" * 11}),
            r"a number at byte 0 does not end",
        ),
    ],
)
def test_broken_indexes_are_refused(tmp_path, content, message):
    (tmp_path / "model.ckpt.index").write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_checkpoint_index(tmp_path / "model.ckpt")


def test_types_that_numpy_lacks_are_told(tmp_path):
    content = table({b"": header(), b"w": entry(14, (2,), 0, 4, 0)})
    (tmp_path / "model.ckpt.index").write_bytes(content)
    with pytest.raises(
        DataError, match=r"must be numbers that numpy has; got bfloat16"
    ):
        read_checkpoint(tmp_path / "model.ckpt", ["w"])
    assert read_checkpoint(tmp_path / "model.ckpt") == {}


@QUICK
@given(
    st.dictionaries(st.binary(max_size=4), st.binary(max_size=20), max_size=6),
    st.binary(max_size=12),
)
def test_rubbish_with_right_checksums_is_refused(tmp_path, entries, start):
    """Nothing but a DataError, whatever the blocks hold."""
    path = tmp_path / "model.ckpt.index"
    path.write_bytes(table({b"": header() + start, **entries}))
    with contextlib.suppress(DataError):
        read_checkpoint(path)
