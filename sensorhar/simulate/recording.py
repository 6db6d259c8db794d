"""One simulated person with one device, as a Recording."""

from collections.abc import Mapping, Sequence

import numpy as np

from sensorhar._checks import check_choice, check_positive
from sensorhar.data import Recording, Stream
from sensorhar.simulate.clock import sample_times
from sensorhar.simulate.flaws import FLAWS, flawed, flawed_gps
from sensorhar.simulate.motion import PLACES, Motion
from sensorhar.simulate.person import Person
from sensorhar.simulate.read_out import READERS
from sensorhar.simulate.schedule import Schedule, plan

__all__ = ["SIMULATED_SENSORS", "simulate_recording"]

#: Kinds of sensors a simulated device has.
SIMULATED_SENSORS = tuple(READERS)

MAGNETOMETER_HZ = 50.0  # phones read it no faster
GPS_HZ = 1.0


def simulate_recording(
    person: Person,
    schedule: Schedule,
    *,
    place: str = "waist",
    rate_hz: float | Mapping[str, float] = 100.0,
    sensors: Sequence[str] = SIMULATED_SENSORS,
    clean: bool = False,
    random_state: int | np.random.Generator | None = None,
) -> Recording:
    """Simulate what a device on a person records.

    Each sensor samples the same body at its own times, on a clock of its own. Nothing
    is resampled: the motion is a formula, evaluated where it is asked.

    Parameters
    ----------
    person : Person
        Who wears the device.
    schedule : sequence of (str, float)
        Label and duration in s of each activity, such as
        ``[("standing", 20), ("walking", 60)]``. Changes of posture come in between,
        a few seconds each, on top of the durations.
    place : {"waist", "pocket", "wrist"}, default="waist"
        Where it is worn.
    rate_hz : float or mapping of str to float, default=100.0
        Samples per second of accelerometer and gyroscope; the magnetometer follows up
        to 50 Hz, GPS gives 1 Hz. A mapping sets the rate of the sensors it names.
    sensors : sequence of str, default=all of them
        Of ``"accelerometer"``, ``"gyroscope"``, ``"magnetometer"`` and ``"gps"``.
    clean : bool, default=False
        True leaves out noise, bias, jitter and all other flaws; the body moves alike.
    random_state : int, Generator or None, default=None
        The same number gives the same recording.

    Returns
    -------
    Recording
        One stream per sensor, float32 (GPS float64, for its degrees), and the truth as
        events, transitions such as ``"stand_to_sit"`` among them. Getting on and off a
        bicycle is left without a label.

    Raises
    ------
    ValueError
        When an activity, place or sensor is unknown, the schedule is empty, or a
        duration or rate is not above 0.

    Examples
    --------
    >>> recording = simulate_recording(
    ...     Person("anna"), [("standing", 5), ("walking", 10)], random_state=0
    ... )
    >>> recording.subject, len(recording.streams)
    ('anna', 4)
    >>> list(recording.events.labels)
    ['standing', 'walking']
    """
    check_choice(place, "place", PLACES)
    if not sensors:
        raise ValueError(
            f"sensors must name at least one of {', '.join(SIMULATED_SENSORS)}; got "
            "none."
        )
    for kind in sensors:
        check_choice(kind, "sensor", SIMULATED_SENSORS)
    rates_hz = _rates(rate_hz)
    # Each part draws from a stream of its own, so that leaving one sensor or all
    # flaws out changes nothing about the rest.
    plan_rng, motion_rng, *sensor_rngs = np.random.default_rng(random_state).spawn(
        2 + len(SIMULATED_SENSORS)
    )
    timeline = plan(schedule, plan_rng)
    motion = Motion(person, timeline, motion_rng)
    streams = []
    for kind in dict.fromkeys(sensors):
        rng = None if clean else sensor_rngs[SIMULATED_SENSORS.index(kind)]
        streams.append(_stream(kind, motion, place, rates_hz[kind], rng))
    return Recording(
        streams,
        name=person.name,
        subject=person.name,
        events=timeline.events,
        metadata={
            "simulated": True,
            "place": place,
            "height_m": person.height_m,
            "cadence_hz": person.cadence_hz,
            "vigour": person.vigour,
        },
    )


def _rates(rate_hz: float | Mapping[str, float]) -> dict[str, float]:
    """Return the rate of every sensor."""
    given = rate_hz if isinstance(rate_hz, Mapping) else {}
    for kind, rate in given.items():
        check_choice(kind, "sensor of rate_hz", SIMULATED_SENSORS)
        check_positive(rate, f"rate_hz of {kind!r}", "samples per second")
    if not isinstance(rate_hz, Mapping):
        check_positive(rate_hz, "rate_hz", "samples per second")
    common_hz = 100.0 if isinstance(rate_hz, Mapping) else float(rate_hz)
    return {
        "accelerometer": common_hz,
        "gyroscope": common_hz,
        "magnetometer": min(common_hz, MAGNETOMETER_HZ),
        "gps": GPS_HZ,
        **{kind: float(rate) for kind, rate in given.items()},
    }


def _stream(
    kind: str,
    motion: Motion,
    place: str,
    rate_hz: float,
    rng: np.random.Generator | None,
) -> Stream:
    """Let one sensor read the motion."""
    true_s, stamp_s = sample_times(motion.timeline.duration_s, rate_hz, rng)
    values = READERS[kind](motion.at(true_s, place=place))
    if kind == "gps":
        if rng is not None:
            values, is_kept = flawed_gps(values, true_s, rng)
            values, stamp_s = values[is_kept], stamp_s[is_kept]
    else:
        if rng is not None:
            values = flawed(values, true_s, FLAWS[kind], rng)
        values = values.astype(np.float32)
    return Stream.of_sensor(
        kind,
        values,
        stamp_s,
        place=place,
        has_gravity=True if kind == "accelerometer" else None,
        rate_hz=rate_hz,
    )
