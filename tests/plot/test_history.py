"""Curves are those of the fits, and their mean over the fits that got so far."""

import pytest

from sensorhar.plot import plot_history


def test_the_mean_is_over_the_fits_that_reached_an_epoch(report):
    ax = plot_history(report)
    curves = {line.get_label(): line.get_ydata().tolist() for line in ax.lines}
    assert curves["training"] == [4, 3, 1]
    assert curves["held out"] == [3.5, 3.5, 2]
    assert len(ax.lines) == 2 * (2 + 1)
    assert ax.get_title(loc="left") == "cnn: loss, 2 fits"
    ax.figure.canvas.draw()


def test_a_leaky_report_says_so(leaky):
    assert plot_history(leaky).get_title(loc="left").startswith("LEAKY - cnn")


def test_a_classifier_without_curves_is_refused(report):
    with pytest.raises(ValueError, match="curve 'loss'; worse of this report"):
        plot_history(report, name="worse")


def test_a_curve_that_is_not_kept_is_refused(report):
    with pytest.raises(ValueError, match="curve 'luck'.*Curves kept: loss, val_loss"):
        plot_history(report, curve="luck")
