"""Skeletons of NTU RGB+D: who moves is taken, and broken files are named."""

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import KINECT_2, make_poses, read_ntu_skeleton


def body(identity, positions):
    lines = [f"{identity} 0 1 1 1 1 0 0.01 -0.2 2", "25"]
    lines += [f"{x} {y} {z} 1 2 3 4 5 6 7 8 2" for x, y, z in positions]
    return lines


def ntu(folder, frames, name="S001C001P007R001A008.skeleton"):
    lines = [str(len(frames))]
    for bodies in frames:
        lines.append(str(len(bodies)))
        for one in bodies:
            lines += body(*one)
    path = folder / name
    path.write_text("\r\n".join(lines) + "\r\n")
    return path


def test_ntu_takes_who_moves(tmp_path):
    rng = np.random.default_rng(0)
    still = np.ones((25, 3))
    moving = rng.normal(size=(3, 25, 3)).round(4)
    path = ntu(tmp_path, [[(1, still), (2, moving[0])], [(1, still)], [(2, moving[2])]])
    one = read_ntu_skeleton(path)
    assert np.array_equal(one.positions[[0, 2]], moving[[0, 2]])
    assert np.isnan(one.positions[1]).all()
    assert (one.label, one.group, one.skeleton) == ("A008", "P007", KINECT_2)
    words = [f"action {i}" for i in range(1, 61)]
    assert read_ntu_skeleton(path, labels=words).label == "action 8"
    assert np.isfinite(np.asarray(make_poses([one]))).all()
    with pytest.raises(
        DataError, match="is of action 8; labels name 3. Pass the labels"
    ):
        read_ntu_skeleton(path, labels=words[:3])


def test_broken_ntu(tmp_path):
    path = ntu(tmp_path, [[(1, np.ones((25, 3)))]])
    text = path.read_text()
    for change, message in (
        (text[:-60], r"A008.skeleton (ends where|must hold)|twelve numbers of a joint"),
        (
            text.replace("1.0 1.0 1.0 1", "1.0 x 1.0 1", 1),
            "line 5 .* twelve numbers of a",
        ),
        (text.replace("\n25\n", "\n24\n"), "a body in frame 0 .* must have 25 joints"),
        ("2\n0\n0\n", "must hold a body; none of its 2 frames does"),
        ("2\n0\n", "ends where the number of bodies must follow"),
        ("x\n", "line 1 of .* must hold the number of frames; got 'x'"),
    ):
        path.write_text(change)
        with pytest.raises(DataError, match=message):
            read_ntu_skeleton(path)
