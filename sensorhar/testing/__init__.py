"""Batteries that check a whole kind of thing at once, and a Bluetooth to try on."""

from typing import Any as _Any

_HOME = {  # public name -> module; imported when touched
    "CLASSIFIER_CHECKS": "classifier_battery",
    "ClassifierCase": "classifier_battery",
    "FakeBluez": "_fake_bluez",
    "FakePhone": "fake_phone",
    "FakeSensor": "_fake_sensor",
    "check_card": "dataset_battery",
    "check_classifier": "classifier_battery",
    "check_recordings": "dataset_battery",
    "check_windows": "dataset_battery",
    "fake_bluez": "bluez",
}

__all__ = sorted(_HOME, key=str.casefold)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> _Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"sensorhar.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value
