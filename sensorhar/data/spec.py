"""What a window is: everything needed to make the same kind of window again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from sensorhar._checks import check_positive
from sensorhar.data.channel import Channel

__all__ = ["WindowSpec"]


@dataclass(frozen=True)
class WindowSpec:
    """The recipe of windows; it travels with a fitted classifier.

    Parameters
    ----------
    channels : tuple of Channel
        Columns in order, with unit, place and gravity.
    rate_hz : float
        Samples per second.
    n_timepoints : int
        Samples per window.
    step_s : float or None, default=None
        Time between the starts of neighbouring windows in s; None when unknown.
    steps : tuple of dict, default=()
        Preparation steps as plain JSON, in order, as
        :func:`sensorhar.preprocess.describe` writes them.
    is_stretched : bool, default=False
        Whether each window is one whole event, drawn out or shrunk to this length; the
        rate is then that of an event as long as the window. See
        :func:`sensorhar.make_event_windows`.

    Attributes
    ----------
    length_s : float
        Duration of a window in s.

    Raises
    ------
    ValueError
        When there is no channel or a number is not positive.

    Examples
    --------
    >>> acc = tuple(Channel(f"acc_{a}", "m/s^2", "accelerometer", "waist", True)
    ...     for a in "xyz")
    >>> WindowSpec(acc, rate_hz=50, n_timepoints=128)
    <WindowSpec 128 timepoints at 50 Hz (2.56 s) of acc_x, acc_y, acc_z [m/s^2]>
    """

    channels: tuple[Channel, ...]
    rate_hz: float
    n_timepoints: int
    step_s: float | None = None
    steps: tuple[Mapping[str, Any], ...] = ()
    is_stretched: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))
        object.__setattr__(self, "steps", tuple(self.steps))
        if not self.channels:
            raise ValueError("a WindowSpec must name at least one channel; got none.")
        check_positive(self.rate_hz, "rate_hz", "Hz")
        check_positive(self.n_timepoints, "n_timepoints", "samples")
        if self.step_s is not None:
            check_positive(self.step_s, "step_s", "s")

    @property
    def length_s(self) -> float:
        """Duration of a window in s."""
        return self.n_timepoints / self.rate_hz

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of the channels in order."""
        return tuple(channel.name for channel in self.channels)

    @property
    def is_overlapping(self) -> bool:
        """Whether neighbouring windows share samples (unknown counts as yes)."""
        return self.step_s is None or self.step_s < self.length_s * (1 - 1e-9)

    def triples(self) -> tuple[tuple[int, int, int], ...]:
        """Return column indices of each whole x, y, z sensor, in order."""
        names = self.channel_names
        found = []
        for i, name in enumerate(names):
            if name.endswith("_x"):
                wanted = [name[:-1] + axis for axis in "xyz"]
                if all(w in names for w in wanted):
                    found.append((i, names.index(wanted[1]), names.index(wanted[2])))
        return tuple(found)

    def with_channels(self, channels: tuple[Channel, ...]) -> Self:
        """Return the spec with other channels."""
        return replace(self, channels=channels)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {
            "channels": [channel.to_dict() for channel in self.channels],
            "rate_hz": self.rate_hz,
            "n_timepoints": self.n_timepoints,
            "step_s": self.step_s,
            "steps": [dict(step) for step in self.steps],
            "is_stretched": self.is_stretched,
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Build a spec from what ``to_dict`` returned."""
        channels = tuple(Channel.from_dict(c) for c in fields["channels"])
        return cls(**{**fields, "channels": channels})

    def describe(self) -> str:
        """Say the spec in words, as messages do."""
        units = ", ".join(dict.fromkeys(c.unit for c in self.channels))
        whole = "whole events stretched to " * self.is_stretched
        return (
            f"{whole}{self.n_timepoints} timepoints at {self.rate_hz:g} Hz of "
            f"{', '.join(self.channel_names)} [{units}]"
        )

    def __repr__(self) -> str:
        units = ", ".join(dict.fromkeys(c.unit for c in self.channels))
        steps = f" after {', '.join(s['step'] for s in self.steps)}" * bool(self.steps)
        whole = "whole events as " * self.is_stretched
        return (
            f"<WindowSpec {whole}{self.n_timepoints} timepoints at {self.rate_hz:g} Hz "
            f"({self.length_s:g} s) of {', '.join(self.channel_names)} "
            f"[{units}]{steps}>"
        )
