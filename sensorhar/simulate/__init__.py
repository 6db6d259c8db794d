"""A moving body and the sensors on it: data without a download, with known truth."""

from sensorhar.simulate.activities import ACTIVITIES
from sensorhar.simulate.journeys import MODES, simulate_journeys
from sensorhar.simulate.motion import PLACES
from sensorhar.simulate.person import Person, random_people
from sensorhar.simulate.recording import simulate_recording
from sensorhar.simulate.recordings import simulate_recordings

__all__ = [
    "ACTIVITIES",
    "MODES",
    "PLACES",
    "Person",
    "random_people",
    "simulate_journeys",
    "simulate_recording",
    "simulate_recordings",
]
