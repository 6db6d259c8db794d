"""Files, folders and archives are looked at alike, and no archive does harm."""

import gzip
import zipfile

import pytest

from sensorhar.errors import DataError
from sensorhar.io import _source
from sensorhar.io._source import Source


def pack(path, files, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_members(tmp_path, kind):
    files = {"a/Accelerometer.csv": "time,x\n1,2\n", "Metadata.csv": "version\n1\n"}
    litter = {"__MACOSX/a/x.csv": "", ".DS_Store": ""}
    path = tmp_path / "anna"
    if kind == "zip":
        pack(path, files | litter)
    else:
        for name, text in (files | litter).items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text)
    source = Source(path)
    assert source.members == ("Metadata.csv", "a/Accelerometer.csv")
    assert source.find("accelerometer.CSV") == "a/Accelerometer.csv"
    assert source.find("Gyroscope.csv") is None
    assert source.read("Metadata.csv") == b"version\n1\n"
    assert source.table("a/Accelerometer.csv").to_dict("list") == {
        "time": [1],
        "x": [2],
    }
    assert source.head == b""
    with pytest.raises(DataError, match=r"anna must hold 'b.csv'; it does not"):
        source.read("b.csv")


def test_single_files(tmp_path):
    path = tmp_path / "anna.b.csv.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbftime,x\n1,2\n"))
    source = Source(path)
    assert source.lines == ["time,x", "1,2"]
    assert source.stem == "anna"
    assert source.read().endswith(b"1,2\n")
    path.write_bytes(path.read_bytes()[:-9])
    assert Source(path).head in (b"", b"\xef\xbb\xbftime,x\n1,2\n")
    with pytest.raises(DataError, match="must be a whole gzip file; it is damaged"):
        Source(path).read()


def test_long_heads_end_with_a_whole_line(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("0123456789\n" * 10_000)
    lines = Source(path).lines
    assert set(lines) == {"0123456789"}
    assert 5900 < len(lines) < 6000


@pytest.mark.parametrize("name", ["../evil.csv", "a/../../evil.csv", "/evil.csv"])
def test_no_member_leaves_the_folder(tmp_path, name):
    source = Source(pack(tmp_path / "x.zip", {name: "1"}))
    with pytest.raises(DataError, match=r"must stay in its folder; got '.*evil.csv'"):
        _ = source.members


def test_no_member_expands_past_reason(tmp_path, monkeypatch):
    path = pack(tmp_path / "bomb.zip", {"a.csv": "0" * 2_000_000})
    monkeypatch.setattr(_source, "FREE_BYTES", 1_000_000)
    with pytest.raises(DataError, match="bytes would become 2000000. Do not use"):
        Source(path).read("a.csv")


@pytest.mark.parametrize("cut", [30, 60, 100])
def test_damaged_archives(tmp_path, cut):
    path = pack(tmp_path / "x.zip", {"a.csv": "time,x\n" + "1,2\n" * 500})
    content = bytearray(path.read_bytes())
    content[cut] ^= 0xFF
    path.write_bytes(content)
    source = Source(path)
    try:
        source.read("a.csv")
    except DataError as error:
        assert "must be a whole zip archive; it is damaged" in str(error)  # noqa: PT017


def test_archive_with_a_password(tmp_path):
    path = pack(tmp_path / "x.zip", {"a.csv": "1"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="must be a whole zip archive"):
        Source(path).read("a.csv")


def test_folders_that_are_no_recording(tmp_path, monkeypatch):
    monkeypatch.setattr(_source, "MAX_MEMBERS", 3)
    for i in range(5):
        (tmp_path / f"{i}.csv").write_text("")
    with pytest.raises(DataError, match="holds more than 3 files. Choose the folder"):
        _ = Source(tmp_path).members
    path = pack(tmp_path / "many.zip", {f"{i}.csv": "" for i in range(5)})
    with pytest.raises(DataError, match="it holds 5 files. Unpack it"):
        _ = Source(path).members
    with pytest.raises(DataError, match="must be one file; it is a folder"):
        Source(tmp_path).read()


def test_size_limit(tmp_path, monkeypatch):
    path = tmp_path / "big.csv"
    path.write_text("x" * 100)
    monkeypatch.setattr(_source, "MAX_MEMBER_BYTES", 10)
    with pytest.raises(DataError, match="must have less than 0 GiB"):
        Source(path).read()
