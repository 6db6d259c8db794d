"""Classifiers: one contract for networks and for the baselines beside them."""

from typing import Any as _Any

_HOME = {  # public name -> module; imported when touched, so that none loads all
    "CNNClassifier": "cnn",
    "CNNLSTMClassifier": "cnn_lstm",
    "ConvLSTMClassifier": "conv_lstm",
    "DeepConvLSTMClassifier": "deep_conv_lstm",
    "DistilledClassifier": "distilled",
    "FeatureForestClassifier": "feature_forest",
    "FeatureFusionClassifier": "feature_fusion",
    "FeatureLinearClassifier": "feature_linear",
    "KerasClassifier": "keras_classifier",
    "LSTMClassifier": "lstm",
    "MLPClassifier": "mlp",
    "MiniRocketClassifier": "minirocket",
    "ScoreFusionClassifier": "score_fusion",
}

__all__ = sorted(_HOME, key=str.casefold)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> _Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"sensorhar.classifiers.{_HOME[name]}"), name)
    globals()[name] = value
    return value
