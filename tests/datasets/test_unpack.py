"""Archives made by strangers are unpacked whole, inside their folder, or not at all."""

import io
import shutil
import zipfile
from types import SimpleNamespace

import pytest

from sensorhar.datasets._unpack import unpack
from sensorhar.errors import DataError


def make_zip(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def put(folder, files, name="set.zip"):
    path = folder / name
    path.write_bytes(make_zip(files))
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_nested_like_those_of_uci(tmp_path):
    inner = make_zip(
        {"UCI Set/train/y.txt": "1\n", "__MACOSX/._y": "x", "UCI Set/.DS_Store": "x"}
    )
    archive = put(tmp_path, {"UCI Set.zip": inner, "UCI Set.names": "notes"})
    folder = unpack(
        archive, tmp_path / "SET", landmarks=["UCI Set/train/y.txt", "y.txt"]
    )
    assert names(folder) == ["UCI Set", "UCI Set.names"]
    assert names(folder / "UCI Set") == ["train"]
    assert (folder / "UCI Set" / "train" / "y.txt").read_text() == "1\n"
    assert names(tmp_path) == ["SET", "set.zip"]


def test_folders_and_empty_files(tmp_path):
    archive = put(tmp_path, {"a/": "", "a/b/": "", "a/c.txt": ""})
    folder = unpack(archive, tmp_path / "SET")
    assert names(folder / "a") == ["b", "c.txt"]


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/evil.txt",
        "C:/evil.txt",
        "a\\..\\..\\evil.txt",
        "..",
        link("a"),
    ],
)
@pytest.mark.parametrize("is_inner", [False, True])
def test_ways_out_of_the_folder(tmp_path, name, is_inner):
    folder = tmp_path / "deep" / "home"
    folder.mkdir(parents=True)
    files = {"good.txt": "good", name: "../../evil.txt"}
    archive = put(folder, {"inner.zip": make_zip(files)} if is_inner else files)
    message = r"must stay within its own folder; got .* leads out of it or is a link"
    with pytest.raises(DataError, match=message):
        unpack(archive, folder / "SET")
    assert names(folder) == ["set.zip"]
    assert names(tmp_path) == ["deep"]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("is_inner", [False, True])
def test_cut_short(tmp_path, share, is_inner):
    whole = make_zip({"a.txt": "a" * 10_000, "b.txt": "b" * 10_000})
    cut = whole[: int(share * len(whole))]
    archive = tmp_path / "set.zip"
    archive.write_bytes(make_zip({"inner.zip": cut}) if is_inner else cut)
    said = r"inner\.zip in set\.zip" if is_inner else r"set\.zip"
    with pytest.raises(DataError, match=rf"^{said} must be a whole zip archive; it is"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.zip"]


def test_flipped_byte(tmp_path):
    archive = put(tmp_path, {"a.txt": bytes(range(256)) * 50})
    content = bytearray(archive.read_bytes())
    content[60] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(DataError, match="is damaged or cut short"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.zip"]


def test_another_archive(tmp_path):
    archive = put(tmp_path, {"notes.txt": "x"})
    message = r"must hold 'a/y', 'y'; got 'notes\.txt'\. It is another archive"
    with pytest.raises(DataError, match=message):
        unpack(archive, tmp_path / "SET", landmarks=["a/y", "y"])
    assert names(tmp_path) == ["set.zip"]


def test_folder_that_is_there_stays(tmp_path):
    archive = put(tmp_path, {"y": "x"})
    (tmp_path / "SET").mkdir()
    (tmp_path / "SET" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="must not exist to unpack .* Move it away"):
        unpack(archive, tmp_path / "SET", landmarks=["y"])
    assert names(tmp_path / "SET") == ["mine.txt"]


def test_no_room(tmp_path, monkeypatch):
    archive = put(tmp_path, {"a.txt": "0" * 3_000_000})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=10**6))
    with pytest.raises(DataError, match=r"must have 3 MB of room; 1 MB are free"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.zip"]
