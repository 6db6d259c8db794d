"""Where data sets are looked for, and what happens when they are nowhere."""

import hashlib
import io
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from sensorhar.datasets import _fetch
from sensorhar.datasets._fetch import cache_dir, find_or_fetch
from sensorhar.datasets.uci_har import CARD, read_part
from sensorhar.errors import DataError, DownloadError
from tests.datasets._layouts import write_uci_har
from tests.datasets._server import serve


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Give an empty cache, no shared data, and no way to the internet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SENSORHAR_CACHE", str(folder))
    monkeypatch.delenv("SENSORHAR_DATA", raising=False)
    return folder


def archive_of(tmp_path):
    """Return an archive as UCI gives it: a zip in a zip."""
    home, _ = write_uci_har(tmp_path / "original")
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(home.rglob("*.txt")):
            archive.write(path, path.relative_to(home.parent))
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("UCI HAR Dataset.zip", inner.getvalue())
    return outer.getvalue()


def card_of(content, url):
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(CARD, url=url, sha256=sha256, size_bytes=len(content))


@pytest.mark.parametrize("below", ["", "UCI_HAR"])
def test_in_a_folder_given(tmp_path, below):
    home, _ = write_uci_har(tmp_path / "data" / below)
    for folder in (tmp_path / "data", home.parent, home, str(home)):
        assert find_or_fetch(CARD, data_dir=folder, download=False) == home


def test_in_the_shared_folder_then_in_the_cache(tmp_path, cache, monkeypatch):
    in_cache, _ = write_uci_har(cache / "UCI_HAR")
    assert find_or_fetch(CARD, download=False) == in_cache
    shared, _ = write_uci_har(tmp_path / "shared" / "UCI_HAR")
    monkeypatch.setenv("SENSORHAR_DATA", str(tmp_path / "shared"))
    assert find_or_fetch(CARD, download=False) == shared
    monkeypatch.setenv("SENSORHAR_DATA", str(tmp_path / "original"))
    (tmp_path / "original").mkdir()
    assert find_or_fetch(CARD, download=False) == in_cache


def test_shared_folder_that_is_none(monkeypatch):
    monkeypatch.setenv("SENSORHAR_DATA", "../no/such/folder")
    message = (
        r"SENSORHAR_DATA must name a folder .*; got '\.\./no/such/folder', which is"
    )
    with pytest.raises(DataError, match=message):
        find_or_fetch(CARD, download=False)


def test_nowhere(tmp_path, cache):
    message = (
        r"data set 'uci-har' must lie in a folder 'UCI_HAR' .*; it is not in "
        r".*cache\. Pass download=True, or fetch it by hand from https://archive.* "
        r"set SENSORHAR_DATA to the folder above\."
    )
    with pytest.raises(DataError, match=message):
        find_or_fetch(CARD, download=False)
    with pytest.raises(DataError, match=f"it is not in {tmp_path}"):
        find_or_fetch(CARD, data_dir=tmp_path, download=False)
    assert not cache.exists()


def test_downloaded_once(tmp_path, cache):
    content = archive_of(tmp_path)
    with serve(content, drops=[3000]) as server:
        card = card_of(content, server.url)
        for _ in range(2):
            home = find_or_fetch(card, progress=False)
    assert server.seen == [None, "bytes=3000-"]
    assert home == cache / "UCI_HAR" / "UCI HAR Dataset"
    assert [path.name for path in cache.iterdir()] == ["UCI_HAR"]
    assert read_part(home, "train").shape == (6, 128, 9)


def test_downloaded_into_a_folder_given(tmp_path, cache):
    content = archive_of(tmp_path)
    with serve(content) as server:
        card = card_of(content, server.url)
        home = find_or_fetch(card, data_dir=tmp_path / "mine", progress=False)
    assert home == tmp_path / "mine" / "UCI_HAR" / "UCI HAR Dataset"
    assert not cache.exists()


def test_wrong_checksum(tmp_path, cache):
    content = archive_of(tmp_path)
    with serve(content) as server:
        card = replace(card_of(content, server.url), sha256="0" * 64)
        message = (
            "must have SHA-256 0+; got .* Or fetch it by hand from https://archive"
        )
        with pytest.raises(DownloadError, match=message):
            find_or_fetch(card, progress=False)
    assert list(cache.iterdir()) == []


def test_archive_cut_short_at_its_source(tmp_path, cache):
    content = archive_of(tmp_path)[:-2000]
    with serve(content) as server:
        card = card_of(content, server.url)
        with pytest.raises(DataError, match="whole zip archive; it is damaged"):
            find_or_fetch(card, progress=False)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "{set}/sensorhar"),
        ("linux", None, "{home}/.cache/sensorhar"),
        ("darwin", None, "{home}/Library/Caches/sensorhar"),
        ("win32", "LOCALAPPDATA", "{set}/sensorhar"),
        ("win32", None, "{home}/AppData/Local/sensorhar"),
    ],
)
def test_cache_of_each_system(tmp_path, monkeypatch, platform, variable, expected):
    for name in ("SENSORHAR_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "set"))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    where = {"set": tmp_path / "set", "home": tmp_path / "home"}
    assert cache_dir() == Path(expected.format(**where))
    monkeypatch.setenv("SENSORHAR_CACHE", str(tmp_path / "own"))
    assert _fetch.cache_dir() == tmp_path / "own"
