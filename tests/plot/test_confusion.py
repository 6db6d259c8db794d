"""The map shows every count that is not zero, and the share as shade."""

import numpy as np
import pytest

from sensorhar.plot import plot_confusion


def numbers(ax):
    return {
        (int(t.get_position()[1]), int(t.get_position()[0])): int(t.get_text())
        for t in ax.texts
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_counts_and_shares_are_shown(report, theme):
    ax = plot_confusion(report, theme=theme)
    counts = report["cnn"].confusion
    assert numbers(ax) == {
        (row, column): counts[row, column]
        for row in range(3)
        for column in range(3)
        if counts[row, column]
    }
    share = np.asarray(ax.images[0].get_array())
    np.testing.assert_allclose(share.sum(axis=1), 1)
    assert [t.get_text() for t in ax.get_yticklabels()] == list(report.labels)
    assert ax.get_title(loc="left") == "cnn (2 seeds)"
    ax.figure.canvas.draw()


def test_a_class_without_windows_stays_empty():
    ax = plot_confusion([[3, 1], [0, 0]], ["a", "b"])
    assert np.asarray(ax.images[0].get_array()).tolist() == [[0.75, 0.25], [0, 0]]


def test_a_name_picks_the_classifier_and_axes_are_used(report):
    ax = plot_confusion(report)
    assert plot_confusion(report, name="worse", ax=ax) is ax
    assert ax.get_title(loc="left") == "worse (2 seeds)"


def test_a_leaky_report_says_so(leaky):
    assert plot_confusion(leaky).get_title(loc="left").startswith("LEAKY - cnn")


def test_counts_need_names():
    with pytest.raises(ValueError, match="labels must name each of 2 rows.*got None"):
        plot_confusion([[1, 0], [0, 1]])


def test_an_unknown_theme_is_told_the_choices(report):
    with pytest.raises(ValueError, match="theme must be one of 'dark', 'light'"):
        plot_confusion(report, theme="sepia")
