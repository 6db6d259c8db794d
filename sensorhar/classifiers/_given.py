"""What a classifier is given: labels, shapes, and what to say of them."""

from typing import Any

from numpy.typing import NDArray

from sensorhar.data.examples import Examples

__all__ = [
    "KINDS",
    "check_label_types",
    "check_not_empty",
    "labels_of",
    "say_shape",
]

#: What examples are called and how they are made, by their axes of space.
KINDS = {
    -1: ("modalities", "(n_moments, n_modalities)"),
    0: ("windows", "(n_windows, n_timepoints, n_channels)"),
    1: ("poses", "(n_poses, n_frames, n_joints, n_dims)"),
    2: ("clips", "(n_clips, n_frames, height, width, n_channels)"),
}


def labels_of(X: Any, y: Any, verb: str) -> Any:
    """Return the labels given, or those that windows carry."""
    if y is not None:
        return y
    if isinstance(X, Examples) and X.y is not None:
        return X.y
    raise ValueError(
        f"{verb} requires y to be passed, but the target y is None. Windows carry "
        "their labels when their recordings have events; arrays need y=..."
    )


def say_shape(shape: tuple[int, ...]) -> str:
    """Say the shape of an example in words."""
    if len(shape) == 2:
        return f"{shape[0]} timepoints of {shape[1]} channels"
    if len(shape) == 3:
        return f"{shape[0]} frames of {shape[1]} joints x {shape[2]}"
    return f"{shape[0]} frames of {shape[1]} x {shape[2]} of {shape[3]} channels"


def check_not_empty(examples: Examples) -> None:
    """Refuse examples that are none."""
    if not len(examples):
        raise ValueError(
            "X must hold at least one window; got none. Recordings shorter than a "
            "window, or without labels, give none."
        )


def check_label_types(labels: NDArray[Any]) -> None:
    """Refuse labels that are missing or no labels."""
    from sklearn.utils.multiclass import check_classification_targets

    if labels.dtype == object:
        n_missing = sum(label is None for label in labels)
        if n_missing:
            raise ValueError(
                f"every window needs a label to learn from; {n_missing} of "
                f"{len(labels)} have None. Make the windows with null='drop', or with "
                "null='class' to make them a class."
            )
    check_classification_targets(labels)
