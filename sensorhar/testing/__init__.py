"""Batteries that check a whole kind of thing at once, for one's own as for ours."""

from typing import Any as _Any

_HOME = {  # public name -> module; imported when touched
    "CLASSIFIER_CHECKS": "classifier_battery",
    "ClassifierCase": "classifier_battery",
    "check_card": "dataset_battery",
    "check_classifier": "classifier_battery",
    "check_recordings": "dataset_battery",
    "check_windows": "dataset_battery",
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
