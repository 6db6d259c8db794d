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


def packed(path, name, content):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
    return path


def test_one_file_alone_in_a_folder_or_archive(tmp_path):
    table = b"time_s;hr_bpm\n0;70\n1;71\n"
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "heart.csv").write_bytes(table)
    (folder / "readme.md").write_text("about it")
    assert read(folder).name == "heart"
    inner = packed(tmp_path / "inner.zip", "a/heart.csv", table)
    assert read(inner).channel_names == ("hr_bpm",)
    outer = packed(tmp_path / "outer.zip", "inner.zip", inner.read_bytes())
    assert read(outer).channel_names == ("hr_bpm",)


def test_archives_in_archives_end(tmp_path):
    """There are archives that hold themselves."""
    path = packed(tmp_path / "0.zip", "a.csv", b"time_s,hr_bpm\n0,70\n")
    for i in range(1, 5):
        path = packed(tmp_path / f"{i}.zip", f"{i - 1}.zip", path.read_bytes())
    with pytest.raises(DataError, match=r"2.zip must be in a format known"):
        read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Obj\1\4\x16avro.schema", "is an Avro file, as Empatica's EmbracePlus"),
        (b"MATLAB 5.0 MAT-file, Platform", r"is a MATLAB file, .* writetimetable"),
        (b"\x0e\x10\0\0\0\0\0\0.FIT\0\0", "is a Garmin .fit file, which is not read"),
        (b'<?xml version="1.0"?>\n<TrainingCenterDatabase/>', "is a TCX file"),
        (b'<?xml version="1.0"?>\n<kml xmlns="x"/>', "is a KML file"),
        (b"\x89HDF\r\n\x1a\n\0", "is an HDF5 file"),
        (b"PAR1\x15\0", "is a Parquet file"),
        (b"RIFF\x24\0\0\0WAVE", "is a sound file"),
        (b'{"a": [1, 2, 3]}', "must be in a format known"),
        (b"<html><body>404</body></html>", "must be in a format known"),
    ],
)
def test_formats_that_people_have_and_are_not_read(tmp_path, content, message):
    path = tmp_path / "export"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"export {message}"):
        read(path)


def test_a_folder_of_avro_files(tmp_path):
    (tmp_path / "raw_data").mkdir()
    for name in ("1-1-A_1.avro", "1-1-A_2.avro"):
        (tmp_path / "raw_data" / name).write_bytes(b"Obj\1")
    with pytest.raises(DataError, match="is a folder of Avro files, as of EmbracePlus"):
        read(tmp_path)


def test_folder_and_nothing(tmp_path):
    with pytest.raises(DataError, match="must be an app's export; none of the"):
        read(tmp_path)
    with pytest.raises(FileNotFoundError, match="read needs a file; .* does not exist"):
        read(tmp_path / "a.csv")
