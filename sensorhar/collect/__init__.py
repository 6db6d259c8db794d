"""Readings as they come: Bluetooth sensors, phones, apps, files played again."""

from typing import Any as _Any

_HOME = {  # public name -> the file that defines it
    "Arrival": "sequence",
    "BleSource": "ble",
    "BleSources": "ble_sources",
    "DeviceClock": "device_clock",
    "FoundSensor": "ble_scan",
    "HYPER_IMU": "lines",
    "LinesSource": "lines",
    "Marker": "source",
    "Moment": "protocol",
    "PhoneSource": "phone",
    "PhyphoxSource": "phyphox",
    "Protocol": "protocol",
    "Recorder": "recorder",
    "RecorderState": "recorder_state",
    "ReplaySource": "replay",
    "SensorLoggerSource": "sensor_logger",
    "SensorServerSource": "sensor_server",
    "SequenceCounter": "sequence",
    "SimulatedSource": "simulated",
    "Source": "source",
    "SourceState": "source",
    "Step": "protocol",
    "StreamState": "source",
    "parse_protocol": "protocol",
    "record": "recorder",
    "scan": "ble_scan",
}

__all__ = sorted(_HOME, key=str.casefold)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> _Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"sensorhar.collect.{_HOME[name]}"), name)
    globals()[name] = value
    return value
