"""Cut recordings into windows: side by side, or one for each event."""

from sensorhar.windowing.event_windows import make_event_windows
from sensorhar.windowing.windows import make_windows

__all__ = ["make_event_windows", "make_windows"]
