"""Bring examples into the form a classifier was fitted on, or refuse."""

import warnings
from typing import Any

from sensorhar._words import listing
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.data.examples import Examples
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.errors import SensorharWarning, SpecMismatchError

__all__ = ["conform"]


#: How to make examples again, by their spec.
_REMAKE = {
    WindowSpec: "make_windows(recordings, spec=clf.spec_)",
    PoseSpec: "make_poses(sequences, ...)",
    ClipSpec: "read_clips(files, ...)",
}


def conform(
    examples: Examples, spec: WindowSpec | PoseSpec | ClipSpec, name: str
) -> Examples:
    """Return examples like those of a spec, exactly or not at all.

    Channels of windows may stand in another order, and there may be more of them. Rate,
    length, units, gravity and preparation cannot be changed in a window without
    changing the answer, so they must agree. Poses and clips must be of the very same
    kind.

    Parameters
    ----------
    examples : Windows, Poses or Clips
        To be classified.
    spec : WindowSpec, PoseSpec or ClipSpec
        What the classifier was fitted on.
    name : str
        The classifier's name, for messages.

    Returns
    -------
    Windows, Poses or Clips
        Views on the same numbers.

    Raises
    ------
    SpecMismatchError
        When they cannot agree.

    Warns
    -----
    SensorharWarning
        When the sensor was worn elsewhere.
    """
    have: Any = getattr(examples, "spec", None)
    if have == spec:
        return examples
    if isinstance(spec, WindowSpec) and isinstance(examples, Windows):
        return _conform_windows(examples, spec, name)
    what = type(examples).__name__.lower()
    what = f"these {what} have {have.describe()}" if have else f"these are {what}"
    raise SpecMismatchError(
        f"{name} was fitted on {spec.describe()}; {what}. Remake them with "
        f"{_REMAKE[type(spec)]}."
    )


def _conform_windows(windows: Windows, spec: WindowSpec, name: str) -> Windows:
    """Bring the channels of windows into the order of a spec."""
    have = windows.spec
    verb = "make_event_windows" if spec.is_stretched else "make_windows"
    remake = f"Remake them with {verb}(recordings, spec=clf.spec_)."
    if have.is_stretched != spec.is_stretched:
        raise SpecMismatchError(
            f"{name} was fitted on {spec.describe()}; these windows have "
            f"{have.describe()}. {remake}"
        )
    missing = set(spec.channel_names) - set(have.channel_names)
    is_other_rate = abs(have.rate_hz / spec.rate_hz - 1) > 1e-6
    if missing or is_other_rate or have.n_timepoints != spec.n_timepoints:
        raise SpecMismatchError(
            f"{name} was fitted on {spec.describe()}; these windows have "
            f"{_say_difference(have, spec)}. {remake}"
        )
    for channel in spec.channels:
        other = have.channels[have.channel_names.index(channel.name)]
        if other.unit != channel.unit:
            raise SpecMismatchError(
                f"{name} was fitted on {channel.name} in {channel.unit}; these windows "
                f"have it in {other.unit}. {remake}"
            )
        if other.has_gravity != channel.has_gravity:
            words = {True: "with gravity", False: "without gravity", None: "unknown"}
            raise SpecMismatchError(
                f"{name} was fitted on {channel.name} {words[channel.has_gravity]}; "
                f"these windows have it {words[other.has_gravity]}. Take the "
                "accelerometer's total reading, or add back the gravity stream."
            )
        if other.place and channel.place and other.place != channel.place:
            warnings.warn(
                f"{name} was fitted on {channel.name} worn at the {channel.place}; "
                f"these windows are from the {other.place}, where motions look "
                "different. Fit it on recordings from there.",
                SensorharWarning,
                stacklevel=5,
            )
            break
    if have.steps != spec.steps:
        raise SpecMismatchError(
            f"{name} was fitted on windows prepared by {list(spec.steps)!r}; these "
            f"were prepared by {list(have.steps)!r}. {remake}"
        )
    if have.channel_names == spec.channel_names:
        return windows
    return windows.select_channels(spec.channel_names)


def _say_difference(have: WindowSpec, want: WindowSpec) -> str:
    """Say how windows differ, and no more."""
    parts = []
    if have.n_timepoints != want.n_timepoints:
        parts.append(f"{have.n_timepoints} timepoints")
    if have.rate_hz != want.rate_hz:
        parts.append(f"{'' if parts else 'samples '}at {have.rate_hz:g} Hz")
    words = " ".join(parts)
    missing = set(want.channel_names) - set(have.channel_names)
    if missing:
        lack = f"no channel {listing(missing)}"
        words = f"{words} and {lack}" if words else lack
    return words
