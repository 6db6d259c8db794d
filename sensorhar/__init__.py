"""Human activity recognition with wearable sensors, honest at each step."""

import importlib as _importlib
from typing import Any as _Any

__version__ = "0.1.0"

_HOME = {  # public name -> the module that defines it
    "CNNClassifier": "sensorhar.classifiers.cnn",
    "CNNLSTMClassifier": "sensorhar.classifiers.cnn_lstm",
    "Channel": "sensorhar.data.channel",
    "ConvLSTMClassifier": "sensorhar.classifiers.conv_lstm",
    "DataError": "sensorhar.errors",
    "DeepConvLSTMClassifier": "sensorhar.classifiers.deep_conv_lstm",
    "DistilledClassifier": "sensorhar.classifiers.distilled",
    "Event": "sensorhar.data.events",
    "Events": "sensorhar.data.events",
    "FeatureForestClassifier": "sensorhar.classifiers.feature_forest",
    "FeatureFusionClassifier": "sensorhar.classifiers.feature_fusion",
    "FeatureLinearClassifier": "sensorhar.classifiers.feature_linear",
    "KerasClassifier": "sensorhar.classifiers.keras_classifier",
    "LSTMClassifier": "sensorhar.classifiers.lstm",
    "LayerFeatures": "sensorhar.classifiers.layer_features",
    "LeakageError": "sensorhar.errors",
    "MLPClassifier": "sensorhar.classifiers.mlp",
    "MiniRocketClassifier": "sensorhar.classifiers.minirocket",
    "Modalities": "sensorhar.data.modalities",
    "QualityReport": "sensorhar.preprocess.quality",
    "Recording": "sensorhar.data.recording",
    "Report": "sensorhar.evaluation.report",
    "ScoreFusionClassifier": "sensorhar.classifiers.score_fusion",
    "SpecMismatchError": "sensorhar.errors",
    "Stream": "sensorhar.data.stream",
    "UnitWarning": "sensorhar.errors",
    "WindowSpec": "sensorhar.data.spec",
    "Windows": "sensorhar.data.windows",
    "evaluate": "sensorhar.evaluation.evaluate",
    "leak_audit": "sensorhar.evaluation.leak_audit",
    "load": "sensorhar.classifiers.persist",
    "make_windows": "sensorhar.windowing",
    "quality_report": "sensorhar.preprocess.quality",
    "read": "sensorhar.io.read",
    "read_csv": "sensorhar.io.csv",
    "read_events": "sensorhar.io.events",
    "simulate_journeys": "sensorhar.simulate",
    "simulate_recording": "sensorhar.simulate",
    "simulate_recordings": "sensorhar.simulate",
    "synchronise": "sensorhar.preprocess.synchronise",
    "write_csv": "sensorhar.io.csv",
    "write_events": "sensorhar.io.events",
}
_ROOMS = [
    "classifiers",
    "collect",
    "datasets",
    "evaluation",
    "io",
    "networks",
    "plot",
    "preprocess",
    "signal",
    "simulate",
    "testing",
    "video",
]

__all__ = [*sorted([*_HOME, *_ROOMS], key=str.casefold), "__version__"]


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> _Any:
    if name in _HOME:
        value = getattr(_importlib.import_module(_HOME[name]), name)
    elif name in _ROOMS:
        value = _importlib.import_module(f"sensorhar.{name}")
    else:
        raise AttributeError(f"module 'sensorhar' has no attribute {name!r}")
    globals()[name] = value
    return value
