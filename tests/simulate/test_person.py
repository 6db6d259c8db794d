"""People differ as adults do."""

import numpy as np
import pytest

from sensorhar.simulate.person import Person, random_people


def test_people_spread_like_adults():
    people = random_people(400, random_state=0)
    height_m = np.array([person.height_m for person in people])
    cadence_hz = np.array([person.cadence_hz for person in people])
    assert height_m.mean() == pytest.approx(1.72, abs=0.02)
    assert height_m.std() == pytest.approx(0.09, abs=0.01)
    assert cadence_hz.mean() == pytest.approx(1.76, abs=0.03)
    assert np.corrcoef(height_m, cadence_hz)[0, 1] < -0.2
    assert len({person.name for person in people}) == 400
    assert len({person.style_seed for person in people}) == 400


def test_same_seed_same_people():
    assert random_people(3, random_state=1) == random_people(3, random_state=1)
    assert random_people(3, random_state=1) != random_people(3, random_state=2)


@pytest.mark.parametrize("field", ["height_m", "cadence_hz", "vigour"])
def test_impossible_people(field):
    with pytest.raises(ValueError, match=rf"{field} must be .* above 0; got -1"):
        Person(**{field: -1.0})


def test_nobody():
    with pytest.raises(ValueError, match=r"n_people must be .* above 0; got 0"):
        random_people(0)
