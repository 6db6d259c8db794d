"""A script of what a person is to do: it counts down, and it is the truth."""

import re
from dataclasses import dataclass
from itertools import accumulate

from sensorhar.data.events import Events

__all__ = ["Moment", "Protocol", "Step", "parse_protocol"]

#: Steps with this name carry no label: time to get ready.
PAUSE = "pause"
MAX_STEPS = 10_000
_UNITS_S = {
    **dict.fromkeys(["s", "sec", "secs", "second", "seconds"], 1.0),
    **dict.fromkeys(["min", "mins", "minute", "minutes", "m"], 60.0),
    **dict.fromkeys(["h", "hour", "hours"], 3600.0),
}
_STEP = re.compile(r"(?P<label>.*?\S)\s+(?P<n>\d+(?:\.\d+)?|\.\d+)\s*(?P<unit>[a-z]+)")
_REPEAT = re.compile(r"(\d+)\s*[x×]\s*\(([^()]*)\)")


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Attributes
    ----------
    label : str
        What, such as ``"walking_upstairs"``; empty for a pause.
    length_s : float
        How long.
    """

    label: str
    length_s: float


@dataclass(frozen=True)
class Moment:
    """Where in a protocol somebody is.

    Attributes
    ----------
    label : str
        What to do now; empty in a pause and after the end.
    left_s : float
        For how long still.
    next_label : str
        What comes then; empty for a pause or the end.
    number, n_steps : int
        Which step of how many, from 1.
    is_over : bool
        Whether the protocol has ended.
    """

    label: str
    left_s: float
    next_label: str
    number: int
    n_steps: int
    is_over: bool = False

    def __str__(self) -> str:
        if self.is_over:
            return "done"
        now = f"{self.label or PAUSE} {self.left_s:.0f} s"
        is_last = self.number == self.n_steps
        then = "the end" if is_last else self.next_label or PAUSE
        return f"{now}, then {then} ({self.number} of {self.n_steps})"


@dataclass(frozen=True)
class Protocol:
    """Steps one after another.

    Attributes
    ----------
    steps : tuple of Step
        In order.
    """

    steps: tuple[Step, ...]

    @property
    def length_s(self) -> float:
        """Duration of the whole in s."""
        return sum(step.length_s for step in self.steps)

    def at(self, elapsed_s: float) -> Moment:
        """Return where somebody is who began so long ago, in s."""
        ends = list(accumulate(step.length_s for step in self.steps))
        n_steps = len(self.steps)
        for i, (step, end_s) in enumerate(zip(self.steps, ends, strict=True)):
            if elapsed_s < end_s:
                then = self.steps[i + 1].label if i + 1 < n_steps else ""
                return Moment(step.label, end_s - elapsed_s, then, i + 1, n_steps)
        return Moment("", 0.0, "", n_steps, n_steps, is_over=True)

    def events(self, begin_s: float = 0.0) -> Events:
        """Return the truth when the protocol begins at a time in s.

        Pauses are left without a label. Steps of one label that follow each other stay
        apart.
        """
        stops = [begin_s + end for end in accumulate(s.length_s for s in self.steps)]
        starts = [begin_s, *stops[:-1]]
        spans = [
            (start, stop, step.label)
            for start, stop, step in zip(starts, stops, self.steps, strict=True)
            if step.label
        ]
        return Events(*zip(*spans, strict=True)) if spans else Events.empty()


def parse_protocol(text: str) -> Protocol:
    """Read a protocol such as ``"walk 60 s, sit 60 s"``.

    Steps are set apart by commas, semicolons or new lines. A step is words and a
    duration in s, min or h; the words become the label. ``pause 5 s`` has no label.
    ``3 x (walk 10 s, sit 10 s)`` repeats. After ``#`` a line is a remark.

    Parameters
    ----------
    text : str
        The script.

    Returns
    -------
    Protocol
        Its steps.

    Raises
    ------
    ValueError
        When a step is no step, a duration is 0, or there is none.

    Examples
    --------
    >>> protocol = parse_protocol("pause 5 s, 2 x (walk upstairs 30 s, sit 1 min)")
    >>> protocol.length_s
    185.0
    >>> print(protocol.at(20))
    walk_upstairs 15 s, then sit (2 of 5)
    >>> protocol.events(100.0)[0]
    Event(start_s=105.0, stop_s=135.0, label='walk_upstairs', score=nan)
    """
    plain = re.sub(r"#[^\n]*", "", text.lower())
    while found := _REPEAT.search(plain):
        count = int(found[1])
        inside = ", ".join([found[2]] * min(count, MAX_STEPS))
        plain = f"{plain[: found.start()]}{inside}{plain[found.end() :]}"
        if count > MAX_STEPS or len(plain) > 100 * MAX_STEPS:
            raise ValueError(
                f"a protocol must have at most {MAX_STEPS} steps; {text[:80]!r} makes "
                "more. Repeat less often."
            )
    parts = [part.strip() for part in re.split(r"[,;\n]", plain)]
    steps = tuple(_step(part) for part in parts if part)
    if not 1 <= len(steps) <= MAX_STEPS:
        raise ValueError(
            f"a protocol must have 1 to {MAX_STEPS} steps; got {len(steps)} in "
            f"{text[:80]!r}. Write for example 'walk 60 s, sit 60 s'."
        )
    return Protocol(steps)


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    unit_s = _UNITS_S.get(found["unit"]) if found else None
    label = "_".join(re.findall(r"\w+", found["label"])) if found else ""
    if found is None or unit_s is None or not label or not float(found["n"]) > 0:
        raise ValueError(
            "a step must be words and a duration above 0 in s, min or h; got "
            f"{text!r}. Write for example 'walk 60 s'."
        )
    return Step("" if label == PAUSE else label, float(found["n"]) * unit_s)
