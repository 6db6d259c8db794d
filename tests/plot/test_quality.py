"""What is wrong is drawn where it is."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.plot.quality import plot_quality


def bad():
    rng = np.random.default_rng(0)
    time_s = np.arange(6000) / 50
    values = rng.normal([0, 0, 9.8], 1.5, (6000, 3))
    values[4000:4500, 0] = 0.5
    values = np.clip(values, -11, 11)
    there = (time_s < 20) | (time_s >= 40)
    acc = sh.Stream.of_sensor(
        "accelerometer", values[there], time_s[there], has_gravity=True, place="wrist"
    )
    gyr = sh.Stream.of_sensor("gyroscope", rng.normal(size=(6000, 3)), time_s)
    gps = sh.Stream.of_sensor("gps", np.ones((100, 6)), np.arange(100.0))
    events = sh.Events([0, 60, 80], [30, 70, 90], ["sit", "walk", "sit"])
    return sh.Recording([acc, gyr, gps], name="one", subject="anna", events=events)


def spans(ax, label):
    patch = next(p for p in ax.patches if p.get_label() == label)
    return patch.get_x(), patch.get_x() + patch.get_width()


def test_rates_gaps_clipping_and_labels_are_drawn():
    figure = plot_quality(bad())
    rates, acc, gyr, labels = figure.axes
    assert rates.get_title(loc="left") == "one of anna"
    texts = [text.get_text() for text in rates.get_legend().get_texts()]
    assert texts == ["accelerometer (wrist)", "gyroscope"]
    rate = rates.patches[0].get_data().values
    assert rate.max() == pytest.approx(50, rel=0.05)
    assert rate.min() == 0
    assert spans(acc, "gap") == pytest.approx((19.98, 40))
    assert spans(acc, "an axis is stuck") == pytest.approx((80, 89.98))
    marks = next(line for line in acc.lines if line.get_label() == "clipped")
    assert len(marks.get_xdata()) > 100
    assert acc.lines[0].get_label() == "9.81"
    assert not gyr.lines
    assert gyr.get_ylabel() == "gyroscope\n[rad/s]"
    assert spans(labels, "sit") == (0, 30)
    assert [p.get_x() for p in labels.patches] == [0, 60, 80]
    figure.canvas.draw()


def test_time_is_in_hours_when_long_and_non_wear_is_shaded():
    rng = np.random.default_rng(0)
    values = rng.normal([0, 0, 9.8], 0.5, (4 * 3600, 3))
    values[3600:11_000] = [0, 0, 9.8]
    acc = sh.Stream.of_sensor(
        "accelerometer", values, np.arange(4 * 3600.0), has_gravity=True
    )
    figure = plot_quality(sh.Recording([acc]), theme="dark")
    assert figure.axes[-1].get_xlabel() == "h"
    assert spans(figure.axes[1], "not worn") == pytest.approx((1, 3))
    assert figure.axes[-1].texts[0].get_text() == "none"
    figure.canvas.draw()


def test_recordings_without_motion_and_of_one_sample_are_drawn():
    heart = sh.Stream.of_sensor("heart_rate", [[60.0]], [0.0])
    figure = plot_quality(sh.Recording([heart]))
    assert len(figure.axes) == 2
    figure.canvas.draw()
    acc = sh.Stream.of_sensor(
        "accelerometer", [[0.0, 0, 9.8], [np.nan] * 3, [0, 0, 9.9]], [0.0, 1, 2],
        has_gravity=True,
    )  # fmt: skip
    plot_quality(sh.Recording([acc])).canvas.draw()
    with pytest.raises(ValueError, match="theme must be one of"):
        plot_quality(sh.Recording([heart]), theme="loud")
