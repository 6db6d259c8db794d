"""Read skeletons as poses of one length: files of any of the known formats."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.video._inputs import Input, check_there
from sensorhar.video._labels import Labelled, label_inputs
from sensorhar.video._pictures import natural_key
from sensorhar.video._progress import run_all
from sensorhar.video.pose_sequence import PoseSequence
from sensorhar.video.poses import Poses, make_poses
from sensorhar.video.read_pose_file import POSE_FILES, read_pose_file

__all__ = ["find_skeletons", "read_poses"]


def read_poses(
    sources: str | Path | Iterable[Any],
    *,
    labels: Any = None,
    groups: Any = None,
    n_frames: int = 32,
    rate_hz: float | None = None,
    step_s: float | None = None,
    centre: str | None = None,
    missing: Literal["raise", "zero"] = "raise",
    source_rate_hz: float | None = None,
    classes: Sequence[str] | None = None,
    on_error: Literal["raise", "skip"] = "raise",
    progress: bool = True,
) -> Poses:
    """Read files with skeletons as poses of one length, as ``read_clips`` reads videos.

    ::

        *.skeleton                  NTU RGB+D
        *.bvh                       motion capture
        *_skeleton.mat              UTD-MHAD
        *_skeleton3D.txt            MSR-Action3D, also *_skeleton.txt
        *.json                      key points of COCO, a file a video
        *.pkl                       MMAction2, many sequences; code in it is not run

    Parameters
    ----------
    sources : str, Path or sequence
        A folder, searched at any depth; a file; or a list of files and
        :class:`~sensorhar.video.PoseSequence`.
    labels, groups : as in :func:`~sensorhar.video.read_clips`, default=None
        None takes what the files and their names tell.
    n_frames, rate_hz, step_s, centre, missing
        As in :func:`~sensorhar.video.make_poses`.
    source_rate_hz : float or None, default=None
        Frames per second of formats that do not state it, COCO and MMAction2.
    classes : sequence of str or None, default=None
        All labels that are allowed.
    on_error : {"raise", "skip"}, default="raise"
        What to do with files that are broken, missing or too short, and with joints
        that are never seen. "skip" lists them in ``poses.skipped`` and warns.
    progress : bool, default=True
        Whether to show a bar.

    Returns
    -------
    Poses
        In the order of the names.

    Raises
    ------
    DataError
        When a file is missing, broken, has one frame, or holds code; it names file and
        frame. When labels are missing or unknown. When all are skipped.
    ValueError
        When an option is unknown, or files differ in skeleton or unit.

    Warns
    -----
    SensorharWarning
        When files were skipped.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar.video import KINECT
    >>> nod = PoseSequence(np.zeros((30, 20, 3)), np.arange(30) / 30, KINECT, name="a")
    >>> read_poses([nod], labels=["nod"], n_frames=10, rate_hz=10, progress=False)
    <Poses 1 x 10 x 20 x 3 | 10 Hz | x y z [m] | nod 1>
    """
    check_choice(on_error, "on_error", ["raise", "skip"])
    may_skip = on_error == "skip"
    inputs = find_skeletons(sources)
    if not may_skip:
        check_there(inputs)
    known = label_inputs(
        inputs,
        labels,
        groups,
        classes=None if labels is None else classes,
        is_searched=isinstance(sources, (str, Path)) and Path(sources).is_dir(),
        may_skip=may_skip,
    )
    make = partial(
        make_poses,
        n_frames=n_frames,
        rate_hz=rate_hz,
        step_s=step_s,
        centre=centre,
        missing=missing,
    )
    found = run_all(
        "Reading skeletons",
        [
            partial(_look, place, one, known, classes, make, source_rate_hz, may_skip)
            for place, one in enumerate(inputs)
        ],
        progress=progress,
    )
    sequences = [sequence for good, _ in found for sequence in good]
    skipped = [pair for _, bad in found for pair in bad] + [*known.gone.items()]
    if not sequences:
        raise DataError(f"no skeleton can be read; the first: {skipped[0][1]}")
    if skipped:
        warnings.warn(
            f"{len(skipped)} skeletons are skipped: "
            f"{listing(name for name, _ in skipped)}. Their reasons stand in "
            "poses.skipped.",
            SensorharWarning,
            stacklevel=2,
        )
    return make(sequences)._like(skipped=skipped)


def find_skeletons(sources: Any) -> list[Input]:
    """Return the skeletons in a folder, or those of a list."""
    if isinstance(sources, (str, Path)):
        path = Path(sources)
        if not path.is_dir():
            return [Input(path, path.name)]
        found = [
            file
            for file in path.rglob("*")
            if file.name.lower().endswith(POSE_FILES) and not file.name.startswith(".")
        ]
        if not found:
            raise DataError(
                f"folder {str(path)!r} must hold skeletons ({', '.join(POSE_FILES)}); "
                f"it holds {listing(p.name for p in path.iterdir()) or 'nothing'}. "
                "Pass the folder of the files."
            )
        found.sort(key=lambda file: natural_key(file.as_posix()))
        return [Input(file, file.relative_to(path).as_posix()) for file in found]
    inputs = []
    for place, source in enumerate(sources):
        if isinstance(source, PoseSequence):
            inputs.append(Input(source, source.name or f"sequence {place}"))
        else:
            inputs.append(Input(Path(source), Path(source).as_posix()))
    if not inputs:
        raise ValueError("read_poses needs at least one file; got an empty list.")
    return inputs


def _look(
    place: int,
    one: Input,
    known: Labelled,
    classes: Sequence[str] | None,
    make: Callable[[list[PoseSequence]], Poses],
    source_rate_hz: float | None,
    may_skip: bool,
) -> tuple[list[PoseSequence], list[tuple[str, str]]]:
    """Return the good sequences of one input, and names and reasons of the others."""
    if place in known.problems:
        return [], [(one.name, known.problems[place])]
    good: list[PoseSequence] = []
    bad: list[tuple[str, str]] = []
    try:
        if isinstance(one.where, PoseSequence):
            sequences = [one.where]
        else:
            sequences = read_pose_file(one.where, source_rate_hz=source_rate_hz)
    except DataError as error:
        if not may_skip:
            raise
        return [], [(one.name, str(error))]
    for sequence in sequences:
        label = sequence.label if known.y is None else known.y[place]
        group = sequence.group if known.groups is None else known.groups[place]
        name = one.name if len(sequences) == 1 else sequence.name
        labelled = replace(sequence, name=name, label=label, group=group)
        try:
            _check(labelled, classes)
            make([labelled])
        except DataError as error:
            if not may_skip:
                raise
            bad.append((name, str(error)))
        else:
            good.append(labelled)
    return good, bad


def _check(one: PoseSequence, classes: Sequence[str] | None) -> None:
    if len(one.time_s) < 2:
        raise DataError(
            f"{one.name} must hold at least two frames; it holds one. Leave it out, or "
            'pass on_error="skip".'
        )
    if classes is not None and one.label is not None and one.label not in classes:
        raise DataError(
            f"labels must be among {listing(classes)}; {one.name} has {one.label!r}. "
            "Correct it, or add it to classes."
        )
