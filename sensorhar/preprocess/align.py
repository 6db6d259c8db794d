"""Bring all streams of a recording onto one regular clock."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step
from sensorhar.signal.resample import resample

__all__ = ["Align"]


@dataclass(frozen=True)
class Align(Step):
    """Resample all streams to one regular clock, without aliasing.

    The result covers the time that all streams share. Samples in a gap of any
    stream are left out, never made up: the clock then has a hole, and no window
    crosses it.

    Parameters
    ----------
    rate_hz : float
        The common rate in Hz.
    max_gap_s : float or None, default=None
        Longer pauses between samples are gaps. None asks each stream's own rate;
        see :func:`sensorhar.signal.resample`.
    channels : tuple of str or None, default=None
        Keep only the streams with one of these channels. None keeps all.

    Raises
    ------
    ValueError
        When the streams share no time, or a gap swallows everything.

    Examples
    --------
    >>> import sensorhar as sh
    >>> (recording,) = sh.simulate_recordings(1, random_state=0)
    >>> {stream.rate_hz for stream in Align(rate_hz=25)(recording).streams}
    {25}
    """

    rate_hz: float
    max_gap_s: float | None = None
    channels: tuple[str, ...] | None = None

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording on one clock."""
        check_positive(self.rate_hz, "rate_hz", "Hz")
        streams = [
            stream
            for stream in recording.streams
            if self.channels is None or set(self.channels) & set(stream.channel_names)
        ]
        start_s = max(stream.start_s for stream in streams)
        stop_s = min(stream.stop_s for stream in streams)
        if stop_s <= start_s:
            spans = ", ".join(
                f"{stream.channel_names[0]} {stream.start_s:.1f}-{stream.stop_s:.1f} s"
                for stream in streams
            )
            raise ValueError(
                f"streams of recording {recording.name!r} must share some time to be "
                f"aligned; got {spans}. Leave one of them out with channels=..."
            )
        columns, valid = [], None
        for stream in streams:
            values, time_s, is_valid = self._resample(stream, start_s, stop_s)
            columns.append(values)
            valid = is_valid if valid is None else valid & is_valid
        assert valid is not None  # there is at least one stream
        if not valid.any():
            raise ValueError(
                f"recording {recording.name!r} has no moment without a gap in one of "
                "its streams. Pass a larger max_gap_s, or leave a stream out with "
                "channels=..."
            )
        keep = slice(None) if valid.all() else valid
        return recording.with_streams(
            [
                Stream(
                    values[keep], time_s[keep], stream.channels, rate_hz=self.rate_hz
                )
                for stream, values in zip(streams, columns, strict=True)
            ]
        )

    def _resample(
        self, stream: Stream, start_s: float, stop_s: float
    ) -> tuple[NDArray[np.floating], NDArray[np.float64], NDArray[np.bool_]]:
        """Resample one stream; lost readings are gaps, bearings turn the short way."""
        values, time_s = stream.values, stream.time_s
        if stream.has_missing:
            is_known = ~np.isnan(values).any(axis=1)
            values, time_s = values[is_known], time_s[is_known]
            if len(values) < 2:
                raise ValueError(
                    f"stream {stream.channel_names[0]!r} must have at least two rows "
                    f"without NaN to be aligned; got {len(values)}."
                )
        turning = [
            i
            for i, name in enumerate(stream.channel_names)
            if name.endswith("bearing_deg")
        ]
        if turning:
            values = values.copy()
            values[:, turning] = np.unwrap(values[:, turning], period=360, axis=0)
        values, time_s, is_valid = resample(
            values,
            time_s,
            rate_hz=self.rate_hz,
            max_gap_s=self.max_gap_s,
            start_s=start_s,
            stop_s=stop_s,
        )
        if turning:
            values[:, turning] %= 360
        return values, time_s, is_valid
