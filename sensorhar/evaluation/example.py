"""One typical window of each label, to be shown beside the scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.windows import Windows

__all__ = ["Example", "pick_examples"]

N_LOOKED_AT = 200  # windows of a label among which the typical one is sought


@dataclass(frozen=True, eq=False)
class Example:
    """A window of one sensor, as numbers that can be drawn.

    Parameters
    ----------
    label : str
        What happened in it.
    values : array of shape (n_timepoints, n_channels)
        Readings in the units of the channels.
    channels, units : tuple of str
        Names and units of the columns.
    rate_hz : float
        Samples per second.

    Examples
    --------
    >>> import numpy as np
    >>> example = Example("sit", np.zeros((100, 1)), ("acc_x",), ("m/s^2",), 50.0)
    >>> example.time_s[-1]
    np.float64(1.98)
    """

    label: str
    values: NDArray[np.float32]
    channels: tuple[str, ...]
    units: tuple[str, ...]
    rate_hz: float

    @property
    def time_s(self) -> NDArray[np.float64]:
        """Time of each sample from the start of the window in s."""
        return np.arange(len(self.values)) / self.rate_hz

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values, readings to five digits."""
        return {
            "label": self.label,
            "channels": list(self.channels),
            "units": list(self.units),
            "rate_hz": self.rate_hz,
            "values": [[float(f"{v:.5g}") for v in row] for row in self.values],
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Build an example from what ``to_dict`` returned."""
        return cls(
            label=fields["label"],
            values=np.array(fields["values"], dtype=np.float32),
            channels=tuple(fields["channels"]),
            units=tuple(fields["units"]),
            rate_hz=fields["rate_hz"],
        )


def pick_examples(windows: Windows) -> tuple[Example, ...]:
    """Pick the window of median liveliness of each label.

    Parameters
    ----------
    windows : Windows
        With labels.

    Returns
    -------
    tuple of Example
        One a label, sorted, with the channels of one sensor: an accelerometer with
        gravity before others, three axes before single channels.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar import Channel, WindowSpec
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((4, 60, 1)), spec=spec, y=list("abab"))
    >>> [example.label for example in pick_examples(windows)]
    ['a', 'b']
    """
    spec = windows.spec
    columns = _columns(windows)
    examples = []
    for label in windows.classes:
        assert windows.y is not None  # classes come from y
        of_label = np.flatnonzero(windows.y == label)
        n_looked_at = min(N_LOOKED_AT, len(of_label))
        spread = np.linspace(0, len(of_label) - 1, n_looked_at).astype(np.intp)
        chosen = of_label[spread]
        numbers = windows.batch(chosen)[:, :, columns]
        liveliness = numbers.std(axis=1).sum(axis=1)
        typical = int(np.argsort(liveliness, kind="stable")[n_looked_at // 2])
        examples.append(
            Example(
                label=label,
                values=numbers[typical],
                channels=tuple(spec.channel_names[i] for i in columns),
                units=tuple(spec.channels[i].unit for i in columns),
                rate_hz=spec.rate_hz,
            )
        )
    return tuple(examples)


def _columns(windows: Windows) -> list[int]:
    """Return the columns of the sensor that shows most."""
    channels = windows.spec.channels
    triples = windows.spec.triples()
    if not triples:
        return [0]

    def rank(triple: tuple[int, int, int]) -> tuple[bool, bool]:
        first = channels[triple[0]]
        return first.kind != "accelerometer", not first.has_gravity

    best: tuple[int, int, int] = min(triples, key=rank)
    return list(best)
