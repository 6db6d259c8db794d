"""What tests of the fixtures that are shipped stand on."""

from sensorhar.testing.bluez import fake_bluez

__all__ = ["fake_bluez"]
