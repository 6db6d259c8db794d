"""The format is chosen by content, not by the ending of the name."""

import zipfile

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.io.read import read


def test_archive_under_any_name(tmp_path, recording, separable):
    path = recording.save(tmp_path / "a.npz")
    same = read(path.rename(tmp_path / "a.dat"))
    assert same.subject == recording.subject
    np.testing.assert_array_equal(same.streams[0].values, recording.streams[0].values)
    windows = read(str(separable.save(tmp_path / "w.npz")))
    assert windows.shape == separable.shape


def test_table(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("time_s;hr_bpm\n0;70\n1;71\n")
    assert read(path).channel_names == ("hr_bpm",)


def test_broken_archive(tmp_path, recording):
    path = recording.save(tmp_path / "a.npz")
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(DataError, match="it cannot be read"):
        read(path)


def test_unknown_formats(tmp_path):
    path = tmp_path / "a.bin"
    message = (
        r"must be in a format known \(sensorhar \.npz, sensorhar log, .* a text table "
        r"with column names\); it is in none of them. Convert it"
    )
    for content in (b"\0\1\2\3" * 50, b"", b"\x89PNG\r\n\x1a\n\0\0"):
        path.write_bytes(content)
        with pytest.raises(DataError, match=message):
            read(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "x" * 100 + "\0")
    with pytest.raises(DataError, match=message):
        read(path)


def test_folder_and_nothing(tmp_path):
    with pytest.raises(DataError, match="must be an app's export; none of the"):
        read(tmp_path)
    with pytest.raises(FileNotFoundError, match="read needs a file; .* does not exist"):
        read(tmp_path / "a.csv")
