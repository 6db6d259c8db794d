"""The nouns: Stream, Recording, Events, Windows and WindowSpec."""

from sensorhar.data.channel import Channel
from sensorhar.data.events import Event, Events
from sensorhar.data.recording import Recording
from sensorhar.data.spec import WindowSpec
from sensorhar.data.stream import Stream
from sensorhar.data.windows import Windows

__all__ = [
    "Channel",
    "Event",
    "Events",
    "Recording",
    "Stream",
    "WindowSpec",
    "Windows",
]
