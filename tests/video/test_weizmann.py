"""Outlines become silhouettes of the right area."""

import gzip
from collections import Counter

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import read_weizmann, window_indices
from sensorhar.video.weizmann import _fill, _outlines


def write(path, frames, level="0.333333"):
    """Write outlines, one list of polygons a frame, as the files hold them."""
    lines = [str(len(frames))]
    for polygons in frames:
        rows = []
        for points in polygons:
            rows += [f"{level} {len(points)} ", *(f"{x} {y} " for x, y in points)]
        lines += [str(len(rows)), *rows]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def square(x, y, side):
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]


def test_fills_by_the_even_odd_rule():
    outer, inner = np.array(square(9.5, 19.5, 20)), np.array(square(14.5, 24.5, 5))
    full = _fill([outer])[..., 0]
    assert (full > 0).sum() == 400
    assert set(np.unique(full)) == {0, 255}
    rows, columns = np.nonzero(full)
    assert (rows.min(), rows.max()) == (20, 39)
    assert (columns.min(), columns.max()) == (10 + 13, 29 + 13)
    assert (_fill([outer, inner]) > 0).sum() == 375
    assert not _fill([]).any()
    triangle = np.array([(0.0, 10), (80, 10), (0, 90), (0, 10)])
    assert (_fill([triangle]) > 0).sum() == pytest.approx(3200, rel=0.02)


def test_clips_have_label_and_person(tmp_path):
    for name, n_frames in (("run_lena_e02", 6), ("wave1_ido_e01", 8)):
        frames = [[square(20 + i, 40, 30)] for i in range(n_frames)]
        write(tmp_path / f"{name}.txt.gz", frames)
    clips = read_weizmann(tmp_path, n_frames=3, size=60)
    assert clips.shape == (2, 3, 60, 60, 1)
    assert (clips.y.tolist(), clips.groups.tolist()) == (
        ["run", "wave1"],
        ["lena", "ido"],
    )
    assert clips.names.tolist() == ["run_lena_e02", "wave1_ido_e01"]
    assert clips[0].sum(axis=(1, 2, 3)) == pytest.approx([225] * 3, rel=0.05)
    all_of_it = read_weizmann(
        tmp_path, n_frames=3, sampling=lambda n: window_indices(n, n_frames=3)
    )
    assert len(all_of_it) == 4


def test_broken_files(tmp_path):
    path = tmp_path / "run_lena_e01.txt.gz"
    write(path, [[square(0, 0, 5)], [square(0, 0, 5)]])
    whole = gzip.decompress(path.read_bytes()).decode()
    for text, message in (
        (whole[:-10], "frame 1 of run_lena_e01.txt.gz must hold contours; its numbers"),
        (
            whole.replace("0.333333 5", "0.333333 9", 1),
            "frame 0 .* one names 9 points and",
        ),
        (
            whole.replace("0.333333 5", "0.333333 nan", 1),
            "frame 0 .* must hold contours",
        ),
        ("hello", "must hold numbers; it cannot be read"),
    ):
        path.write_bytes(gzip.compress(text.encode()))
        with pytest.raises(DataError, match=message):
            read_weizmann(tmp_path)
    path.write_bytes(b"\x1f\x8bnot gzip")
    with pytest.raises(DataError, match="must hold numbers; it cannot be read"):
        read_weizmann(tmp_path)
    with pytest.raises(
        DataError, match="must be a folder with the contours of Weizmann"
    ):
        read_weizmann(tmp_path / "nowhere")


def test_real_files(real_data):
    folder = real_data / "video" / "weizmann_contours"
    if not folder.is_dir():
        pytest.skip("the contours of Weizmann are not on this machine")
    paths = sorted(folder.glob("*.txt.gz"))
    assert len(paths) == 93
    tally = Counter(path.name.split("_")[0] for path in paths)
    assert tally == dict.fromkeys(tally, 9) | {"run": 10, "skip": 10, "walk": 10}
    # Both levels run around the same pixels of the authors' mask.
    path = folder / "bend_daria_e01.txt.gz"
    for inner, outer in zip(_outlines(path, 2 / 3), _outlines(path), strict=True):
        assert np.array_equal(_fill(inner), _fill(outer))
        area = sum(shoelace(points) for points in outer)
        assert (_fill(outer) > 0).sum() == pytest.approx(abs(area), rel=0.06)


def shoelace(points):
    x, y = points.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2
