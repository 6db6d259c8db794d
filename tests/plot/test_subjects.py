"""Bars are the scores of the subjects, the hardest first."""

import numpy as np
import pytest

from sensorhar.plot import plot_subjects


@pytest.mark.parametrize("metric", ["accuracy", "macro_f1"])
def test_bars_are_the_scores(report, metric):
    ax = plot_subjects(report, metric=metric)
    scores = report["cnn"].per_subject(metric)
    heights = [bar.get_height() for bar in ax.patches]
    np.testing.assert_allclose(heights, sorted(scores.values()))
    names = [t.get_text() for t in ax.get_xticklabels()]
    assert names == sorted(scores, key=scores.get)
    assert names[0] == "ben & co"
    mean = ax.lines[0].get_ydata()[0]
    assert mean == pytest.approx(np.mean(list(scores.values())))
    ax.figure.canvas.draw()


def test_a_leaky_report_says_so(leaky):
    assert plot_subjects(leaky).get_title(loc="left").startswith("LEAKY - cnn")


def test_an_unknown_metric_is_told_the_choices(report):
    with pytest.raises(ValueError, match="metric must be one of"):
        plot_subjects(report, metric="luck")
