"""How a recording does, for whoever watches it."""

from dataclasses import dataclass

from sensorhar.collect.protocol import Moment
from sensorhar.collect.source import SourceState

__all__ = ["RecorderState"]


@dataclass(frozen=True)
class RecorderState:
    """How a recording does.

    Attributes
    ----------
    elapsed_s : float
        Since the first sample; 0 before it.
    label : str
        What happens now, as said here or by a source; empty for nothing.
    moment : Moment or None
        Where in the protocol, if there is one.
    sources : tuple of SourceState
        How the sources do.
    n_samples : int
        Samples of all streams.
    n_gaps : int
        Gaps in all streams.
    gap_s : float
        Length of all gaps in s.
    problem : str
        Such as a full disk; empty while all is well.
    """

    elapsed_s: float
    label: str
    moment: Moment | None
    sources: tuple[SourceState, ...]
    n_samples: int
    n_gaps: int
    gap_s: float
    problem: str
