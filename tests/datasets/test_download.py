"""Files come whole or not at all, over connections that break (loopback only)."""

import hashlib
import shutil
from types import SimpleNamespace

import pytest

from sensorhar.datasets import _download
from sensorhar.datasets._download import download
from sensorhar.errors import DownloadError
from tests.datasets._server import CONTENT, serve

SHA256 = hashlib.sha256(CONTENT).hexdigest()


def fetch(server, folder, **more):
    more = {"sha256": SHA256, "progress": False, **more}
    return download(server.url, folder / "set.zip", **more)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("length", [True, False])
def test_whole(tmp_path, length):
    with serve(length=length) as server:
        path = fetch(server, tmp_path / "new" / "folder")
    assert path.read_bytes() == CONTENT
    assert names(path.parent) == ["set.zip"]
    assert server.seen == [None]


def test_dropped_and_resumed_by_itself(tmp_path):
    with serve(drops=[100_000, 200_000]) as server:
        path = fetch(server, tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.seen == [None, "bytes=100000-", "bytes=300000-"]


def test_dropped_for_good_then_resumed(tmp_path):
    with (
        serve(drops=[100_000] + [0] * 9) as server,
        pytest.raises(
            DownloadError, match=r"stopped at 100,000 bytes .*go on from there"
        ),
    ):
        fetch(server, tmp_path)
    assert names(tmp_path) == ["set.zip.part"]
    with serve() as server:
        path = fetch(server, tmp_path)
    assert server.seen == ["bytes=100000-"]
    assert path.read_bytes() == CONTENT
    assert names(tmp_path) == ["set.zip"]


def test_server_without_ranges_starts_over(tmp_path):
    (tmp_path / "set.zip.part").write_bytes(b"x" * 1000)
    with serve(ranges=False) as server:
        assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert server.seen == ["bytes=1000-"]


def test_whole_part_needs_only_the_check(tmp_path):
    (tmp_path / "set.zip.part").write_bytes(CONTENT)
    with serve() as server:
        assert fetch(server, tmp_path, size_bytes=len(CONTENT)).exists()
    assert server.seen == [f"bytes={len(CONTENT)}-"]


def test_part_longer_than_the_file_is_thrown_away(tmp_path):
    (tmp_path / "set.zip.part").write_bytes(CONTENT + b"more")
    with serve() as server:
        path = fetch(server, tmp_path, size_bytes=len(CONTENT))
    assert path.read_bytes() == CONTENT


def test_wrong_bytes(tmp_path):
    with (
        serve(CONTENT[::-1]) as server,
        pytest.raises(
            DownloadError,
            match=rf"must have SHA-256 {SHA256}; got [0-9a-f]{{64}} .*Ask me",
        ),
    ):
        fetch(server, tmp_path, advice="Ask me.")
    assert names(tmp_path) == []


def test_part_of_another_version(tmp_path):
    """A resumed file that does not fit together is found out and removed."""
    (tmp_path / "set.zip.part").write_bytes(b"x" * 1000)
    with serve() as server:
        with pytest.raises(DownloadError, match="damaged on the way"):
            fetch(server, tmp_path)
        assert names(tmp_path) == []
        assert fetch(server, tmp_path).read_bytes() == CONTENT


def test_wrong_size_when_the_checksum_is_not_known(tmp_path):
    with (
        serve() as server,
        pytest.raises(DownloadError, match=r"must have 512,001 bytes; got 512,000"),
    ):
        fetch(server, tmp_path, sha256=None, size_bytes=len(CONTENT) + 1)
    assert names(tmp_path) == []


@pytest.mark.parametrize("status", [404, 403, 500])
def test_refused(tmp_path, status):
    with (
        serve(status=status) as server,
        pytest.raises(DownloadError, match=rf"answered {status} .* may have changed"),
    ):
        fetch(server, tmp_path)
    assert names(tmp_path) == []


def test_nobody_there(tmp_path):
    with serve() as server:
        pass
    with pytest.raises(DownloadError, match=r"could not be reached \(.*refused"):
        fetch(server, tmp_path)
    assert names(tmp_path) == []


def test_no_room(tmp_path, monkeypatch):
    usage = SimpleNamespace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(
        DownloadError, match=r"room for 61 MB; 1 MB are free\. Free some"
    ):
        download("http://127.0.0.1:9/a", tmp_path / "a.zip", size_bytes=61_000_000)


def test_disk_full_on_the_way(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_download, "_copy", full)
    with (
        serve() as server,
        pytest.raises(DownloadError, match=r"could not be written .*No space left"),
    ):
        fetch(server, tmp_path)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a/b", "set.zip"])
def test_only_http(tmp_path, url):
    with pytest.raises(DownloadError, match="needs an http or https address; got"):
        download(url, tmp_path / "a.zip")


@pytest.mark.parametrize("size_bytes", [None, len(CONTENT)])
def test_bar_goes_to_stderr(tmp_path, capsys, size_bytes):
    with serve() as server:
        fetch(server, tmp_path, progress=True, size_bytes=size_bytes)
    assert capsys.readouterr().out == ""
