"""Read the skeleton files of MMAction2, which are pickles, without running them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sensorhar._checks import check_positive
from sensorhar._words import listing
from sensorhar.data.skeleton import COCO, KINECT_2
from sensorhar.errors import DataError
from sensorhar.video._lines import read_names
from sensorhar.video._pickles import read_pickle
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["read_mmaction2_poses"]

_SKELETONS = {17: (COCO, "px"), 25: (KINECT_2, "m")}


def read_mmaction2_poses(
    path: str | Path,
    *,
    split: str | None = None,
    labels: str | Path | Sequence[str] | None = None,
    rate_hz: float = 30.0,
) -> list[PoseSequence]:
    """Read a skeleton file of MMAction2: one person of each clip.

    The file holds ``{"split": {name: [clip, ...]}, "annotations": [{"frame_dir",
    "label", "keypoint" (persons, frames, joints, 2 or 3), "keypoint_score"}]}``. Where
    there are several persons, the one of the highest mean score counts, or the one who
    moves most where there are no scores. Points of score 0 are taken as not seen.

    Parameters
    ----------
    path : str or Path
        The pickle; code in it is refused, not run.
    split : str or None, default=None
        Which clips, such as ``"xsub_train"``; None reads all.
    labels : str, Path, sequence of str or None, default=None
        Names of the classes in order, or a file with one a line; None leaves the codes,
        as words.
    rate_hz : float, default=30.0
        Frames per second, which the file does not state.

    Returns
    -------
    list of PoseSequence
        Key points of COCO in px, those of NTU RGB+D in m; the group is the person
        where the name tells it, as in NTU RGB+D.

    Raises
    ------
    DataError
        When the file asks for code, or is not of this form.
    ValueError
        When there is no such split.

    References
    ----------
    H. Duan et al., Revisiting Skeleton-based Action Recognition, CVPR 2022, and the
    documentation of PoseDataset in MMAction2 1.2.0.
    """
    check_positive(rate_hz, "rate_hz", "Hz")
    named = Path(path).name
    whole = read_pickle(path)
    rows = whole.get("annotations") if isinstance(whole, dict) else whole
    if not isinstance(rows, list):
        raise DataError(
            f"{named} must hold a list of 'annotations'; got {type(rows).__name__}. "
            "Pass a skeleton file of MMAction2."
        )
    splits: dict[str, Any] = whole.get("split", {}) if isinstance(whole, dict) else {}
    wanted = None
    if split is not None:
        if split not in splits:
            raise ValueError(
                f"split must be one of {listing(splits) or 'nothing'}; got {split!r}."
            )
        wanted = set(splits[split])
    if isinstance(labels, (str, Path)):
        labels = read_names(labels)
    sequences = []
    for number, row in enumerate(rows):
        name = (
            row.get("frame_dir", row.get("filename")) if isinstance(row, dict) else ""
        )
        if wanted is not None and name not in wanted:
            continue
        home = next((key for key, names in splits.items() if name in names), "")
        one = _sequence(row, f"annotation {number} of {named}", labels, rate_hz)
        person = re.match(r"S\d{3}C\d{3}(P\d{3})R\d{3}A\d{3}", str(name))
        sequences.append(
            PoseSequence(
                *one[:2],
                *_SKELETONS[one[0].shape[1]],
                str(name),
                one[2],
                person[1] if person else None,
                home,
            )
        )
    return sequences


def _sequence(
    row: Any, where: str, labels: Sequence[str] | None, rate_hz: float
) -> tuple[Any, Any, str]:
    """Return positions, times and label of one annotation."""
    points = np.asarray(row.get("keypoint")) if isinstance(row, dict) else np.array(0)
    is_good = points.ndim == 4 and points.dtype.kind in "fiu" and points.size
    if (
        not is_good
        or points.shape[2] not in _SKELETONS
        or points.shape[3] not in (2, 3)
    ):
        keys = listing(row) if isinstance(row, dict) else type(row).__name__
        raise DataError(
            f"{where} must have 'keypoint' of shape (persons, frames, 17 or 25, 2 or "
            f"3); got shape {points.shape} beside {keys}. Pass a file with key points."
        )
    points = points.astype(np.float64)
    score = row.get("keypoint_score")
    if score is None:
        person = int(points.var(axis=1).sum(axis=(1, 2)).argmax())
        positions = points[person]
    else:
        score = np.asarray(score, dtype=np.float64)
        if score.shape != points.shape[:3]:
            raise DataError(
                f"{where} must have 'keypoint_score' of shape {points.shape[:3]}; got "
                f"{score.shape}. Write it again."
            )
        person = int(score.mean(axis=(1, 2)).argmax())
        positions = np.where(score[person][..., None] > 0, points[person], np.nan)
    code = row.get("label")
    if not isinstance(code, (int, np.integer)) or (
        labels is not None and not 0 <= code < len(labels)
    ):
        known = "a whole number" if labels is None else f"below {len(labels)}"
        raise DataError(
            f"{where} must have a label that is {known}; got {code!r}. Pass the labels "
            "of this file."
        )
    label = str(code) if labels is None else labels[int(code)]
    return positions, np.arange(len(positions)) / rate_hz, label
