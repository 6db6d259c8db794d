"""BVH motion capture: a skeleton and its angles as joint positions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.errors import DataError

if TYPE_CHECKING:
    from sensorhar.io._source import Source

__all__ = ["is_bvh", "read_bvh"]

#: Metres in each unit that files are seen in.
_UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "inch": 0.0254}

#: A skeleton at rest measures so much, in m, over its longest extent: children to tall
#: adults with arms spread. The ranges of the four units do not overlap.
HEIGHT_M = (1.0, 2.5)

MAX_JOINTS = 1000

_CHANNEL = re.compile(r"([XYZ])(position|rotation)", re.IGNORECASE)


@dataclass
class _Joint:
    name: str
    parent: int
    offset: NDArray[np.float64]
    channels: tuple[str, ...]
    is_end: bool


def is_bvh(source: Source) -> bool:
    """Return whether a file is a BVH file, by its first word.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it begins with HIERARCHY.
    """
    return source.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].upper() == b"HIERARCHY"


def read_bvh(
    path: str | Path,
    *,
    unit: str | None = None,
    end_sites: bool = False,
    subject: str | None = None,
    name: str | None = None,
) -> Recording:
    r"""Read a BVH file as positions of its joints.

    The position of a joint is that of its parent plus its offset, turned by all joints
    above it; angles are applied in the order of the CHANNELS line, the first
    outermost. Position channels stand in place of the offset::

        p[joint] = p[parent] + R[parent] @ offset
        R[joint] = R[parent] @ R_first @ R_second @ R_third

    Axes stay those of the file, where y mostly points up.

    Parameters
    ----------
    path : str or Path
        The file; it may be gzipped.
    unit : {"m", "cm", "mm", "inch"} or None, default=None
        Unit of length, which the format does not state. None tells it from the size
        of the skeleton at rest, taken for a person of 1 to 2.5 m.
    end_sites : bool, default=False
        Whether the ends of limbs become channels too, named after their parent.
    subject : str or None, default=None
        Who moved.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.

    Returns
    -------
    Recording
        One stream of derived channels such as ``left_hand_pos_x``, in m.

    Raises
    ------
    DataError
        When the file is broken; it names the line. When the unit cannot be told.
    ValueError
        When the unit is unknown.

    References
    ----------
    M. Meredith and S. Maddock, Motion capture file formats explained, University of
    Sheffield, CS-01-11, 2001.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = '''HIERARCHY
    ... ROOT Hips
    ... {
    ...   OFFSET 0 0 0
    ...   CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
    ...   End Site
    ...   {
    ...     OFFSET 0 170 0
    ...   }
    ... }
    ... MOTION
    ... Frames: 2
    ... Frame Time: 0.01
    ... 0 100 0 0 0 0
    ... 0 101 0 0 0 0
    ... '''
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "hop.bvh"
    ...     _ = path.write_text(text)
    ...     read_bvh(path).streams[0].values
    array([[0.  , 1.  , 0.  ],
           [0.  , 1.01, 0.  ]])
    """
    from sensorhar.io._source import Source

    source = Source(Path(path))
    named = source.name
    if unit is not None:
        check_choice(unit, "unit", _UNITS)
    lines = source.read().decode("utf-8-sig", errors="replace").splitlines()
    joints, at = _hierarchy(lines, named)
    frame_s, motion = _motion(lines, at, sum(len(j.channels) for j in joints), named)
    scale = _UNITS[unit or _guess_unit(joints, named)]
    positions = _positions(joints, motion) * scale
    chosen = [i for i, joint in enumerate(joints) if end_sites or not joint.is_end]
    names = _names(joints, chosen)
    channels = [
        Channel(f"{word}_pos_{axis}", "m", "derived", word)
        for word in names
        for axis in "xyz"
    ]
    try:
        stream = Stream(
            positions[:, chosen].reshape(len(positions), -1),
            np.arange(len(positions)) * frame_s,
            channels,
            rate_hz=1 / frame_s,
        )
    except ValueError as error:
        raise DataError(f"{named}: {error}") from error
    return Recording(
        [stream],
        name=source.stem if name is None else name,
        subject=subject,
        metadata={"unit": unit or _guess_unit(joints, named), "n_joints": len(joints)},
    )


def _hierarchy(lines: list[str], named: str) -> tuple[list[_Joint], int]:
    """Return the joints, parents first, and the line after MOTION."""
    joints: list[_Joint] = []
    open_joints: list[int] = []
    waiting: _Joint | None = None
    for number, line in enumerate(lines, start=1):
        words = line.replace("{", " { ").replace("}", " } ").split()
        while words:
            key = words[0].upper()
            if key == "MOTION":
                _need(bool(joints) and not open_joints, named, number, "closed joints")
                return joints, number
            if key == "HIERARCHY":
                words = words[1:]
            elif key in ("ROOT", "JOINT", "END"):
                _need(waiting is None and len(words) > 1, named, number, "a joint name")
                _need(
                    len(joints) < MAX_JOINTS,
                    named,
                    number,
                    f"under {MAX_JOINTS} joints",
                )
                parent = open_joints[-1] if open_joints else -1
                word = " ".join(words[1:]).split(" { ")[0].removesuffix(" {")
                is_end = key == "END"
                _need(not is_end or parent >= 0, named, number, "a joint first")
                if is_end:
                    word = f"{joints[parent].name}_end"
                waiting = _Joint(word, parent, np.zeros(3), (), is_end)
                joints.append(waiting)
                words = words[words.index("{") :] if "{" in words else []
            elif key == "{":
                _need(waiting is not None, named, number, "a joint before '{'")
                open_joints.append(len(joints) - 1)
                waiting = None
                words = words[1:]
            elif key == "}":
                _need(bool(open_joints), named, number, "'{' before '}'")
                open_joints.pop()
                words = words[1:]
            elif key == "OFFSET":
                is_inside = bool(open_joints) and waiting is None
                _need(is_inside, named, number, "OFFSET within a joint")
                joints[open_joints[-1]].offset = _offset(words[1:4], named, number)
                words = words[4:]
            elif key == "CHANNELS":
                is_inside = bool(open_joints) and waiting is None
                _need(is_inside, named, number, "CHANNELS within a joint")
                joint = joints[open_joints[-1]]
                joint.channels = _channels(words[1:], named, number)
                words = words[2 + len(joint.channels) :]
            else:
                _need(False, named, number, "a word of the BVH format", words[0])
    raise DataError(
        f"{named} must hold a part MOTION after its joints; it ends in line "
        f"{len(lines)}. Export it again."
    )


def _need(
    is_so: bool, named: str, number: int, expected: str, got: str | None = None
) -> None:
    if not is_so:
        tail = "" if got is None else f"; got {got[:40]!r}"
        raise DataError(
            f"line {number} of {named} must hold {expected}{tail}. Export it again."
        )


def _offset(words: list[str], named: str, number: int) -> NDArray[np.float64]:
    try:
        offset = np.array([float(word) for word in words])
    except ValueError:
        offset = np.empty(0)
    is_good = offset.shape == (3,) and bool((np.abs(offset) < 1e9).all())
    _need(is_good, named, number, "three numbers after OFFSET", " ".join(words))
    return offset


def _channels(words: list[str], named: str, number: int) -> tuple[str, ...]:
    count = (
        int(words[0]) if words and words[0].isdecimal() and len(words[0]) < 3 else -1
    )
    chosen = words[1 : 1 + count] if count >= 0 else []
    is_good = len(chosen) == count and all(_CHANNEL.fullmatch(word) for word in chosen)
    is_good = is_good and len({word.lower() for word in chosen}) == count
    _need(is_good, named, number, "a count and as many channels", " ".join(words))
    return tuple(word[0].upper() + word[1:].lower() for word in chosen)


def _motion(
    lines: list[str], at: int, n_channels: int, named: str
) -> tuple[float, NDArray[np.float64]]:
    """Return the frame time, and one row of channel values for each frame."""
    stated: dict[str, float] = {}
    while at < len(lines) and len(stated) < 2:
        key, _, value = lines[at].partition(":")
        at += 1
        if not key.strip():
            continue
        try:
            stated[key.strip().lower()] = float(value)
        except ValueError:
            _need(False, named, at, "'Frames:' or 'Frame Time:'", lines[at - 1])
    n_frames, frame_s = stated.get("frames", 0.0), stated.get("frame time", 0.0)
    _need(n_frames >= 1, named, at, "Frames: above 0")
    _need(0 < frame_s < 1e3, named, at, "a Frame Time above 0 s")
    rows = [line for line in lines[at:] if line.strip()]
    try:
        table = np.array([line.split() for line in rows], dtype=np.float64)
    except ValueError as error:
        table = np.empty((0, 0))
        for number, line in enumerate(lines[at:], start=at + 1):
            if line.strip() and not _is_row(line, n_channels):
                _need(False, named, number, f"{n_channels} numbers", line)
        raise DataError(f"{named} must hold rows of numbers: {error}.") from error
    if table.shape != (n_frames, n_channels) or not np.isfinite(table).all():
        for number, line in enumerate(lines[at:], start=at + 1):
            if line.strip() and not _is_row(line, n_channels):
                _need(False, named, number, f"{n_channels} numbers", line)
        raise DataError(
            f"{named} must hold {n_frames:.0f} frames as line {at - 1} or so says; it "
            f"holds {len(rows)}. Export it again."
        )
    return frame_s, table


def _is_row(line: str, n_channels: int) -> bool:
    words = line.split()
    try:
        is_finite = all(np.isfinite(float(word)) for word in words)
    except ValueError:
        return False
    return len(words) == n_channels and is_finite


def _guess_unit(joints: list[_Joint], named: str) -> str:
    """Return the unit in which the skeleton at rest is as long as a person."""
    rest = np.zeros((len(joints), 3))
    for i, joint in enumerate(joints):
        if joint.parent >= 0:
            rest[i] = rest[joint.parent] + joint.offset
    extent = float(np.ptp(rest, axis=0).max())
    for unit, scale in _UNITS.items():
        if HEIGHT_M[0] <= extent * scale <= HEIGHT_M[1]:
            return unit
    raise DataError(
        f"the skeleton of {named} measures {extent:.4g} at rest, which is no person of "
        f"{HEIGHT_M[0]:g} to {HEIGHT_M[1]:g} m in m, cm, mm or inch. Pass unit=..., or "
        "unit='m' and scale the positions."
    )


def _positions(
    joints: list[_Joint], motion: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return positions (n_frames, n_joints, 3) by forward kinematics."""
    n_frames = len(motion)
    positions = np.empty((n_frames, len(joints), 3))
    turns: list[NDArray[np.float64]] = []
    column = 0
    for i, joint in enumerate(joints):
        local = np.broadcast_to(joint.offset, (n_frames, 3)).copy()
        turn = np.broadcast_to(np.eye(3), (n_frames, 3, 3))
        for channel in joint.channels:
            axis, values = "XYZ".index(channel[0]), motion[:, column]
            column += 1
            if channel.endswith("position"):
                local[:, axis] = values
            else:
                turn = turn @ _turn(axis, np.deg2rad(values))
        if joint.parent < 0:
            positions[:, i], world = local, turn
        else:
            above = turns[joint.parent]
            positions[:, i] = positions[:, joint.parent] + np.einsum(
                "nij,nj->ni", above, local
            )
            world = above @ turn
        turns.append(world)
    return positions


def _turn(axis: int, angle_rad: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rotations (n, 3, 3) about one axis."""
    second, third = (axis + 1) % 3, (axis + 2) % 3
    turn = np.zeros((len(angle_rad), 3, 3))
    turn[:, axis, axis] = 1
    turn[:, second, second] = turn[:, third, third] = np.cos(angle_rad)
    turn[:, third, second] = np.sin(angle_rad)
    turn[:, second, third] = -np.sin(angle_rad)
    return turn


def _names(joints: list[_Joint], chosen: list[int]) -> list[str]:
    """Return words such as left_hand for "mixamorig:LeftHand", all different."""
    names: list[str] = []
    for i in chosen:
        word = joints[i].name.rpartition(":")[2]
        word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word)
        word = re.sub(r"[\W_]+", "_", word.lower()).strip("_") or f"joint_{i + 1}"
        names.append(word if word not in names else f"{word}_{i + 1}")
    return names
