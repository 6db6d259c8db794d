"""Turn skeletons into what an accelerometer and a gyroscope on a limb had read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.simulate.jet import Jet
from sensorhar.units import STANDARD_GRAVITY
from sensorhar.video._limb_frame import (
    Rest,
    body_axes,
    limb_axes,
    turning_rate,
    up_vector,
)
from sensorhar.video._limb_joints import find_joints, say_place, seen_times
from sensorhar.video._smooth_joints import smooth_joints
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["PoseToIMU"]

#: Joints closer than this, in the median, are in one place.
MIN_BONE_M = 1e-3
#: How far a mount may be from a turn: numbers written by hand have three digits.
MOUNT_TOLERANCE = 5e-3

Array = NDArray[np.float64]
Row = tuple[float, float, float]


@dataclass(frozen=True)
class PoseToIMU:
    r"""Turn a skeleton into the accelerometer and gyroscope of a sensor on a limb.

    So that a model of sensors can be trained from video. Joints become smooth ways
    with exact derivatives; the limb's axes and their turning follow from them:

    .. math:: acc = M R^T (\ddot p + g \, up), \qquad gyr = M \omega

    with p the sensor's place, R the limb's axes, ω their angular velocity in them and
    M the mount. A sensor that lies still reads 1 g upwards.

    ::

        standing, arm hanging          x  along the bone, to the hand or foot
              |  up                    y  to the left of the body
          left|/                       z  forward
           y--o-- z forward            raised forward: x forward, y left, z up
              |
              x                        a twist about the bone cannot be seen

    Parameters
    ----------
    joint : str or (str, str), default="right_wrist"
        A joint, for a sensor at the end of the bone that leads to it; or the joints
        where a limb begins and ends.
    share : float, default=1.0
        How far along the limb it sits, from 0, its beginning, to 1, its end.
    rate_hz : float, default=50.0
        Readings per second.
    place : str or None, default=None
        Place of the streams; None takes the name of the joint without its side.
    has_gravity : bool, default=True
        Whether the accelerometer feels gravity, as all do.
    up : str or (float, float, float), default="y"
        Where up is in the skeleton's coordinates: ``"y"`` for Kinect and most BVH
        files, ``"z"``, ``"-y"``, a vector, or ``"fitted"``, where the trunk points
        most of the time: for a tilted camera and people who stand or sit. The
        coordinates must be right-handed; in a mirror forward is backward.
    cutoff_hz : float or None, default=3.0
        Motion of this frequency is halved, faster one goes: what a depth camera shows
        of it is noise. For motion capture 10 is more like it; None keeps all.
    rest : {"forward", "down"} or None, default=None
        Where the limb points in the middle of its reach; its axes are least sure when
        it points the other way. None takes ``"down"`` for legs and ``"forward"`` for
        all else.
    mount : three rows of three float, default=((1, 0, 0), (0, 1, 0), (0, 0, 1))
        x, y and z of the sensor in the axes of the limb, a turn;
        :func:`sensorhar.video.fit_mount` finds those of a real one.
    trunk : (str, str, str, str) or None, default=None
        Joints of left and right shoulder, left and right hip; None knows them by
        their names.
    max_gap_s : float, default=0.25
        Where a joint was not seen for longer, there are no readings.
    noise_mps2, noise_radps : float, default=0.0
        RMS of the white noise of accelerometer and gyroscope.
    bias_mps2, bias_radps : float, default=0.0
        Spread of the constant offset of each axis, drawn anew for each sequence.
    limit_mps2, limit_radps : float or None, default=None
        Full scale; readings are clipped to plus or minus this.
    random_state : int, Generator or None, default=None
        Draws noise and offsets; the same number gives the same readings.

    Raises
    ------
    ValueError
        When called: for positions that are not in m in three dimensions, joints that
        are unknown, never seen or in one place, or parameters out of range.

    See Also
    --------
    fit_mount : How a real sensor was turned on its limb.
    match_distribution : Give readings the distribution of real ones.

    Notes
    -----
    Acceleration grows with the square of the frame rate, so times must be right. The
    skeletons of UTD-MHAD are said to have 30 frames a second; on the clock of the
    sensor they have 19.5: only then do the lengths of the trials and the sizes of
    both accelerations agree.

    The ends of a sequence are less sure than the rest, for about ``1 / cutoff_hz``.
    Impacts, as of clapping hands, are over between two frames and not to be seen.

    Examples
    --------
    An arm stretched out forward, still:

    >>> from sensorhar.video import KINECT, PoseSequence
    >>> joints = np.zeros((30, 20, 3))
    >>> for name, place in {
    ...     "left_shoulder": (-0.2, 1.4, 0), "right_shoulder": (0.2, 1.4, 0),
    ...     "left_hip": (-0.1, 0.9, 0), "right_hip": (0.1, 0.9, 0),
    ...     "right_elbow": (0.2, 1.4, -0.3), "right_wrist": (0.2, 1.4, -0.6),
    ... }.items():
    ...     joints[:, KINECT.joints.index(name)] = place
    >>> pose = PoseSequence(joints, np.arange(30) / 30, KINECT, label="point")
    >>> recording = PoseToIMU()(pose)
    >>> [stream.place for stream in recording.streams], recording.events.classes
    (['wrist', 'wrist'], ('point',))
    >>> acc = recording.streams[0].values
    >>> np.allclose(acc, [0, 0, 9.80665], atol=1e-5)
    True
    """

    joint: str | tuple[str, str] = "right_wrist"
    share: float = 1.0
    rate_hz: float = 50.0
    place: str | None = None
    has_gravity: bool = True
    up: str | tuple[float, float, float] = "y"
    cutoff_hz: float | None = 3.0
    rest: Rest | None = None
    mount: tuple[Row, Row, Row] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    trunk: tuple[str, str, str, str] | None = None
    max_gap_s: float = 0.25
    noise_mps2: float = 0.0
    noise_radps: float = 0.0
    bias_mps2: float = 0.0
    bias_radps: float = 0.0
    limit_mps2: float | None = None
    limit_radps: float | None = None
    random_state: int | np.random.Generator | None = None

    @overload
    def __call__(self, poses: PoseSequence) -> Recording: ...

    @overload
    def __call__(self, poses: Sequence[PoseSequence]) -> list[Recording]: ...

    def __call__(
        self, poses: PoseSequence | Sequence[PoseSequence]
    ) -> Recording | list[Recording]:
        """Return what the sensor had read, with label, group and name of the poses."""
        self._check()
        sequences = [poses] if isinstance(poses, PoseSequence) else list(poses)
        # A generator of its own for each: what one draws changes no other.
        generators = np.random.default_rng(self.random_state).spawn(len(sequences))
        recordings = [
            self._read(sequence, generator)
            for sequence, generator in zip(sequences, generators, strict=True)
        ]
        return recordings[0] if isinstance(poses, PoseSequence) else recordings

    def _check(self) -> None:
        """Raise a ValueError for parameters out of range."""
        check_positive(self.rate_hz, "rate_hz", "Hz")
        check_positive(self.max_gap_s, "max_gap_s", "s")
        for name in ("cutoff_hz", "limit_mps2", "limit_radps"):
            if getattr(self, name) is not None:
                check_positive(getattr(self, name), name)
        for name in ("noise_mps2", "noise_radps", "bias_mps2", "bias_radps"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(
                    f"{name} must be a number of at least 0; got "
                    f"{getattr(self, name)!r}."
                )
        if not 0 <= self.share <= 1:
            raise ValueError(
                f"share must lie in [0, 1], from the beginning of the limb to its "
                f"end; got {self.share!r}."
            )
        if self.rest is not None:
            check_choice(self.rest, "rest", ("forward", "down"))
        mount = np.asarray(self.mount, dtype=float)
        if (
            mount.shape != (3, 3)
            or not np.allclose(mount @ mount.T, np.eye(3), atol=MOUNT_TOLERANCE)
            or np.linalg.det(mount) < 0
        ):
            raise ValueError(
                "mount must be a turn: three rows of length 1 at right angles, of a "
                f"right-handed sensor; got {self.mount!r}."
            )

    def _read(self, pose: PoseSequence, generator: np.random.Generator) -> Recording:
        """Return the readings of one sequence."""
        called = f"sequence {pose.name!r}" if pose.name else "the sequence"
        if pose.unit != "m" or pose.positions.shape[2] != 3:
            raise ValueError(
                f"{called} must have positions in m in three dimensions; got "
                f"{pose.positions.shape[2]} in {pose.unit}. Lift flat poses to three "
                "dimensions first."
            )
        joints = find_joints(pose.skeleton, self.joint, self.trunk)
        time_s = seen_times(pose, joints, self.rate_hz, self.max_gap_s, called)
        ways = smooth_joints(
            pose.positions[:, joints.all], pose.time_s, time_s, self.cutoff_hz
        )
        begin, end, left_shoulder, right_shoulder, left_hip, right_hip = (
            _way(ways, number) for number in range(len(joints.all))
        )
        bone = end - begin
        along = left_shoulder + right_shoulder - left_hip - right_hip
        across = left_shoulder + left_hip - right_shoulder - right_hip
        for vector, ends in (
            (bone, joints.all[:2]),
            (along, joints.trunk),
            (across, joints.trunk),
        ):
            if np.median(np.linalg.norm(vector.value, axis=1)) < MIN_BONE_M:
                names = listing(pose.skeleton.joints[joint] for joint in ends)
                raise ValueError(
                    f"joints {names} of {called} must be apart; they are in one place. "
                    "Name others with joint or trunk."
                )
        body = body_axes(along, across)
        rest = self.rest or ("down" if joints.is_leg else "forward")
        axes = limb_axes(bone, body, rest)
        force = (begin + bone * self.share).second
        if self.has_gravity:
            force = force + STANDARD_GRAVITY * up_vector(self.up, body)
        acc = np.stack([np.sum(force * axis.value, axis=1) for axis in axes], axis=1)
        return self._recording(pose, time_s, acc, turning_rate(axes), generator)

    def _recording(
        self,
        pose: PoseSequence,
        time_s: Array,
        acc: Array,
        gyr: Array,
        generator: np.random.Generator,
    ) -> Recording:
        """Return readings with mount, flaws and what is known of the sequence."""
        mount = np.asarray(self.mount, dtype=float)
        place = say_place(self.joint) if self.place is None else self.place
        streams = []
        for kind, values, noise, bias, limit in (
            ("accelerometer", acc, self.noise_mps2, self.bias_mps2, self.limit_mps2),
            ("gyroscope", gyr, self.noise_radps, self.bias_radps, self.limit_radps),
        ):
            read = values @ mount.T
            read += bias * generator.normal(size=3)
            read += noise * generator.normal(size=read.shape)
            if limit is not None:
                read = np.clip(read, -limit, limit)
            streams.append(
                Stream.of_sensor(
                    kind,
                    read.astype(np.float32),
                    time_s,
                    place=place,
                    has_gravity=self.has_gravity if kind == "accelerometer" else None,
                    rate_hz=self.rate_hz,
                )
            )
        events = None
        if pose.label is not None:
            stop_s = float(time_s[-1]) + 1 / self.rate_hz
            events = Events([float(time_s[0])], [stop_s], [pose.label])
        return Recording(
            streams,
            name=pose.name,
            subject=pose.group,
            events=events,
            metadata={"is_virtual": True},
        )


def _way(ways: Jet, number: int) -> Jet:
    """Return the way of one of several joints."""
    return ways.map(lambda array: array[:, number])
