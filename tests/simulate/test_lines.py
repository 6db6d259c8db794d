"""Smooth noise has the size, band and derivatives it was asked for."""

import numpy as np
import pytest

from sensorhar.simulate.jet import Jet
from sensorhar.simulate.lines import Lines

TIME_S = np.arange(0, 200, 0.02)


@pytest.mark.parametrize("derivative", [0, 1, 2])
def test_rms_of_the_chosen_derivative(derivative):
    rng = np.random.default_rng(0)
    rms = np.full(40, 3.0)
    lines = Lines.draw((1.0, 5.0), 30, rms, rng, derivative=derivative)
    jet = lines.at(Jet.time(TIME_S))
    chosen = (jet.value, jet.first, jet.second)[derivative]
    assert np.sqrt(np.mean(chosen**2)) == pytest.approx(3.0, rel=0.1)


def test_band_is_kept():
    rng = np.random.default_rng(1)
    noise = Lines.draw((1.0, 5.0), 30, np.ones(1), rng).at(Jet.time(TIME_S)).value
    power = np.abs(np.fft.rfft(noise[:, 0] * np.hanning(len(TIME_S)))) ** 2
    frequency_hz = np.fft.rfftfreq(len(TIME_S), 0.02)
    inside = (frequency_hz > 0.9) & (frequency_hz < 5.1)
    assert power[inside].sum() / power.sum() > 0.999


def test_join_adds_up():
    rng = np.random.default_rng(2)
    parts = [Lines.draw((1.0, 2.0), 3, np.ones(2), rng) for _ in range(2)]
    time = Jet.time(TIME_S)
    both = parts[0].at(time) + parts[1].at(time)
    np.testing.assert_allclose(Lines.join(parts).at(time).second, both.second)
