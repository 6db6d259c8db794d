"""What is in a recording, in plain numbers."""

from pathlib import Path
from typing import Any

import numpy as np

from sensorhar.data.recording import Recording
from sensorhar.data.windows import Windows
from sensorhar.preprocess.quality import QualityReport

__all__ = ["summarise_recording", "summarise_windows"]


def summarise_recording(
    recording: Recording, report: QualityReport, file: Path
) -> dict[str, Any]:
    """Return all that ``inspect`` shows, as plain JSON values."""
    return {
        "file": str(file),
        "holds": "recording",
        "start_s": recording.start_s,
        **report.to_dict(),
        "metadata": dict(recording.metadata),
    }


def summarise_windows(windows: Windows, file: Path) -> dict[str, Any]:
    """Return shape, labels and subjects of windows, as plain JSON values."""
    labels = None
    if windows.y is not None:
        known = [label for label in windows.y if label is not None]
        names, counts = np.unique(np.array(known, dtype=str), return_counts=True)
        labels = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return {
        "file": str(file),
        "holds": "windows",
        "n_windows": len(windows),
        "spec": windows.spec.to_dict(),
        "labels": labels,
        "subjects": None if windows.groups is None else sorted(set(windows.groups)),
    }
