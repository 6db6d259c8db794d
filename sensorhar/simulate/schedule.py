"""What the body does when: bouts one after another, and the transitions between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sensorhar._checks import check_choice, check_positive
from sensorhar.data import Event, Events
from sensorhar.simulate.activities import ACTIVITIES, MOTIONS

__all__ = ["Bout", "Timeline", "plan", "random_schedule"]

Schedule = Sequence[tuple[str, float]]

BLEND_S = 0.9  # from one gait to another takes about a stride
FLIGHT_S = 9.0  # fifteen stairs, then a landing
LANDING_S = 2.6
PEDALLING_S = 18.0
COASTING_S = 4.0


@dataclass(frozen=True)
class Bout:
    """One stretch of one motion.

    Attributes
    ----------
    motion : str
        A row of ``MOTIONS``.
    start_s, stop_s : float
        From when to when, the blends at its ends left out.
    turn_deg : float
        By how much the way turns in its course, besides the turns of every day.
    """

    motion: str
    start_s: float
    stop_s: float
    turn_deg: float = 0.0


@dataclass(frozen=True)
class Timeline:
    """Bouts and what an observer calls them.

    Attributes
    ----------
    bouts : tuple of Bout
        In order; between one's stop and the next one's start the body blends over.
    events : Events
        The truth. Getting on and off a bicycle has no label.
    duration_s : float
        Of the whole.
    """

    bouts: tuple[Bout, ...]
    events: Events
    duration_s: float


def plan(schedule: Schedule, rng: np.random.Generator) -> Timeline:
    """Turn a list of activities into bouts with transitions between them.

    ::

        sitting 30 s      stand_to ...      walking 60 s
        |--------------|~~~~~~~~~~~~~~|----|~|----|~|-----|
          bout           sit_to_stand   bouts, blends between

    Parameters
    ----------
    schedule : sequence of (str, float)
        Label and duration in s of each activity. Transitions come on top.
    rng : Generator
        Draws how long transitions take.

    Returns
    -------
    Timeline
        With an event for each activity and each change of posture, so that events
        meet without a gap, save around cycling.

    Raises
    ------
    ValueError
        When the schedule is empty, a label is unknown or a duration is not above 0.
    """
    if not len(schedule):
        raise ValueError(
            "schedule must hold at least one activity; got none. "
            'Give it as [("walking", 60), ("sitting", 30)].'
        )
    bouts: list[Bout] = []
    events: list[Event] = []
    now_s = 0.0
    for label, duration_s in schedule:
        check_choice(label, "activity", ACTIVITIES)
        check_positive(duration_s, f"duration of {label!r}", "seconds")
        start_s = now_s
        if bouts:
            before = MOTIONS[bouts[-1].motion].posture
            after = ACTIVITIES[label].posture
            if before != after:
                takes_s = _transition_s(before, after, rng)
                start_s = now_s + takes_s
                if "ride" not in (before, after):
                    events.append(Event(now_s, start_s, f"{before}_to_{after}"))
        now_s = start_s + float(duration_s)
        events.append(Event(start_s, now_s, label))
        bouts.extend(_parts(label, start_s, now_s, rng))
    return Timeline(_make_room(bouts), Events.from_list(events), now_s)


def random_schedule(
    activities: Sequence[str], minutes_per_activity: float, rng: np.random.Generator
) -> list[tuple[str, float]]:
    """Draw an order of activities, each split into bouts of 15 to 40 s.

    Parameters
    ----------
    activities : sequence of str
        Labels.
    minutes_per_activity : float
        Total of each.
    rng : Generator
        Draws order and durations.

    Returns
    -------
    list of (str, float)
        A schedule in which no activity follows itself, where that is possible.

    Raises
    ------
    ValueError
        When the minutes are not above 0 or there is no activity.
    """
    check_positive(minutes_per_activity, "minutes_per_activity", "minutes")
    if not len(activities):
        raise ValueError(
            "activities must name at least one activity; got none. "
            "Leave it out for all of them."
        )
    total_s = 60.0 * minutes_per_activity
    n_rounds = max(1, round(total_s / 25.0))
    schedule: list[tuple[str, float]] = []
    shares = {label: rng.dirichlet(np.full(n_rounds, 12.0)) for label in activities}
    for turn in range(n_rounds):
        order = [str(label) for label in rng.permutation(list(activities))]
        if schedule and order[0] == schedule[-1][0]:
            order.append(order.pop(0))
        schedule.extend(
            (label, float(total_s * shares[label][turn])) for label in order
        )
    return schedule


def _transition_s(before: str, after: str, rng: np.random.Generator) -> float:
    """Draw how long a change of posture takes.

    The medians of HAPT are 3.2 s to sit down, 2.6 s to stand up and 3.4 to 4.6 s to
    or from lying; getting on a bicycle is assumed.
    """
    if "ride" in (before, after):
        median_s = 4.5
    elif "lie" in (before, after):
        median_s = 3.8
    else:
        median_s = 2.9
    return float(median_s * np.exp(rng.normal(0.0, 0.15)))


def _parts(
    label: str, start_s: float, stop_s: float, rng: np.random.Generator
) -> list[Bout]:
    """Split stairs into flights and landings, and cycling into pedalling and not."""
    if label.startswith("walking_"):
        other, each_s, other_s, turn_deg = "walking", FLIGHT_S, LANDING_S, 180.0
    elif label == "cycling":
        other, each_s, other_s, turn_deg = "coasting", PEDALLING_S, COASTING_S, 0.0
    else:
        return [Bout(label, start_s, stop_s)]
    way = float(rng.choice([-1.0, 1.0]))  # a staircase winds one way
    bouts = []
    now_s = start_s
    while True:
        end_s = now_s + each_s * rng.uniform(0.8, 1.2)
        then_s = end_s + other_s * rng.uniform(0.8, 1.2)
        if then_s + 0.4 * each_s > stop_s:
            bouts.append(Bout(label, now_s, stop_s))
            return bouts
        bouts.append(Bout(label, now_s, end_s))
        bouts.append(Bout(other, end_s, then_s, way * turn_deg))
        now_s = then_s


def _make_room(bouts: list[Bout]) -> tuple[Bout, ...]:
    """Shorten bouts that touch, so that the body has time to blend over."""
    starts = [bout.start_s for bout in bouts]
    stops = [bout.stop_s for bout in bouts]
    for i in range(len(bouts) - 1):
        if stops[i] == starts[i + 1]:
            edge_s = stops[i]
            shorter_s = min(edge_s - bouts[i].start_s, bouts[i + 1].stop_s - edge_s)
            half_s = min(BLEND_S / 2, shorter_s / 3)
            stops[i] = edge_s - half_s
            starts[i + 1] = edge_s + half_s
    return tuple(
        Bout(bout.motion, start_s, stop_s, bout.turn_deg)
        for bout, start_s, stop_s in zip(bouts, starts, stops, strict=True)
    )
