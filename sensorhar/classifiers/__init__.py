"""Classifiers: one contract for networks and for the baselines beside them."""

from typing import Any as _Any

_HOME = {  # public name -> module; imported when touched, so that none loads all
    "C3DClassifier": "c3d",
    "CNNClassifier": "cnn",
    "CNNLSTMClassifier": "cnn_lstm",
    "ConvLSTMClassifier": "conv_lstm",
    "DeepConvLSTMClassifier": "deep_conv_lstm",
    "DistilledClassifier": "distilled",
    "EarlyFusionClassifier": "early_fusion",
    "FeatureForestClassifier": "feature_forest",
    "FeatureFusionClassifier": "feature_fusion",
    "FeatureLinearClassifier": "feature_linear",
    "FoveaContextClassifier": "fovea_context",
    "FusedTwoStreamClassifier": "fused_two_stream",
    "I3DClassifier": "i3d",
    "I3DResNetClassifier": "i3d_resnet",
    "KerasClassifier": "keras_classifier",
    "LSTMClassifier": "lstm",
    "LateFusionClassifier": "late_fusion",
    "MLPClassifier": "mlp",
    "MiniRocketClassifier": "minirocket",
    "R2Plus1DClassifier": "r2plus1d",
    "RNNClassifier": "rnn",
    "STGCNClassifier": "st_gcn",
    "ScoreFusionClassifier": "score_fusion",
    "SingleFrameClassifier": "single_frame",
    "SlowFastClassifier": "slow_fast",
    "SlowFusionClassifier": "slow_fusion",
    "SlowOnlyClassifier": "slow_only",
    "TPNClassifier": "tpn",
    "TSMClassifier": "tsm",
    "TSNClassifier": "tsn",
    "TrajectoryClassifier": "trajectory",
    "TwoStreamClassifier": "two_stream",
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
