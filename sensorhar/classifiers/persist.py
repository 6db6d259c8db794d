"""Fitted classifiers as one file: JSON, arrays and a Keras archive, no pickle."""

import io
import json
import os
import tempfile
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from sensorhar._checks import check_choice
from sensorhar._soft import loaded_versions
from sensorhar.classifiers._domain import Domain
from sensorhar.classifiers.base import SensorClassifier
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.data.spec import WindowSpec
from sensorhar.errors import DataError

__all__ = ["load", "pack_network", "save", "unpack_network"]

FORMAT = "sensorhar classifier"
VERSION = 2

_SPECS = {spec.__name__: spec for spec in (WindowSpec, PoseSpec, ClipSpec)}


def save(clf: SensorClassifier, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a fitted classifier; see :meth:`SensorClassifier.save`."""
    check_is_fitted(clf, "classes_")
    path = Path(path)
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another name, or pass overwrite=True."
        )
    header = {
        "format": FORMAT,
        "version": VERSION,
        "class": type(clf).__name__,
        "parameters": _plain_parameters(clf),
        "spec": clf.spec_.to_dict() if clf.spec_ is not None else None,
        "spec_type": type(clf.spec_).__name__,
        "classes": clf.classes_.tolist(),
        "classes_type": "object" if clf.classes_.dtype == object else "plain",
        "history": clf.history_,
        "input_shape": list(clf.input_shape_),
        "n_features_in": getattr(clf, "n_features_in_", None),
        "optional_channels": list(clf.optional_channels_),
        "channel_level": [float(level) for level in clf.channel_level_],
        "domain": clf.domain_.to_dict() if clf.domain_ is not None else None,
        "watched_subjects": list(getattr(clf, "watched_subjects_", [])),
        "members": list(clf._members()),
        "modalities": getattr(clf, "modalities_", None),
        "versions": loaded_versions(),
    }
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("model.json", json.dumps(header, indent=1))
            if clf._arrays:
                archive.writestr("arrays.npz", _pack_arrays(clf))
            if hasattr(clf, "network_"):
                archive.writestr("network.keras", pack_network(clf.network_))
            for place, (name, member) in enumerate(clf._members().items()):
                archive.writestr(f"members/{place}", _pack_member(name, member))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def load(path: str | Path) -> Any:
    """Load a classifier that :meth:`save` wrote.

    Nothing in the file is executed: parameters are JSON, arrays are plain, and Keras
    reads the network in its safe mode.

    Parameters
    ----------
    path : str or Path
        A ``.sensorhar`` file.

    Returns
    -------
    classifier
        Fitted as it was saved; the same probabilities.

    Raises
    ------
    DataError
        When the file is damaged, from a newer version, or no classifier.
    FileNotFoundError
        When there is no such file.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            header = json.loads(archive.read("model.json"))
            contents = {
                name: archive.read(name)
                for name in ("arrays.npz", "network.keras")
                if name in archive.namelist()
            }
            packed = [
                archive.read(f"members/{place}")
                for place in range(len(header.get("members", ())))
            ]
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DataError(
            f"{path.name} must be a classifier saved by sensorhar; it cannot be read "
            f"({error}). Copy it again from where it came from."
        ) from error
    if header.get("format") != FORMAT or header["version"] > VERSION:
        raise DataError(
            f"{path.name} has format {header.get('format')} {header.get('version')}; "
            f"this version reads {FORMAT} up to {VERSION}. Upgrade sensorhar."
        )
    room = import_module("sensorhar.classifiers")
    check_choice(header["class"], f"class of {path.name}", room.__all__)
    parameters = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in header["parameters"].items()
    }
    members = {
        name: _unpack_member(content)
        for name, content in zip(header.get("members", ()), packed, strict=True)
    }
    kind: type[SensorClassifier] = getattr(room, header["class"])
    clf = kind(**parameters, **kind._made_of(members))
    is_object = header["classes_type"] == "object"
    clf.classes_ = np.array(header["classes"], dtype=object if is_object else None)
    if header["version"] == 1:  # which knew windows only
        header["spec_type"] = "WindowSpec"
        header["input_shape"] = [header["n_timepoints"], header["n_channels"]]
    clf.spec_ = None
    if header["spec"] is not None:
        check_choice(header["spec_type"], f"spec of {path.name}", sorted(_SPECS))
        clf.spec_ = _SPECS[header["spec_type"]].from_dict(header["spec"])
    clf.input_shape_ = tuple(header["input_shape"])
    clf.optional_channels_ = tuple(header.get("optional_channels", ()))
    level = header.get("channel_level", [0.0] * clf.n_channels_)
    clf.channel_level_ = np.array(level, dtype=np.float32)
    domain = header.get("domain")
    clf.domain_ = Domain.from_dict(domain) if domain is not None else None
    clf.history_ = header["history"]
    if header["n_features_in"] is not None:
        clf.n_features_in_ = header["n_features_in"]
    if members:
        modalities = header["modalities"]
        clf.modalities_ = None if modalities is None else tuple(modalities)
        clf._take_back(members)
    if "arrays.npz" in contents:
        with np.load(io.BytesIO(contents["arrays.npz"]), allow_pickle=False) as arrays:
            for name in clf._arrays:
                setattr(clf, name, arrays[name])
    if "network.keras" in contents:
        clf.network_ = unpack_network(contents["network.keras"])
        clf.watched_subjects_ = header["watched_subjects"]
    return clf


def _plain_parameters(clf: SensorClassifier) -> dict[str, Any]:
    """Return the parameters that JSON can hold; functions are left at their default."""
    plain = {}
    for name, value in clf.get_params(deep=False).items():
        if isinstance(value, np.generic):
            value = value.item()
        try:
            json.dumps(value)
        except TypeError:
            continue
        plain[name] = value
    return plain


def _pack_member(name: str, member: Any) -> bytes:
    """Return the file of a classifier that is part of another."""
    if not isinstance(member, SensorClassifier):
        raise ValueError(
            f"a file holds classifiers of sensorhar; {name!r} is {member!r}. Fuse "
            "FeatureLinearClassifier or the like instead, to save the whole."
        )
    with tempfile.TemporaryDirectory() as folder:
        return save(member, Path(folder) / "member").read_bytes()


def _unpack_member(content: bytes) -> Any:
    """Return the classifier of such a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "member"
        path.write_bytes(content)
        return load(path)


def _pack_arrays(clf: SensorClassifier) -> bytes:
    arrays: dict[str, Any] = {name: getattr(clf, name) for name in clf._arrays}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def pack_network(network: Any) -> bytes:
    """Return a Keras model as the bytes of a ``.keras`` archive."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.keras"
        network.save(path)
        return path.read_bytes()


def unpack_network(content: bytes) -> Any:
    """Return the Keras model of a ``.keras`` archive, ready to predict."""
    import keras

    import_module("sensorhar.networks")  # registers the library's layers
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.keras"
        path.write_bytes(content)
        return keras.saving.load_model(path, compile=False, safe_mode=True)
