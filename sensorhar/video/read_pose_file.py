"""Read the skeletons of one file, whatever its format."""

from pathlib import Path

from sensorhar._checks import check_positive
from sensorhar.errors import DataError
from sensorhar.video.pose_sequence import PoseSequence
from sensorhar.video.read_poses_bvh import read_bvh_poses
from sensorhar.video.read_poses_coco import read_coco_keypoints
from sensorhar.video.read_poses_kinect import read_msr_action3d, read_utd_mhad_poses
from sensorhar.video.read_poses_mmaction2 import read_mmaction2_poses
from sensorhar.video.read_poses_ntu import read_ntu_skeleton

__all__ = ["POSE_FILES", "read_pose_file"]

#: Endings of files with skeletons, which tell the format.
POSE_FILES = (
    ".skeleton", ".bvh", "_skeleton.mat", "_skeleton.txt", "_skeleton3d.txt", ".json",
    ".pkl",
)  # fmt: skip


def read_pose_file(
    path: str | Path, *, source_rate_hz: float | None = None
) -> list[PoseSequence]:
    r"""Read one file with skeletons, whatever its format.

    Parameters
    ----------
    path : str or Path
        Of the formats that :func:`~sensorhar.video.read_poses` names.
    source_rate_hz : float or None, default=None
        Frames per second of formats that do not state it; COCO needs it.

    Returns
    -------
    list of PoseSequence
        One, or all of a file of MMAction2.

    Raises
    ------
    DataError
        When the file is broken, holds code, or is of no known format.
    ValueError
        When a rate is needed and not given.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a01_s02_e03_skeleton3D.txt"
    ...     _ = path.write_text("0.1 0.2 3.0 1.0\n" * 40)
    ...     read_pose_file(path)
    [<PoseSequence 2 x 20 x 3 in 0.0667 s [m]>]
    """
    path = Path(path)
    if source_rate_hz is not None:
        check_positive(source_rate_hz, "source_rate_hz", "Hz")
    name = path.name.lower()
    if not path.is_file():
        raise DataError(
            f"{path.name} is not there: {str(path)!r} is no file. Correct the list."
        )
    if path.stat().st_size == 0:
        raise DataError(
            f"{path.name} must hold skeletons; it is empty. Fetch it again."
        )
    if name.endswith(".skeleton"):
        return [read_ntu_skeleton(path)]
    if name.endswith(".bvh"):
        return [read_bvh_poses(path)]
    if name.endswith(".mat"):
        return read_utd_mhad_poses(path)
    if name.endswith(".txt"):
        return read_msr_action3d(path)
    if name.endswith(".pkl"):
        rate_hz = 30.0 if source_rate_hz is None else source_rate_hz
        return read_mmaction2_poses(path, rate_hz=rate_hz)
    if name.endswith(".json"):
        if source_rate_hz is None:
            raise ValueError(
                f"{path.name} does not state its frames per second. Pass "
                "source_rate_hz=..., such as 25."
            )
        return [read_coco_keypoints(path, rate_hz=source_rate_hz)]
    raise DataError(
        f"{path.name} must end in {', '.join(POSE_FILES)}, which tell the format of "
        "skeletons. Rename it, or leave it out."
    )
