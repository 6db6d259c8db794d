"""Say what happens when in a video, or in the movement of a skeleton."""

from pathlib import Path
from typing import Any, Literal

import numpy as np

from sensorhar.data.clip_spec import ClipSpec
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.errors import DataError
from sensorhar.video.pose_sequence import PoseSequence
from sensorhar.video.poses import make_poses
from sensorhar.video.read_pose_file import read_pose_file
from sensorhar.video.slide import slide
from sensorhar.video.timeline import Timeline

__all__ = ["predict_timeline"]


def predict_timeline(
    clf: Any,
    source: Any,
    *,
    step_s: float | None = None,
    length_s: float | None = None,
    fit: Literal["crop", "stretch"] = "crop",
    missing: Literal["raise", "zero"] = "raise",
    source_rate_hz: float | None = None,
    backend: Literal["av", "opencv"] | None = None,
) -> Timeline:
    """Slide clips over an untrimmed video and let a classifier speak of each.

    Parameters
    ----------
    clf : classifier
        Fitted on ``Clips`` or ``Poses``; it has ``classes_``, ``predict_proba`` and
        ``spec_``.
    source : str, Path, array or PoseSequence
        A video, a folder of pictures or frames for a classifier of clips; a file with a
        skeleton, or a sequence, for one of poses.
    step_s, length_s : float or None, default=None
        As in :func:`~sensorhar.video.slide_clips`.
    fit : {"crop", "stretch"}, default="crop"
        As in training.
    missing : {"raise", "zero"}, default="raise"
        What to do with joints that are never seen, as in training.
    source_rate_hz : float or None, default=None
        Frame rate of what carries none: pictures, arrays, key points.
    backend : {"av", "opencv"} or None, default=None
        Who decodes.

    Returns
    -------
    Timeline
        Probabilities by time, and the events in them.

    Raises
    ------
    DataError
        When the file is broken, too short, has no stamps or holds several skeletons.
    ValueError
        When the classifier knows no clips or poses, or an option is wrong.

    Examples
    --------
    >>> class Brightness:
    ...     classes_ = np.array(["dark", "light"])
    ...     spec_ = ClipSpec(5, 4, 4, rate_hz=10)
    ...     def predict_proba(self, clips):
    ...         light = np.asarray(clips).mean(axis=(1, 2, 3, 4))
    ...         return np.stack([1 - light, light], axis=1)
    >>> video = np.zeros((40, 6, 8, 3), np.uint8)
    >>> video[20:] = 255
    >>> for event in predict_timeline(Brightness(), video, source_rate_hz=10).events():
    ...     print(event)
    0.0-2.0 s  dark  1.00
    2.0-4.0 s  light  1.00
    """
    spec = getattr(clf, "spec_", None)
    if isinstance(spec, PoseSpec):
        return _of_skeleton(
            clf, spec, source, step_s, length_s, missing, source_rate_hz
        )
    if not isinstance(spec, ClipSpec):
        raise ValueError(
            "clf must have been fitted on Clips or Poses to speak of a video; its "
            f"spec_ is {spec!r}. For recordings of sensors use sensorhar predict."
        )
    found = slide(
        source,
        spec=spec,
        step_s=step_s,
        length_s=length_s,
        fit=fit,
        source_rate_hz=source_rate_hz,
        backend=backend,
    )
    return _timeline(clf, found.clips, found.length_s, found.duration_s)


def _of_skeleton(
    clf: Any,
    spec: PoseSpec,
    source: Any,
    step_s: float | None,
    length_s: float | None,
    missing: str,
    source_rate_hz: float | None,
) -> Timeline:
    if length_s is not None:
        raise ValueError(
            "length_s is for clips spread over files; poses last as long as in "
            f"training. Leave it out; got {length_s:g}."
        )
    if not isinstance(source, PoseSequence):
        found = read_pose_file(source, source_rate_hz=source_rate_hz)
        if len(found) != 1:
            raise DataError(
                f"{Path(source).name} must hold one skeleton; it holds {len(found)}. "
                "Pass one of them, from read_pose_file."
            )
        source = found[0]
    poses = make_poses(
        [source],
        n_frames=spec.n_frames,
        rate_hz=spec.rate_hz,
        step_s=step_s,
        centre=spec.centre,
        missing=missing,
    )
    interval_s = float(np.median(np.diff(source.time_s))) if len(poses) else 0.0
    duration_s = float(source.time_s[-1] - source.time_s[0]) + interval_s
    lasts_s = duration_s if spec.rate_hz is None else spec.length_s
    return _timeline(clf, poses, lasts_s, duration_s)


def _timeline(clf: Any, examples: Any, lasts_s: float, duration_s: float) -> Timeline:
    start_s = examples.start_s - examples.start_s.min()
    return Timeline(
        str(examples.names[0]),
        tuple(str(name) for name in clf.classes_),
        start_s,
        np.minimum(start_s + lasts_s, max(duration_s, lasts_s)),
        np.asarray(clf.predict_proba(examples)),
        duration_s,
    )
