"""Files in and out: one file a format; ``read`` chooses by content."""

from sensorhar.io.csv import read_csv, write_csv
from sensorhar.io.events import read_events, write_events
from sensorhar.io.read import read

__all__ = ["read", "read_csv", "read_events", "write_csv", "write_events"]
