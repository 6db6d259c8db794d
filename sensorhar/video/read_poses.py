"""Read skeletons that were seen: COCO key points, Kinect, NTU RGB+D and BVH files."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar.datasets._matlab import read_matlab
from sensorhar.datasets.utd_mhad import LABELS
from sensorhar.errors import DataError
from sensorhar.io.bvh import read_bvh
from sensorhar.video._lines import find_files, read_json, read_lines, refuse
from sensorhar.video._pictures import natural_key
from sensorhar.video.pose_sequence import PoseSequence
from sensorhar.data.skeleton import COCO, KINECT, KINECT_2, Skeleton

__all__ = [
    "read_bvh_poses",
    "read_coco_keypoints",
    "read_ntu_skeleton",
    "read_utd_mhad_poses",
]

#: Frames per second of both Kinects.
KINECT_RATE_HZ = 30.0


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


def read_utd_mhad_poses(
    folder: str | Path, *, subjects: Sequence[str] | None = None
) -> list[PoseSequence]:
    """Read the Kinect skeletons of UTD-MHAD, or any files of the same form.

    Names are those of :func:`sensorhar.datasets.load_utd_mhad`, so that the sensor and
    the skeleton of a trial can be told to belong together. Their clocks differ.

    Parameters
    ----------
    folder : str or Path
        With ``a1_s1_t1_skeleton.mat`` and the others, each with ``d_skel`` of shape
        (20, 3, n_frames).
    subjects : sequence of str or None, default=None
        Whom to read, such as ``["1", "8"]``; None reads all.

    Returns
    -------
    list of PoseSequence
        In the order of action, subject and trial; positions in m, 30 frames a second.

    Raises
    ------
    DataError
        When files are missing or are not of this form.

    References
    ----------
    C. Chen, R. Jafari, N. Kehtarnavaz, UTD-MHAD, ICIP 2015.
    """
    found: list[tuple[int, int, int, Path]] = []
    for path in find_files(folder, "a*_skeleton.mat", "skeletons of UTD-MHAD"):
        match = re.fullmatch(r"a(\d+)_s(\d+)_t(\d+)_skeleton\.mat", path.name)
        if match and (subjects is None or match[2] in subjects):
            found.append((int(match[1]), int(match[2]), int(match[3]), path))
    sequences = []
    for action, subject, trial, path in sorted(found):
        values = np.asarray(read_matlab(path).get("d_skel"))
        if values.ndim != 3 or values.shape[:2] != (20, 3) or action not in LABELS:
            raise DataError(
                f"{path.name} must hold 'd_skel' of shape (20, 3, n_frames) of actions "
                f"1 to {len(LABELS)}; got shape {values.shape}. Fetch the data set "
                "again."
            )
        time_s = np.arange(values.shape[2]) / KINECT_RATE_HZ
        name = f"a{action}_s{subject}_t{trial}"
        positions = values.transpose(2, 0, 1)
        sequences.append(
            PoseSequence(
                positions, time_s, KINECT, "m", name, LABELS[action], str(subject)
            )
        )
    return sequences


def read_ntu_skeleton(
    path: str | Path, *, labels: Sequence[str] | None = None
) -> PoseSequence:
    """Read one ``.skeleton`` file of NTU RGB+D: the person who moves most.

    ::

        103                      frames
        1                        bodies in this frame
        72057594037931101 0 ...  body: id, six states, lean, tracking
        25                       joints
        0.2181 0.1725 3.785 ...  x y z in m, then eight numbers, then tracking

    Parameters
    ----------
    path : str or Path
        Such as ``S001C001P001R001A001.skeleton``.
    labels : sequence of str or None, default=None
        Names of actions 1, 2, ...; None labels with the number, ``A001``.

    Returns
    -------
    PoseSequence
        In m, 30 frames a second; the group is the person, ``P001``.

    Raises
    ------
    DataError
        When the file is broken, holds no body, or its action has no label.

    References
    ----------
    A. Shahroudy et al., NTU RGB+D: A Large Scale Dataset for 3D Human Activity
    Analysis, CVPR 2016, and read_skeleton_file.m beside the data set.
    """
    path = Path(path)
    lines = iter(read_lines(path))

    def take(n_words: int, expected: str) -> list[float]:
        number, line = next(lines, (0, ""))
        words = line.split()
        try:
            values = [float(word) for word in words]
        except ValueError:
            values = []
        if len(values) != n_words or not np.isfinite(values).all():
            if not number:
                raise DataError(
                    f"{path.name} ends where {expected} must follow. Fetch it again."
                )
            refuse(path, number, expected, line)
        return values

    n_frames = int(take(1, "the number of frames")[0])
    bodies: dict[float, dict[int, NDArray[np.float64]]] = {}
    for frame in range(n_frames):
        for _ in range(int(take(1, "the number of bodies")[0])):
            identity = take(10, "the ten numbers of a body")[0]
            if take(1, "the number of joints")[0] != KINECT_2.n_joints:
                raise DataError(
                    f"a body in frame {frame} of {path.name} must have "
                    f"{KINECT_2.n_joints} joints. Fetch it again."
                )
            rows = [take(12, "the twelve numbers of a joint")[:3] for _ in range(25)]
            bodies.setdefault(identity, {})[frame] = np.array(rows)
    if not bodies:
        raise DataError(
            f"{path.name} must hold a body; none of its {n_frames} frames does. It is "
            "one of those with missing skeletons; leave it out."
        )
    moving = max(bodies.values(), key=_motion)
    positions = np.full((n_frames, KINECT_2.n_joints, 3), np.nan)
    for frame, joints in moving.items():
        positions[frame] = joints
    match = re.match(r"S\d{3}C\d{3}(P\d{3})R\d{3}A(\d{3})", path.name)
    label = f"A{match[2]}" if match else None
    if match and labels is not None:
        if int(match[2]) > len(labels):
            raise DataError(
                f"{path.name} is of action {int(match[2])}; labels name "
                f"{len(labels)}. Pass the labels of NTU RGB+D 120."
            )
        label = labels[int(match[2]) - 1]
    time_s = np.arange(n_frames) / KINECT_RATE_HZ
    group = match[1] if match else None
    return PoseSequence(positions, time_s, KINECT_2, "m", path.stem, label, group)


def _motion(frames: dict[int, NDArray[np.float64]]) -> float:
    """Return how far the joints of a body stray from their means, over all frames."""
    return float(np.stack(list(frames.values())).var(axis=0).sum() * len(frames))


def read_bvh_poses(
    path: str | Path,
    *,
    unit: str | None = None,
    label: str | None = None,
    group: str | None = None,
) -> PoseSequence:
    """Read a BVH file as a sequence of poses.

    Parameters
    ----------
    path : str or Path
        The file.
    unit : {"m", "cm", "mm", "inch"} or None, default=None
        Unit of length; None tells it from the size of the skeleton.
    label, group : str or None, default=None
        What is done, and by whom.

    Returns
    -------
    PoseSequence
        In m, with the joints and bones of the file.

    Raises
    ------
    DataError
        When the file is broken; it names the line.

    See Also
    --------
    sensorhar.io.read_bvh : The same as a recording.
    """
    recording = read_bvh(path, unit=unit)
    stream = recording.streams[0]
    joints = tuple(name.removesuffix("_pos_x") for name in stream.channel_names[::3])
    positions = stream.values.reshape(stream.n_samples, len(joints), 3)
    skeleton = Skeleton(joints, tuple(_bones(path)))
    return PoseSequence(
        positions, stream.time_s, skeleton, "m", recording.name, label, group
    )


def _bones(path: str | Path) -> list[tuple[int, int]]:
    """Return (parent, child) of the joints of a file that read_bvh has accepted."""
    from sensorhar.io._source import Source

    text = Source(Path(path)).read().decode("utf-8-sig", errors="replace")
    bones: list[tuple[int, int]] = []
    open_joints: list[int] = []
    n_joints, waiting = 0, -1
    for word in re.findall(r"[{}]|\b(?:ROOT|JOINT|END|MOTION)\b", text.upper()):
        if word == "MOTION":
            break
        if word in ("ROOT", "JOINT"):
            waiting = n_joints
            if open_joints:
                bones.append((open_joints[-1], n_joints))
            n_joints += 1
        elif word == "END":
            waiting = -1
        elif word == "{":
            open_joints.append(waiting)
        else:
            open_joints.pop()
    return bones
