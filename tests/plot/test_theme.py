"""Colours can be told apart and read; no global state is touched."""

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sensorhar.plot.theme import THEMES

# Protanopia and deuteranopia: linear RGB seen, from Viénot, Brettel and Mollon,
# Color Research and Application 24 (1999), 243-252, as one matrix each.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.004, -0.004, 1]],
    "deuteranopia": [
        [0.29275, 0.70725, 0],
        [0.29275, 0.70725, 0],
        [-0.02234, 0.02234, 1],
    ],
}


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lightness(colour):
    return linear(colour) @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    low, high = sorted([lightness(a), lightness(b)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_and_curves_can_be_read(theme):
    assert contrast(theme.ink, theme.paper) > 12
    assert contrast(theme.faint, theme.paper) > 4.5  # WCAG 2 level AA for text
    assert min(contrast(c, theme.paper) for c in theme.cycle) > 2


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_first_colours_differ_for_everyone(theme, blindness):
    seen = [np.array(BLINDNESS[blindness]) @ linear(c) for c in theme.cycle[:3]]
    for a, b in combinations(seen, 2):
        assert np.linalg.norm(np.cbrt(a.clip(0)) - np.cbrt(b.clip(0))) > 0.12


def test_plotting_loads_matplotlib_late_and_pyplot_never():
    code = (
        "import sys, sensorhar.plot\nprint('matplotlib' in sys.modules)\n"
        "sensorhar.plot.plot_confusion([[1, 0], [0, 1]], ['a', 'b'])\n"
        "print('matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "True", "False"]
