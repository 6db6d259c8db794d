"""Names of classifiers on the command line, and how they are built."""

import inspect
from difflib import get_close_matches
from typing import Any

__all__ = ["MODELS", "build", "check_models"]

#: Name on the command line -> public class. A new classifier is one row.
MODELS = {
    "cnn": "CNNClassifier",
    "lstm": "LSTMClassifier",
    "cnn-lstm": "CNNLSTMClassifier",
    "conv-lstm": "ConvLSTMClassifier",
    "deepconvlstm": "DeepConvLSTMClassifier",
    "mlp": "MLPClassifier",
    "features-linear": "FeatureLinearClassifier",
    "features-forest": "FeatureForestClassifier",
    "minirocket": "MiniRocketClassifier",
    "rnn": "RNNClassifier",
    "single-frame": "SingleFrameClassifier",
    "early-fusion": "EarlyFusionClassifier",
    "late-fusion": "LateFusionClassifier",
    "slow-fusion": "SlowFusionClassifier",
    "fovea-context": "FoveaContextClassifier",
    "two-stream": "TwoStreamClassifier",
    "fused-two-stream": "FusedTwoStreamClassifier",
    "c3d": "C3DClassifier",
    "i3d": "I3DClassifier",
    "i3d-resnet": "I3DResNetClassifier",
    "r2plus1d": "R2Plus1DClassifier",
    "slow-only": "SlowOnlyClassifier",
    "slow-fast": "SlowFastClassifier",
    "tsn": "TSNClassifier",
    "tsm": "TSMClassifier",
    "tpn": "TPNClassifier",
    "st-gcn": "STGCNClassifier",
    "trajectory": "TrajectoryClassifier",
}

#: Those that have no epochs; a test keeps this equal to the classes' signatures.
WITHOUT_EPOCHS = ("features-linear", "features-forest", "minirocket", "trajectory")


def check_models(names: str, *, epochs: int | None) -> list[str]:
    """Return the names between commas, or raise a ValueError before work begins."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in MODELS:
            close = get_close_matches(name, MODELS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ValueError(
                f"--model must be of {', '.join(MODELS)}; got {name!r}.{hint}"
            )
    if not wanted or len(set(wanted)) < len(wanted):
        raise ValueError(
            f"--model must name classifiers, each once; got {names!r}. "
            "For example --model cnn,features-linear."
        )
    if epochs is not None and epochs < 1:
        raise ValueError(f"--epochs must be a whole number from 1; got {epochs}.")
    if epochs is not None and set(wanted) <= set(WITHOUT_EPOCHS):
        raise ValueError(
            f"--epochs means nothing to {', '.join(wanted)}; got {epochs}. Leave it "
            "out."
        )
    return wanted


def build(
    name: str, *, epochs: int | None = None, seed: int | None = None, verbose: int = 0
) -> Any:
    """Return an unfitted classifier; parameters go to those classes that have them."""
    import sensorhar

    kind = getattr(sensorhar, MODELS[name])
    known = inspect.signature(kind).parameters
    given = {"epochs": epochs, "random_state": seed, "verbose": verbose}
    if "epochs" in known:
        load_keras()
    return kind(**{k: v for k, v in given.items() if k in known and v is not None})


def load_keras() -> None:
    """Import Keras and its engine now, without the engine's remarks."""
    from importlib import import_module

    from sensorhar.cli._quiet import without_remarks

    with without_remarks():
        import_module("keras")
