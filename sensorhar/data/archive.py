"""Recordings and windows as ``.npz`` files: JSON beside plain arrays, no pickle."""

import json
import os
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.spec import WindowSpec
from sensorhar.data.stream import Stream
from sensorhar.data.windows import Windows
from sensorhar.errors import DataError

__all__ = ["read_archive", "save_recording", "save_windows"]

#: What numpy and zipfile raise for bytes that are not as they were written.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    OSError,
    KeyError,
    SyntaxError,
    TypeError,
    tokenize.TokenError,
    NotImplementedError,
    RuntimeError,  # a member that calls itself encrypted
    MemoryError,  # a shape of petabytes
)

FORMAT = "sensorhar"
VERSION = 1


def save_recording(
    recording: Recording, path: str | Path, *, overwrite: bool = False
) -> Path:
    """Write a recording; see :meth:`sensorhar.Recording.save`."""
    arrays: dict[str, NDArray[Any]] = {}
    streams = []
    for i, stream in enumerate(recording.streams):
        arrays[f"stream{i}_values"] = stream.values
        arrays[f"stream{i}_time_s"] = stream.time_s
        streams.append(
            {
                "channels": [channel.to_dict() for channel in stream.channels],
                "rate_hz": stream._rate_hz,
            }
        )
    header = {
        "holds": "recording",
        "streams": streams,
        "name": recording.name,
        "subject": recording.subject,
        "start": recording.start.isoformat() if recording.start else None,
        "metadata": dict(recording.metadata),
        "labels": None,
    }
    if recording.events is not None:
        header["labels"] = list(recording.events.labels)
        arrays["event_start_s"] = recording.events.start_s
        arrays["event_stop_s"] = recording.events.stop_s
        arrays["event_score"] = recording.events.score
    return _write(path, header, arrays, overwrite)


def save_windows(
    windows: Windows, path: str | Path, *, overwrite: bool = False
) -> Path:
    """Write windows; see :meth:`sensorhar.Windows.save`."""
    header = {
        "holds": "windows",
        "spec": windows.spec.to_dict(),
        "y": None if windows.y is None else list(windows.y),
        "groups": None if windows.groups is None else list(windows.groups),
        "recording": list(windows.recording),
        "null_label": windows.null_label,
    }
    arrays = {
        "values": np.asarray(windows),
        "start_s": windows.start_s,
        "purity": windows.purity,
    }
    return _write(path, header, arrays, overwrite)


def read_archive(path: str | Path) -> Recording | Windows:
    """Read what ``save`` wrote.

    Parameters
    ----------
    path : str or Path
        A ``.npz`` file of this library.

    Returns
    -------
    Recording or Windows
        Bit for bit what was saved.

    Raises
    ------
    DataError
        When the file is damaged, from a newer version, or from another program.
    """
    path = Path(path)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except DAMAGE as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise DataError(
            f"{path.name} must be a .npz file saved by sensorhar; it cannot be read "
            f"({error}). Copy it again from where it came from."
        ) from error
    if "header" not in arrays:
        raise DataError(
            f"{path.name} must be a .npz file saved by sensorhar; got one with arrays "
            f"{sorted(arrays)[:5]}. Build a Recording from them with "
            "Stream.of_sensor."
        )
    header = json.loads(arrays.pop("header").tobytes().decode())
    if header["format"] != FORMAT or header["version"] > VERSION:
        raise DataError(
            f"{path.name} has format {header['format']} {header['version']}; this "
            f"version reads {FORMAT} up to {VERSION}. Upgrade sensorhar."
        )
    if header["holds"] == "windows":
        return _windows(header, arrays)
    return _recording(header, arrays)


def _recording(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> Recording:
    streams = [
        Stream(
            arrays[f"stream{i}_values"],
            arrays[f"stream{i}_time_s"],
            [Channel.from_dict(channel) for channel in stream["channels"]],
            rate_hz=stream["rate_hz"],
        )
        for i, stream in enumerate(header["streams"])
    ]
    events = None
    if header["labels"] is not None:
        events = Events(
            arrays["event_start_s"],
            arrays["event_stop_s"],
            header["labels"],
            arrays["event_score"],
        )
    start = header["start"]
    return Recording(
        streams,
        name=header["name"],
        subject=header["subject"],
        events=events,
        start=datetime.fromisoformat(start) if start else None,
        metadata=header["metadata"],
    )


def _windows(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> Windows:
    return Windows.from_array(
        arrays["values"],
        spec=WindowSpec.from_dict(header["spec"]),
        y=header["y"],
        groups=header["groups"],
        start_s=arrays["start_s"],
        recording=header["recording"],
        purity=arrays["purity"],
        null_label=header["null_label"],
    )


def _write(
    path: str | Path,
    header: Mapping[str, Any],
    arrays: Mapping[str, Any],
    overwrite: bool,
) -> Path:
    """Write header and arrays, whole or not at all."""
    path = Path(path)
    if path.suffix != ".npz":
        path = path.with_name(path.name + ".npz")
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another name, or pass overwrite=True."
        )
    text = json.dumps({"format": FORMAT, "version": VERSION, **header})
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez_compressed(
                file, header=np.frombuffer(text.encode(), dtype=np.uint8), **arrays
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
