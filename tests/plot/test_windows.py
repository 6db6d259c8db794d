"""Each label has its panel, with the numbers of its example."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.plot import plot_windows


def test_each_label_has_its_window(report):
    figure = plot_windows(report)
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(report.labels)
    for ax, example in zip(figure.axes, report.examples, strict=True):
        for i, line in enumerate(ax.lines):
            np.testing.assert_array_equal(line.get_ydata(), example.values[:, i])
    assert figure.axes[0].get_ylim() == figure.axes[2].get_ylim()
    assert figure.axes[0].get_ylabel() == "m/s²"
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["acc_x", "acc_y", "acc_z"]
    figure.canvas.draw()


def test_seven_labels_fill_two_rows():
    spec = sh.WindowSpec((sh.Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 10)
    values = np.arange(7)[:, None, None] * np.ones((7, 10, 1))
    windows = sh.Windows.from_array(values, spec=spec, y=list("abcdefg"))
    figure = plot_windows(windows)
    assert [ax.get_title(loc="left") for ax in figure.axes] == list("abcdefg")


def test_a_leaky_report_says_so(leaky):
    assert plot_windows(leaky).get_suptitle() == "LEAKY"


def test_unlabelled_windows_are_refused():
    spec = sh.WindowSpec((sh.Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 10)
    windows = sh.Windows.from_array(np.zeros((2, 10, 1)), spec=spec)
    with pytest.raises(ValueError, match="plot_windows needs labelled windows"):
        plot_windows(windows)
