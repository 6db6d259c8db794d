"""Files that were cut short are told by their own headers."""

import pytest

from sensorhar.errors import DataError
from sensorhar.video._whole import check_whole


def box(kind, content, *, length=None):
    size = 8 + len(content) if length is None else length
    return size.to_bytes(4, "big") + kind + content


def chunk(kind, content):
    return (
        kind + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
    )


MP4 = box(b"ftyp", b"isom") + box(b"moov", bytes(20)) + box(b"mdat", bytes(100))
LARGE = b"\0\0\0\1mdat" + (16 + 50).to_bytes(8, "big") + bytes(50)
OPEN = box(b"ftyp", b"qt  ") + box(b"mdat", bytes(70), length=0)
AVI = b"RIFF" + bytes(4) + b"AVI " + chunk(b"LIST", b"hdrl123")
AVI += chunk(b"LIST", b"movi" + bytes(60))
LONGER = AVI + b"RIFF" + bytes(4) + b"AVIX" + chunk(b"LIST", b"movi" + bytes(40))
MKV = b"\x1a\x45\xdf\xa3\x84abcd" + b"\x18\x53\x80\x67\x40\x64" + bytes(100)
LIVE = b"\x1a\x45\xdf\xa3\x84abcd" + b"\x18\x53\x80\x67\xff" + bytes(100)


@pytest.mark.parametrize("content", [MP4, LARGE, AVI, LONGER, MKV])
def test_each_length_is_known(tmp_path, content):
    path = tmp_path / "video"
    path.write_bytes(content)
    check_whole(path, "video")
    path.write_bytes(content[:-1])
    message = (
        f"video must have at least {len(content):,} bytes, as its header says; it "
    )
    with pytest.raises(DataError, match=f"{message}is cut short after"):
        check_whole(path, "video")


@pytest.mark.parametrize("content", [OPEN, LIVE, b"", b"x", b"GIF89a" + bytes(20)])
def test_what_does_not_say_passes(tmp_path, content):
    path = tmp_path / "video"
    path.write_bytes(content)
    check_whole(path, "video")


def test_an_index_that_is_missing_does_no_harm(tmp_path):
    path = tmp_path / "video.avi"
    path.write_bytes(AVI + chunk(b"idx1", bytes(30))[:-8])
    check_whole(path, "video.avi")
