"""Fill networks with published weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sensorhar._words import listing
from sensorhar.errors import DataError
from sensorhar.video.checkpoint import (
    CheckpointEntry,
    read_checkpoint,
    read_checkpoint_index,
)

__all__ = ["load_i3d_weights"]

#: The first and the last weights, by which a file and its classes are known.
_STEM = "Conv3d_1a_7x7/conv_3d/w"
_HEAD = "Logits/Conv3d_0c_1x1/conv_3d/w"

#: What Sonnet, in which the checkpoints were written, calls the weights of Keras.
_SONNET = {"kernel": "w", "bias": "b"}


def load_i3d_weights(
    network: Any, path: str | Path, *, is_head_kept: bool = True
) -> Any:
    """Fill an I3D with the weights of DeepMind's checkpoints, without TensorFlow 1.

    Both published layouts are read: that of 400 classes, whose tensors stand below
    ``RGB/inception_i3d/`` or ``Flow/inception_i3d/``; and that of 600 classes, without
    such a prefix, with axes of length 1 before the channels of batch normalisation, and
    with the momenta of training, which are left out. The checksum of each tensor is
    compared with that of the index, and its shape with that of the network.

    Parameters
    ----------
    network : keras.Model
        Built by :func:`sensorhar.networks.i3d` at full width for clips of 3 channels
        (RGB) or 2 (optical flow); changed in place. Of a larger network give the part:
        ``two_stream(...).get_layer("motion")``.
    path : str or Path
        The checkpoint as TensorFlow names it, ``model.ckpt``, or its index,
        ``model.ckpt.index``. The data file lies beside the index.
    is_head_kept : bool, default=True
        Whether the last layer is filled; without, the network may have other classes,
        and its last layer stays as it is.

    Returns
    -------
    keras.Model
        The network.

    Raises
    ------
    DataError
        When a file is missing or damaged, or a tensor is missing, superfluous or of
        another shape. Nothing is changed then.
    ValueError
        When the network is no I3D.

    See Also
    --------
    sensorhar.networks.inflate : Fill a network of another rank from this one.

    Notes
    -----
    The published networks saw 25 frames/s; RGB from -1 to 1, which is ``2 * x - 1`` of
    the clips of this library; TV-L1 flow cut to 20 pixels either way and divided by 20
    (README of the repository). Their classes are in the order of its label maps. Two
    streams are fused by adding logits: for "playing cricket", the documented 25.856646
    of RGB and 15.957031 of flow give the documented 41.813675.

    References
    ----------
    J. Carreira and A. Zisserman, Quo Vadis, Action Recognition? A New Model and the
    Kinetics Dataset, CVPR 2017; checkpoints in github.com/google-deepmind/kinetics-i3d.

    Examples
    --------
    >>> import tensorflow as tf
    >>> from tempfile import TemporaryDirectory
    >>> from sensorhar.networks import i3d
    >>> network = i3d((4, 32, 32, 3), 5, width=1 / 32)
    >>> stored = {f"RGB/{layer.name}/{weight.name}".replace("-", "/")
    ...     .replace("kernel", "w").replace("bias", "b"): tf.ones(weight.shape)
    ...     for layer in network.layers for weight in layer.weights}
    >>> with TemporaryDirectory() as folder:
    ...     tf.raw_ops.SaveV2(prefix=f"{folder}/model.ckpt", tensor_names=list(stored),
    ...         shape_and_slices=[""] * len(stored), tensors=list(stored.values()))
    ...     network = load_i3d_weights(network, f"{folder}/model.ckpt")
    >>> float(network.get_weights()[0].min())
    1.0
    """
    path = Path(path)
    weights = _weights_of(network)
    entries = read_checkpoint_index(path)
    prefix = _prefix(entries, path.name)
    stored = {
        name.removeprefix(prefix): entry
        for name, entry in entries.items()
        if not name.endswith("/Momentum")
    }
    if not is_head_kept:
        head = _HEAD.removesuffix("w")
        weights = {k: w for k, w in weights.items() if not k.startswith(head)}
        stored = {k: entry for k, entry in stored.items() if not k.startswith(head)}
    _check_names(weights, stored, path.name)
    _check_shapes(weights, stored, path.name)
    arrays = read_checkpoint(path, [prefix + name for name in weights])
    for name, weight in weights.items():
        weight.assign(arrays[prefix + name].reshape(weight.shape))
    return network


def _weights_of(network: Any) -> dict[str, Any]:
    """Return the weights of an I3D by their names in the checkpoints, less prefix."""
    layers = getattr(network, "layers", [])
    weights = {}
    for layer in layers:
        for weight in layer.weights:
            name = _SONNET.get(weight.name, weight.name)
            weights[f"{layer.name.replace('-', '/')}/{name}"] = weight
    if _STEM not in weights:
        inside = [layer.name for layer in layers if hasattr(layer, "layers")]
        cure = "Build one."
        if inside:
            cure = f"Give the part that is one, network.get_layer({inside[-1]!r})."
        raise ValueError(
            "network must be one that sensorhar.networks.i3d built; got "
            f"{getattr(network, 'name', network)!r}, which has no layer "
            f"'Conv3d_1a_7x7-conv_3d'. {cure}"
        )
    return weights


def _prefix(entries: Mapping[str, CheckpointEntry], where: str) -> str:
    """Return what stands before the name of each tensor."""
    prefixes = [name.removesuffix(_STEM) for name in entries if name.endswith(_STEM)]
    if len(prefixes) != 1:
        got = f"{len(prefixes)} of them: {listing(prefixes)}" if prefixes else "none"
        raise DataError(
            f"{where} must hold one I3D, known by a tensor {_STEM!r}; got {got}. Pass "
            "a checkpoint of DeepMind's kinetics-i3d."
        )
    return prefixes[0]


def _check_names(
    weights: Mapping[str, Any], stored: Mapping[str, CheckpointEntry], where: str
) -> None:
    missing, superfluous = set(weights) - set(stored), set(stored) - set(weights)
    if missing or superfluous:
        said = [f"{listing(missing)} missing"] if missing else []
        said += [f"{listing(superfluous)} superfluous"] if superfluous else []
        raise DataError(
            f"{where} must hold the {len(weights)} tensors of an I3D; got "
            f"{' and '.join(said)}. Pass a checkpoint of DeepMind's kinetics-i3d."
        )


def _check_shapes(
    weights: Mapping[str, Any], stored: Mapping[str, CheckpointEntry], where: str
) -> None:
    for name, weight in weights.items():
        needed, got = tuple(weight.shape), stored[name].shape
        # the layout of 600 classes keeps axes of length 1 in batch normalisation
        is_padded = "/batch_norm/" in name and got == (1, 1, 1, 1, *needed)
        if got == needed or is_padded:
            continue
        cure = "Build i3d for clips of 3 channels (RGB) or 2 (flow), at width=1."
        if name.startswith(_HEAD[:-1]) and got[:-1] == needed[:-1]:
            cure = f"Build i3d with n_classes={got[-1]}, or pass is_head_kept=False."
        raise DataError(
            f"{name!r} of {where} must have shape {needed}, as in the network; got "
            f"{got}. {cure}"
        )
