"""Streams are drawn on their clocks, events as bands; long ones keep their peaks."""

import numpy as np

import sensorhar as sh
from sensorhar.plot import plot_recording


def recording(n_samples=500, events=None):
    time_s = np.arange(n_samples) / 50
    values = np.random.default_rng(0).normal(0, 1, (n_samples, 3))
    streams = [
        sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=False),
        sh.Stream.of_sensor("gyroscope", values[::2], time_s[::2]),
    ]
    return sh.Recording(streams, name="one", subject="anna", events=events)


def test_each_sensor_has_its_panel_and_each_event_its_band():
    events = sh.Events([0, 5, 7], [5, 6, 9], ["sit", "walk", "sit"])
    figure = plot_recording(recording(events=events))
    acc, gyr = figure.axes
    assert acc.get_ylabel() == "accelerometer\n[m/s²]"
    assert gyr.get_ylabel() == "gyroscope\n[rad/s]"
    assert acc.get_title(loc="left") == "one of anna"
    assert [line.get_label() for line in gyr.lines] == ["gyr_x", "gyr_y", "gyr_z"]
    assert len(gyr.lines[0].get_ydata()) == 250
    for ax in (acc, gyr):
        spans = [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches]
        assert spans == [(0, 5), (5, 6), (7, 9)]
        colours = [p.get_facecolor() for p in ax.patches]
        assert colours[0] == colours[2] != colours[1]
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["sit", "walk"]
    figure.canvas.draw()


def test_without_events_there_are_no_bands():
    figure = plot_recording(recording(), theme="dark")
    assert not figure.legends
    assert not figure.axes[0].patches


def test_a_long_stream_is_thinned_and_keeps_its_extremes():
    time_s = np.arange(100_000) / 100
    values = np.random.default_rng(0).normal(0, 1, 100_000)
    values[54_321], values[77_777], values[5] = 99, -99, np.nan
    channel = sh.Channel("hr_bpm", "bpm", "heart_rate")
    stream = sh.Stream(values[:, None], time_s, [channel])
    (ax,) = plot_recording(sh.Recording([stream])).axes
    shown = ax.lines[0].get_ydata()
    assert len(shown) < 5000
    assert np.nanmax(shown) == 99
    assert np.nanmin(shown) == -99
    assert (np.diff(ax.lines[0].get_xdata()) >= 0).all()


def test_units_that_differ_within_a_stream_get_panels_of_their_own():
    values = np.ones((10, 2))
    channels = [
        sh.Channel("speed_mps", "m/s", "derived"),
        sh.Channel("alt_m", "m", "derived"),
    ]
    stream = sh.Stream(values, np.arange(10.0), channels)
    figure = plot_recording(sh.Recording([stream]))
    assert [ax.get_ylabel() for ax in figure.axes] == ["derived\n[m/s]", "derived\n[m]"]
