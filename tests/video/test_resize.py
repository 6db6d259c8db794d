"""Scaling keeps what it must keep."""

import numpy as np
import pytest

from sensorhar.video._resize import resize, to_grey


@pytest.mark.parametrize(
    ("shape", "size"), [((48, 64), (12, 12)), ((30, 20), (45, 45)), ((7, 9), (5, 3))]
)
@pytest.mark.parametrize("fit", ["crop", "stretch"])
def test_an_even_frame_stays_even(shape, size, fit):
    frame = np.full((*shape, 3), 77, np.uint8)
    out = resize(frame, *size, fit=fit)
    assert out.shape == (*size, 3)
    assert (out == 77).all()


def test_the_same_size_is_the_same_frame():
    frame = np.zeros((5, 6, 3), np.uint8)
    assert resize(frame, 5, 6) is frame


def test_a_ramp_stays_a_ramp():
    # column j holds 2 j; halved, column i stands for 2 i + 0.5, and so for 4 i + 1
    ramp = np.broadcast_to(2 * np.arange(80, dtype=np.uint8)[:, None], (40, 80, 1))
    out = resize(ramp, 20, 40)[:, 1:-1, 0]
    assert np.array_equal(out, np.broadcast_to(4 * np.arange(1, 39) + 1, (20, 38)))
    # cut to a square of 40 columns from 20 to 59: 2 (20 + 2 i) + 1
    out = resize(ramp, 20, 20)[:, :, 0]
    assert np.array_equal(out, np.broadcast_to(41 + 4 * np.arange(20), (20, 20)))


def test_against_a_plain_loop():
    rng = np.random.default_rng(0)
    frame = rng.integers(0, 256, (31, 45, 3), dtype=np.uint8)
    out = resize(frame, 20, 18)
    scale = min(31 / 20, 45 / 18)
    for i, j in [(0, 0), (7, 11), (19, 17)]:
        total, weight = np.zeros(3), 0.0
        y = (31 - 20 * scale) / 2 + (i + 0.5) * scale
        x = (45 - 18 * scale) / 2 + (j + 0.5) * scale
        for r in range(31):
            for c in range(45):
                w = max(0, 1 - abs(r + 0.5 - y) / scale) * max(
                    0, 1 - abs(c + 0.5 - x) / scale
                )
                total += w * frame[r, c]
                weight += w
        assert np.abs(out[i, j] - total / weight).max() <= 0.51


def test_grey_weighs_colours():
    frame = np.array([[[100, 0, 0], [0, 100, 0], [0, 0, 100], [9, 9, 9]]], np.uint8)
    assert to_grey(frame)[0, :, 0].tolist() == [30, 59, 11, 9]
