"""Undo the faults of a recording's own sensors: scale, offset, bias and iron."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.errors import SensorharWarning
from sensorhar.preprocess._step import Step
from sensorhar.signal.calibrate import AccelerometerCalibration, calibrate_accelerometer
from sensorhar.signal.calibrate_gyroscope import GyroscopeBias, gyroscope_bias
from sensorhar.signal.calibrate_magnetometer import (
    MagnetometerCalibration,
    calibrate_magnetometer,
)

__all__ = ["CalibrateAccelerometer", "CalibrateMagnetometer", "RemoveGyroBias"]

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class CalibrateAccelerometer(Step):
    """Scale and shift the axes of accelerometers so that stillness weighs 1 g.

    Without numbers, each accelerometer with gravity is calibrated on its own still
    moments in the same recording; see
    :func:`sensorhar.signal.calibrate_accelerometer`. Nothing is learned from others.

    Parameters
    ----------
    scale : tuple of three floats or None, default=None
        Factor of each axis. None finds it.
    offset : tuple of three floats or None, default=None
        In m/s^2, added after scaling. None finds it.
    is_required : bool, default=True
        Whether a recording that does not tell (too little stillness, too few sides)
        is an error; otherwise it stays as it is, with a warning.

    Raises
    ------
    ValueError
        When there is no accelerometer with gravity, only one of scale and offset is
        given, or the recording does not tell.

    Warns
    -----
    SensorharWarning
        When the recording does not tell and that is allowed.
    """

    scale: Triple | None = None
    offset: Triple | None = None
    is_required: bool = True

    def __post_init__(self) -> None:
        _as_tuples(self, "scale", "offset")

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return self.scale is not None

    def __call__(self, recording: Recording) -> Recording:
        """Return the calibrated recording."""
        if (self.scale is None) != (self.offset is None):
            raise ValueError(
                "scale and offset must both be given, or neither; got "
                f"scale={self.scale!r} and offset={self.offset!r}. The offset belongs "
                "to the scaled readings."
            )

        def one(stream: Stream) -> NDArray[Any]:
            if self.scale is not None and self.offset is not None:
                fixed = AccelerometerCalibration(self.scale, self.offset)
                return fixed.apply(stream.values)
            found = calibrate_accelerometer(stream.values, stream.time_s)
            return found.apply(stream.values)

        return _map(
            recording, "accelerometer", one, type(self).__name__, self.is_required
        )


@dataclass(frozen=True)
class RemoveGyroBias(Step):
    """Subtract what each gyroscope reads while it lies still.

    Parameters
    ----------
    bias : tuple of three floats or None, default=None
        In rad/s. None finds it in the recording itself; see
        :func:`sensorhar.signal.gyroscope_bias`.
    is_required : bool, default=True
        Whether a recording without stillness is an error; otherwise it stays as it
        is, with a warning.

    Raises
    ------
    ValueError
        When there is no gyroscope, or the recording does not tell.

    Warns
    -----
    SensorharWarning
        When the recording does not tell and that is allowed.
    """

    bias: Triple | None = None
    is_required: bool = True

    def __post_init__(self) -> None:
        _as_tuples(self, "bias")

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return self.bias is not None

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording without bias."""

        def one(stream: Stream) -> NDArray[Any]:
            if self.bias is not None:
                return GyroscopeBias(self.bias).apply(stream.values)
            return gyroscope_bias(stream.values, stream.time_s).apply(stream.values)

        return _map(recording, "gyroscope", one, type(self).__name__, self.is_required)


@dataclass(frozen=True)
class CalibrateMagnetometer(Step):
    """Undo the hard and soft iron around each magnetometer.

    Parameters
    ----------
    offset : tuple of three floats or None, default=None
        Hard iron in uT. None finds both in the recording itself; see
        :func:`sensorhar.signal.calibrate_magnetometer`.
    matrix : tuple of three tuples of three floats or None, default=None
        Soft iron, applied after the offset. None with an offset is the unit matrix.
    soft_iron : bool, default=True
        Whether to look for soft iron; without, less turning is enough.
    is_required : bool, default=True
        Whether a recording that turned too little is an error; otherwise it stays as
        it is, with a warning.

    Raises
    ------
    ValueError
        When there is no magnetometer, a matrix comes without an offset, or the
        recording does not tell.

    Warns
    -----
    SensorharWarning
        When the recording does not tell and that is allowed.
    """

    offset: Triple | None = None
    matrix: tuple[Triple, ...] | None = None
    soft_iron: bool = True
    is_required: bool = True

    def __post_init__(self) -> None:
        _as_tuples(self, "offset")
        if self.matrix is not None:
            rows = tuple(tuple(row) for row in self.matrix)
            object.__setattr__(self, "matrix", rows)

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return self.offset is not None

    def __call__(self, recording: Recording) -> Recording:
        """Return the calibrated recording."""
        if self.offset is None and self.matrix is not None:
            raise ValueError(
                "matrix must come with an offset; got offset=None. Pass "
                "offset=(0, 0, 0) if there is no hard iron."
            )

        def one(stream: Stream) -> NDArray[Any]:
            if self.offset is None:
                found = calibrate_magnetometer(stream.values, soft_iron=self.soft_iron)
                return found.apply(stream.values)
            if self.matrix is None:
                return MagnetometerCalibration(self.offset).apply(stream.values)
            fixed = MagnetometerCalibration(self.offset, self.matrix)
            return fixed.apply(stream.values)

        return _map(
            recording, "magnetometer", one, type(self).__name__, self.is_required
        )


def _as_tuples(step: Step, *names: str) -> None:
    """Make tuples of what may come as lists from JSON, so that steps compare equal."""
    for name in names:
        value = getattr(step, name)
        if value is not None:
            values = tuple(float(number) for number in np.ravel(value))
            if len(values) != 3:
                raise ValueError(
                    f"{name} must be three numbers, one for each axis; got {value!r}."
                )
            object.__setattr__(step, name, values)


def _map(
    recording: Recording,
    kind: str,
    correct: Callable[[Stream], NDArray[Any]],
    name: str,
    is_required: bool,
) -> Recording:
    """Correct the streams of one kind of sensor and leave the others as they are."""
    streams, n_found = [], 0
    for stream in recording.streams:
        is_meant = stream.kind == kind and stream.n_channels == 3
        if not is_meant or stream.channels[0].has_gravity is False:
            streams.append(stream)
            continue
        n_found += 1
        try:
            streams.append(stream.with_values(correct(stream)))
        except ValueError as error:
            message = (
                f"{name} cannot correct {stream.channel_names[0]!r} of recording "
                f"{recording.name!r}: {error}"
            )
            if is_required:
                raise ValueError(message) from error
            warnings.warn(
                f"{message} It stays as it is.", SensorharWarning, stacklevel=3
            )
            streams.append(stream)
    if not n_found:
        with_gravity = " with gravity" if kind == "accelerometer" else ""
        raise ValueError(
            f"{name} needs a three-axis {kind}{with_gravity}; recording "
            f"{recording.name!r} has {', '.join(recording.channel_names)}."
        )
    return recording.with_streams(streams)
