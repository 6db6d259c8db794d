"""Human activity recognition with wearable sensors, honest at each step."""

import importlib as _importlib
from typing import Any as _Any

__version__ = "0.1.0"

_HOME = {  # public name -> the module that defines it
    "C3DClassifier": "sensorhar.classifiers.c3d",
    "CNNClassifier": "sensorhar.classifiers.cnn",
    "CNNLSTMClassifier": "sensorhar.classifiers.cnn_lstm",
    "Channel": "sensorhar.data.channel",
    "ConvLSTMClassifier": "sensorhar.classifiers.conv_lstm",
    "DataError": "sensorhar.errors",
    "DeepConvLSTMClassifier": "sensorhar.classifiers.deep_conv_lstm",
    "DistilledClassifier": "sensorhar.classifiers.distilled",
    "EarlyFusionClassifier": "sensorhar.classifiers.early_fusion",
    "Event": "sensorhar.data.events",
    "Events": "sensorhar.data.events",
    "FeatureForestClassifier": "sensorhar.classifiers.feature_forest",
    "FeatureFusionClassifier": "sensorhar.classifiers.feature_fusion",
    "FeatureLinearClassifier": "sensorhar.classifiers.feature_linear",
    "FisherVector": "sensorhar.classifiers.fisher",
    "FoveaContextClassifier": "sensorhar.classifiers.fovea_context",
    "FusedTwoStreamClassifier": "sensorhar.classifiers.fused_two_stream",
    "I3DClassifier": "sensorhar.classifiers.i3d",
    "I3DResNetClassifier": "sensorhar.classifiers.i3d_resnet",
    "KerasClassifier": "sensorhar.classifiers.keras_classifier",
    "LSTMClassifier": "sensorhar.classifiers.lstm",
    "LateFusionClassifier": "sensorhar.classifiers.late_fusion",
    "LayerFeatures": "sensorhar.classifiers.layer_features",
    "LeakageError": "sensorhar.errors",
    "MLPClassifier": "sensorhar.classifiers.mlp",
    "MiniRocketClassifier": "sensorhar.classifiers.minirocket",
    "Modalities": "sensorhar.data.modalities",
    "QualityReport": "sensorhar.preprocess.quality",
    "R2Plus1DClassifier": "sensorhar.classifiers.r2plus1d",
    "RNNClassifier": "sensorhar.classifiers.rnn",
    "Recording": "sensorhar.data.recording",
    "Report": "sensorhar.evaluation.report",
    "STGCNClassifier": "sensorhar.classifiers.st_gcn",
    "ScoreFusionClassifier": "sensorhar.classifiers.score_fusion",
    "SingleFrameClassifier": "sensorhar.classifiers.single_frame",
    "SlowFastClassifier": "sensorhar.classifiers.slow_fast",
    "SlowFusionClassifier": "sensorhar.classifiers.slow_fusion",
    "SlowOnlyClassifier": "sensorhar.classifiers.slow_only",
    "SpecMismatchError": "sensorhar.errors",
    "Stream": "sensorhar.data.stream",
    "TPNClassifier": "sensorhar.classifiers.tpn",
    "TSMClassifier": "sensorhar.classifiers.tsm",
    "TSNClassifier": "sensorhar.classifiers.tsn",
    "TrajectoryClassifier": "sensorhar.classifiers.trajectory",
    "TwoStreamClassifier": "sensorhar.classifiers.two_stream",
    "UnitWarning": "sensorhar.errors",
    "WindowSpec": "sensorhar.data.spec",
    "Windows": "sensorhar.data.windows",
    "evaluate": "sensorhar.evaluation.evaluate",
    "leak_audit": "sensorhar.evaluation.leak_audit",
    "load": "sensorhar.classifiers.persist",
    "make_event_windows": "sensorhar.windowing",
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
