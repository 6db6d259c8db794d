"""Read skeletons of the first Kinect: UTD-MHAD and MSR-Action3D."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sensorhar._words import listing
from sensorhar.data.skeleton import KINECT
from sensorhar.datasets._matlab import read_matlab
from sensorhar.datasets.utd_mhad import LABELS
from sensorhar.errors import DataError
from sensorhar.video._lines import find_files, read_lines, refuse
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["read_msr_action3d", "read_utd_mhad_poses"]

#: Frames per second of the depth cameras.
UTD_RATE_HZ = 30.0
MSR_RATE_HZ = 15.0

_UTD_NAME = re.compile(r"a(\d+)_s(\d+)_t(\d+)_skeleton\.mat")
_MSR_NAME = re.compile(r"a(\d\d)_s(\d\d)_e(\d\d)_skeleton(3D)?\.txt", re.IGNORECASE)

#: Names of actions 1 to 20 of MSR-Action3D (W. Li et al. 2010, table 1).
_MSR_LABELS = (
    "high arm wave", "horizontal arm wave", "hammer", "hand catch", "forward punch",
    "high throw", "draw x", "draw tick", "draw circle", "hand clap", "two hand wave",
    "side-boxing", "bend", "forward kick", "side kick", "jogging", "tennis swing",
    "tennis serve", "golf swing", "pickup & throw",
)  # fmt: skip

#: Joints 1 to 20 of MSR-Action3D. The drawing that comes with the set, drawskt.m, joins
#: them by bones and names none; sides are named as implementations on the set do.
_MSR_JOINTS = (
    "left_shoulder", "right_shoulder", "shoulder_center", "spine", "left_hip",
    "right_hip", "hip_center", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
    "left_hand", "right_hand", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_foot", "right_foot", "head",
)  # fmt: skip
_MSR_ORDER = [_MSR_JOINTS.index(name) for name in KINECT.joints]

#: Numbers above this, in either file of MSR-Action3D, are px and not m.
FARTHEST_M = 20.0


def read_utd_mhad_poses(
    path: str | Path, *, subjects: Sequence[str] | None = None
) -> list[PoseSequence]:
    """Read the Kinect skeletons of UTD-MHAD, or any files of the same form.

    Names are those of :func:`sensorhar.datasets.load_utd_mhad`, so that the sensor and
    the skeleton of a trial can be told to belong together. Their clocks differ.

    Parameters
    ----------
    path : str or Path
        The folder with ``a1_s1_t1_skeleton.mat`` and the others, each with ``d_skel``
        of shape (20, 3, n_frames); or one of them.
    subjects : sequence of str or None, default=None
        Whom to read, such as ``["1", "8"]``; None reads all.

    Returns
    -------
    list of PoseSequence
        In the order of action, subject and trial; positions in m, 30 frames a second as
        published. On the sensor's clock there are about 19.5; see
        :class:`PoseToIMU`.

    Raises
    ------
    DataError
        When files are missing or are not of this form.
    ValueError
        When there are no files of a subject.

    References
    ----------
    C. Chen, R. Jafari, N. Kehtarnavaz, UTD-MHAD, ICIP 2015.
    """
    sequences = []
    what = "skeletons of UTD-MHAD"
    for (action, subject, trial), file in _named(
        path, _UTD_NAME, "*.mat", what, subjects
    ):
        values = np.asarray(read_matlab(file).get("d_skel"))
        if values.ndim != 3 or values.shape[:2] != (20, 3) or action not in LABELS:
            raise DataError(
                f"{file.name} must hold 'd_skel' of shape (20, 3, n_frames) of actions "
                f"1 to {len(LABELS)}; got shape {values.shape}. Fetch the data set "
                "again."
            )
        sequences.append(
            PoseSequence(
                values.transpose(2, 0, 1),
                np.arange(values.shape[2]) / UTD_RATE_HZ,
                KINECT,
                "m",
                f"a{action}_s{subject}_t{trial}",
                LABELS[action],
                str(subject),
            )
        )
    return sequences


def read_msr_action3d(
    path: str | Path, *, subjects: Sequence[str] | None = None
) -> list[PoseSequence]:
    """Read the skeletons of MSR-Action3D, in space or in the picture.

    A line is a joint, x y z and confidence, and twenty lines are a frame. Joints come
    in the order of ``KINECT`` here, so that the set goes together with UTD-MHAD. Those
    at the origin were not seen; ten of the 567 files are known to be of little use for
    that.

    Parameters
    ----------
    path : str or Path
        The folder with ``a01_s01_e01_skeleton3D.txt`` and the others, in m, or with
        ``a01_s01_e01_skeleton.txt`` and the others, in px; or one of them.
    subjects : sequence of str or None, default=None
        Whom to read, such as ``["1", "3"]``; None reads all.

    Returns
    -------
    list of PoseSequence
        In the order of action, subject and repetition, 15 frames a second; three
        coordinates in m, or two in px.

    Raises
    ------
    DataError
        When files are missing or are not of this form; it names the line.
    ValueError
        When there are no files of a subject.

    References
    ----------
    W. Li, Z. Zhang and Z. Liu, Action Recognition Based on a Bag of 3D Points, CVPR
    Workshops 2010; J. Wang et al., Mining Actionlet Ensemble for Action Recognition
    with Depth Cameras, CVPR 2012, on the ten files.
    """
    sequences = []
    what = "skeletons of MSR-Action3D"
    for (action, subject, trial), file in _named(
        path, _MSR_NAME, "*.txt", what, subjects
    ):
        if not 1 <= action <= len(_MSR_LABELS):
            raise DataError(
                f"{file.name} must be of an action from 1 to {len(_MSR_LABELS)}; got "
                f"{action}. Fetch the data set again."
            )
        values = _msr_rows(file)
        positions = values.reshape(-1, len(_MSR_JOINTS), 4)[:, _MSR_ORDER, :3]
        positions[(positions == 0).all(axis=2)] = np.nan
        is_picture = bool(np.nanmax(np.abs(values[:, :2])) > FARTHEST_M)
        sequences.append(
            PoseSequence(
                positions[..., :2] if is_picture else positions,
                np.arange(len(positions)) / MSR_RATE_HZ,
                KINECT,
                "px" if is_picture else "m",
                f"a{action:02d}_s{subject:02d}_e{trial:02d}",
                _MSR_LABELS[action - 1],
                str(subject),
            )
        )
    return sequences


def _named(
    path: str | Path,
    pattern: re.Pattern[str],
    ending: str,
    what: str,
    subjects: Sequence[str] | None,
) -> list[tuple[tuple[int, int, int], Path]]:
    """Return action, subject and trial of the files of the subjects, in order."""
    path = Path(path)
    files = [path] if path.is_file() else find_files(path, ending, what)
    found = [(match, file) for file in files if (match := pattern.fullmatch(file.name))]
    if not found:
        raise DataError(
            f"{path.name} must hold {what}, named as published; it holds "
            f"{files[0].name!r}. Keep the names, which tell action and person."
        )
    numbered = [((int(m[1]), int(m[2]), int(m[3])), file) for m, file in found]
    if subjects is not None:
        wanted = {str(subject) for subject in subjects}
        here = {str(subject) for (_, subject, _), _ in numbered}
        if not wanted or wanted - here:
            raise ValueError(
                f"subjects must be some of {', '.join(sorted(here, key=int))}, of whom "
                f"{path.name} holds files; got {listing(wanted - here) or 'none'}."
            )
        numbered = [pair for pair in numbered if str(pair[0][1]) in wanted]
    return sorted(numbered)


def _msr_rows(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the numbers of a file, a row a joint."""
    rows = []
    for number, line in read_lines(path):
        try:
            row = [float(word) for word in line.split()]
        except ValueError:
            row = []
        if len(row) != 4 or not np.isfinite(row).all():
            refuse(path, number, "x, y, z and confidence of a joint", line)
        rows.append(row)
    if not rows or len(rows) % len(_MSR_JOINTS):
        raise DataError(
            f"{path.name} must have {len(_MSR_JOINTS)} lines a frame; it has "
            f"{len(rows)} lines, which ends in frame {len(rows) // len(_MSR_JOINTS)}. "
            "Fetch it again."
        )
    return np.array(rows)
