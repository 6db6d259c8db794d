"""Archives made by strangers are unpacked whole, inside their folder, or not at all."""

import gzip
import io
import shutil
import tarfile
import zipfile
from types import SimpleNamespace

import pytest

from sensorhar.datasets import _unpack
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


def make_tar(files, packed=True):
    """Make a tar.gz of contents by name; a TarInfo is taken as it is."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz" if packed else "w:") as archive:
        for name, content in files.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = 0 if info.type in NO_CONTENT else len(content)
            archive.addfile(info, io.BytesIO(content.encode()))
    return buffer.getvalue()


NO_CONTENT = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE)


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def put_tar(folder, files, name="set.tar.gz"):
    path = folder / name
    path.write_bytes(make_tar(files))
    return path


@pytest.mark.parametrize("name", ["set.tar.gz", "set.tgz", "set.zip"])
def test_tar(tmp_path, name):
    """The content tells what it is, not the name."""
    files = {
        special("WISDM", tarfile.DIRTYPE): "",
        "./WISDM/raw.txt": "1;\n",
        "./WISDM/._raw.txt": "litter",
        "WISDM/empty.txt": "",
        special("WISDM/none", tarfile.DIRTYPE): "",
        "deep/er/a.txt": "a" * 100_000,
    }
    archive = put_tar(tmp_path, files, name)
    folder = unpack(archive, tmp_path / "SET", landmarks=["WISDM/raw.txt"])
    assert names(folder) == ["WISDM", "deep"]
    assert names(folder / "WISDM") == ["empty.txt", "none", "raw.txt"]
    assert (folder / "WISDM" / "raw.txt").read_text() == "1;\n"
    assert (folder / "deep" / "er" / "a.txt").stat().st_size == 100_000
    assert names(tmp_path) == ["SET", name]


def test_tar_within_a_zip(tmp_path):
    archive = tmp_path / "set.zip"
    inner = make_tar({"./a/y.txt": "y"})
    archive.write_bytes(make_zip({"inner.tgz": inner, "b/kept.tar.gz": inner}))
    folder = unpack(archive, tmp_path / "SET", landmarks=["a/y.txt"])
    assert names(folder) == ["a", "b"]
    assert names(folder / "b") == ["kept.tar.gz"]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/evil.txt",
        "C:/evil.txt",
        "a\\..\\evil.txt",
        "..",
        special("a", tarfile.SYMTYPE, "../../evil"),
        special("a", tarfile.LNKTYPE, "../../evil"),
        special("a", tarfile.FIFOTYPE),
        special("a", tarfile.CHRTYPE),
    ],
)
@pytest.mark.parametrize("is_inner", [False, True])
def test_ways_out_of_a_tar(tmp_path, name, is_inner):
    folder = tmp_path / "deep" / "home"
    folder.mkdir(parents=True)
    archive = put_tar(folder, {"good.txt": "good", name: "evil"})
    if is_inner:
        content = archive.read_bytes()
        archive.write_bytes(make_zip({"inner.tar.gz": content}))
    message = r"must stay within its own folder; got .* leads out of it or is a link"
    with pytest.raises(DataError, match=message):
        unpack(archive, folder / "SET")
    assert names(folder) == ["set.tar.gz"]
    assert names(tmp_path) == ["deep"]


def test_file_below_a_link(tmp_path):
    """A link that came first would lead a good name astray."""
    link_first = {special("a", tarfile.SYMTYPE, ".."): "", "a/evil.txt": "evil"}
    archive = put_tar(tmp_path, link_first)
    with pytest.raises(DataError, match="got 'a', which leads out of it or is a link"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.tar.gz"]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9, 0.999])
def test_tar_cut_short(tmp_path, share):
    rng = range(40_000)
    whole = make_tar({"a.txt": " ".join(map(str, rng)), "b.txt": "b" * 10_000})
    archive = tmp_path / "set.tar.gz"
    archive.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match=r"^set\.tar\.gz must be a whole tar\.gz arch"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.tar.gz"]


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_tar_with_a_flipped_byte(tmp_path, at):
    """Deflate alone does not see it; the sum at the end does, before any file is."""
    archive = put_tar(tmp_path, {"a.txt": " ".join(map(str, range(20_000)))})
    content = bytearray(archive.read_bytes())
    content[int(at * len(content))] ^= 0x10
    archive.write_bytes(content)
    with pytest.raises(DataError, match="is damaged or cut short"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.tar.gz"]


@pytest.mark.parametrize("content", [b"", b"no tar" * 300])
def test_gzip_of_something_else(tmp_path, content):
    archive = tmp_path / "set.tar.gz"
    archive.write_bytes(gzip.compress(content))
    with pytest.raises(DataError, match=r"must be a whole tar\.gz archive; it is dam"):
        unpack(archive, tmp_path / "SET")


def test_header_that_wants_all_memory(tmp_path):
    """A long name is held in memory, however long it says it is."""
    info = special("x", tarfile.GNUTYPE_LONGNAME)
    info.size = 5 << 30
    archive = tmp_path / "set.tar.gz"
    archive.write_bytes(gzip.compress(info.tobuf() + b"n" * 10_000))
    with pytest.raises(DataError, match="a header of 5368709120 bytes"):
        unpack(archive, tmp_path / "SET")


def test_file_and_folder_of_one_name(tmp_path):
    archive = put_tar(tmp_path, {"a": "file", "a/b.txt": "below"})
    with pytest.raises(DataError, match="is damaged or cut short"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.tar.gz"]


@pytest.mark.parametrize("make", [make_zip, make_tar])
@pytest.mark.parametrize("is_inner", [False, True])
def test_bomb(tmp_path, monkeypatch, make, is_inner):
    """What expands a thousandfold is made to fill the disk."""
    monkeypatch.setattr(_unpack, "FREE_BYTES", 100_000)
    archive = tmp_path / "set.zip"
    content = make({"a.txt": "0" * 3_000_000})
    suffix = "zip" if make is make_zip else "tgz"
    archive.write_bytes(make_zip({f"b.{suffix}": content}) if is_inner else content)
    with pytest.raises(
        DataError, match=r"must expand to at most 100 times its size; g"
    ):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.zip"]


def test_bomb_behind_the_end_of_a_tar(tmp_path, monkeypatch):
    monkeypatch.setattr(_unpack, "FREE_BYTES", 100_000)
    archive = tmp_path / "set.tar.gz"
    tar = make_tar({"a.txt": "a"}, packed=False)
    archive.write_bytes(gzip.compress(tar + bytes(5_000_000)))
    with pytest.raises(
        DataError, match=r"must expand to at most 100 times its size; g"
    ):
        unpack(archive, tmp_path / "SET")


def test_no_room_for_a_tar(tmp_path, monkeypatch):
    archive = put_tar(tmp_path, {"a.txt": "0" * 3_000_000})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=10**6))
    with pytest.raises(DataError, match=r"must have 3 MB of room; 1 MB are free"):
        unpack(archive, tmp_path / "SET")
    assert names(tmp_path) == ["set.tar.gz"]
