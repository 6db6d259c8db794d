"""What tests of collectors stand on."""

from sensorhar.testing.bluez import fake_bluez

__all__ = ["fake_bluez"]
