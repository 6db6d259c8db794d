"""Read key points in the formats of COCO, as detectors write them."""

from pathlib import Path
from typing import Any

import numpy as np

from sensorhar._checks import check_positive
from sensorhar.data.skeleton import COCO, Skeleton
from sensorhar.errors import DataError
from sensorhar.video._lines import read_json
from sensorhar.video._pictures import natural_key
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["read_coco_keypoints"]


def read_coco_keypoints(
    path: str | Path,
    *,
    rate_hz: float,
    min_score: float = 0.0,
    track_id: int | None = None,
    label: str | None = None,
    group: str | None = None,
) -> PoseSequence:
    """Read the key points of one person in the pictures of a video.

    Both forms are read: the annotation file with images, annotations and categories,
    and the plain list of results that detectors write. Where several people are in a
    picture, the one of the highest score counts, or the larger where there is no score.

    Parameters
    ----------
    path : str or Path
        A JSON file of one video.
    rate_hz : float
        Pictures per second, which the format does not state.
    min_score : float, default=0.0
        Key points of this visibility (0, 1 or 2 in annotations, a confidence in
        results) or less are taken as not seen.
    track_id : int or None, default=None
        Whom to follow, where the file has tracks.
    label, group : str or None, default=None
        What is done, and by whom.

    Returns
    -------
    PoseSequence
        In px; a frame for each picture, those without person not seen.

    Raises
    ------
    DataError
        When the file is not of this form, or holds nobody.

    References
    ----------
    COCO, Data format: keypoint detection, and Results format.
    """
    check_positive(rate_hz, "rate_hz", "Hz")
    named = Path(path).name
    whole = read_json(path)
    skeleton = COCO
    if isinstance(whole, dict):
        rows = whole.get("annotations", [])
        images = whole.get("images", [])
        keys = sorted(
            images, key=lambda one: natural_key(str(one.get("file_name", one)))
        )
        order = [one.get("id") for one in keys]
        kinds = [k for k in whole.get("categories", []) if k.get("keypoints")]
        if kinds and len(kinds[0]["keypoints"]) != COCO.n_joints:
            skeleton = Skeleton(tuple(str(name) for name in kinds[0]["keypoints"]))
    else:
        rows = whole if isinstance(whole, list) else []
        order = []
    people: dict[Any, list[dict[str, Any]]] = {key: [] for key in order}
    for number, row in enumerate(rows):
        points = row.get("keypoints") if isinstance(row, dict) else None
        if not isinstance(points, list) or len(points) != 3 * skeleton.n_joints:
            got = len(points) if isinstance(points, list) else points
            raise DataError(
                f"annotation {number} of {named} must have 'keypoints' of "
                f"{3 * skeleton.n_joints} numbers, x, y and visibility of "
                f"{skeleton.n_joints} joints; got {got!r}. Pass a key point file."
            )
        if track_id is None or row.get("track_id") == track_id:
            people.setdefault(row.get("image_id"), []).append(row)
    if not any(people.values()):
        whom = "anybody" if track_id is None else f"anybody with track_id {track_id}"
        raise DataError(f"{named} must hold {whom}; it holds nobody. Check the file.")
    if not order:
        order = sorted(people, key=lambda key: natural_key(str(key)))
    positions = np.full((len(order), skeleton.n_joints, 2), np.nan)
    for frame, key in enumerate(order):
        if people[key]:
            best = max(people[key], key=_prominence)
            points = np.array(best["keypoints"], dtype=np.float64).reshape(-1, 3)
            is_seen = points[:, 2] > min_score
            positions[frame, is_seen] = points[is_seen, :2]
    time_s = np.arange(len(order)) / rate_hz
    return PoseSequence(
        positions, time_s, skeleton, "px", Path(path).stem, label, group
    )


def _prominence(row: dict[str, Any]) -> tuple[float, float]:
    points = np.array(row["keypoints"], dtype=np.float64).reshape(-1, 3)
    seen = points[points[:, 2] > 0]
    area = float(np.prod(np.ptp(seen[:, :2], axis=0))) if len(seen) else 0.0
    return float(row.get("score") or 0.0), area
