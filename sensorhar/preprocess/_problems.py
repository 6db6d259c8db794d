"""Say in plain sentences what is wrong with a recording, and what to do."""

import warnings
from collections.abc import Iterator, Sequence

from sensorhar._words import say_duration
from sensorhar.data.plausible import warn_if_implausible
from sensorhar.data.recording import Recording
from sensorhar.errors import SensorharWarning
from sensorhar.preprocess._stream_quality import MOTION, StreamQuality
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["find_problems"]

#: Rates off by more than this share shift a window by a sample or so.
RATE_SHARE = 0.01

#: Jitter of this share of a period swaps neighbours in effect.
JITTER_SHARE = 0.5

#: Gaps are told of when one is this long, or all are this share of the recording;
#: shorter ones are lost packets, which resampling bridges.
GAP_S = 1.0
GAP_SHARE = 0.005

#: So small a share of clipped readings still cuts the peaks of running.
CLIPPED_SHARE = 1e-4

MISSING_SHARE = 1e-3
REPEATED_SHARE = 0.2
STALE_SHARE = 0.1

#: At rest no working sensor is off by more; 3 % of 1 g.
REST_MPS2 = 0.3

#: Sensors of one device start and stop within so many s.
EDGE_S = 2.0


def find_problems(
    recording: Recording, streams: Sequence[StreamQuality], n_overlapping: int
) -> Iterator[str]:
    """Yield a sentence or two for each problem, worst first."""
    odd_units = list(_odd_units(recording))
    yield from odd_units
    for quality in streams:
        yield from _of_values(quality, has_odd_units=bool(odd_units))
    for quality in streams:
        yield from _of_clock(quality)
    yield from _of_places(streams)
    yield from _of_edges(streams)
    if n_overlapping:
        yield (
            f"{n_overlapping} events overlap others, so one moment has two labels. "
            "Keep one track of labels, with events.select(...), or correct the times."
        )


def _odd_units(recording: Recording) -> Iterator[str]:
    """Yield what the check of units and gravity has to say."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for stream in recording.streams:
            warn_if_implausible(stream, recording.name or "the recording")
    for warning in caught:
        if issubclass(warning.category, SensorharWarning):
            text = str(warning.message)
            yield text[0].upper() + text[1:]


def _of_values(quality: StreamQuality, *, has_odd_units: bool) -> Iterator[str]:
    title, channels = quality.title, quality.channels
    stuck = [
        f"{name} for {say_duration(lasting_s)}"
        for name, lasting_s in zip(channels, quality.stuck_s, strict=True)
        if lasting_s
    ]
    if stuck:
        yield (
            f"The {title} is stuck: {', '.join(stuck)} while its other axes go on. "
            "Leave that time out with recording.crop(...), and have the sensor looked "
            "at."
        )
    if quality.frozen_s:
        yield (
            f"The {title} repeats one reading on all axes for "
            f"{say_duration(quality.frozen_s)}: the log stopped or the sensor slept. "
            "Leave that time out, and turn off battery saving for the app."
        )
    clipped = [
        f"{name} {share:.2%}"
        for name, share in zip(channels, quality.clipped_shares, strict=True)
        if share > CLIPPED_SHARE
    ]
    if clipped:
        yield (
            f"The {title} is clipped ({', '.join(clipped)} of readings lie at the end "
            "of the range): peaks are cut off. Record with a larger range; windows "
            "with clipped peaks look alike whatever happened."
        )
    if quality.repeated_share > REPEATED_SHARE:
        true_hz = quality.measured_rate_hz * (1 - quality.repeated_share)
        yield (
            f"{quality.repeated_share:.0%} of the rows of the {title} repeat the one "
            f"before in movement: it measures about {true_hz:.3g} times a second and "
            f"was asked {quality.measured_rate_hz:.3g} times. Ask it at its own rate, "
            f"and pass rate_hz={true_hz:.0f} or less to make_windows."
        )
    at_rest = quality.rest_magnitude
    if at_rest is not None and not has_odd_units:
        off = at_rest - STANDARD_GRAVITY
        if abs(off) > REST_MPS2:
            yield (
                f"The {title} reads {at_rest:.2f} m/s^2 at rest where 9.81 is "
                "expected. Calibrate it: CalibrateAccelerometer() of "
                "sensorhar.preprocess, if the recording has it lie on its sides."
            )
    if quality.n_missing > MISSING_SHARE * quality.n_samples:
        yield (
            f"{quality.n_missing} of {quality.n_samples} rows of the {title} lack a "
            "reading. make_windows leaves them out; look why the logger lost them."
        )
    if quality.non_wear_s:
        yield (
            f"The {title} lay still for {say_duration(quality.non_wear_s)} in "
            "stretches of an hour and more: it was probably not worn. Leave that time "
            "out with recording.crop(...), or label it."
        )
    if quality.n_stale > STALE_SHARE * quality.n_samples:
        yield (
            f"{quality.n_stale} of {quality.n_samples} fixes of the {title} repeat the "
            "one before to the last digit: old fixes told again. Leave repeated ones "
            "out, or speeds computed from them jump."
        )
    if quality.n_early:
        yield (
            f"{quality.n_early} fixes of the {title} are older than the recording: "
            "the last known place, perhaps of another day. Leave them out with "
            "recording.crop(...)."
        )


def _of_clock(quality: StreamQuality) -> Iterator[str]:
    title = quality.title
    raw = quality.raw_clock
    if raw is not None and raw.get("is_repaired"):
        n_repeats, n_backwards = raw.get("n_repeats", 0), raw.get("n_backwards", 0)
        share = n_repeats / max(raw.get("n_samples", quality.n_samples), 1)
        yield (
            f"The clock of the {title} came with {n_repeats} repeated stamps "
            f"({share:.1%}) and {n_backwards} steps backwards (jitter p99 "
            f"{1000 * raw.get('jitter_p99_s', 0.0):.3g} ms). It was repaired while "
            "reading and no sample is lost; do not drop repeated stamps before."
        )
    if quality.kind not in MOTION:
        return
    nominal_hz, measured_hz = quality.rate_hz, quality.measured_rate_hz
    if measured_hz and abs(nominal_hz / measured_hz - 1) > RATE_SHARE:
        yield (
            f"The {title} gives {measured_hz:.4g} samples a second, not the stated "
            f"{nominal_hz:.4g}. Pass rate_hz to make_windows, which goes by the stamps."
        )


def _of_places(streams: Sequence[StreamQuality]) -> Iterator[str]:
    """Tell of uneven clocks and gaps, once for the sensors of a device."""
    moving = [quality for quality in streams if quality.kind in MOTION]
    for place in dict.fromkeys(quality.place for quality in moving):
        here = [quality for quality in moving if quality.place == place]
        uneven = [
            quality
            for quality in here
            if quality.jitter_p99_s * quality.measured_rate_hz > JITTER_SHARE
        ]
        if uneven:
            worst = max(uneven, key=lambda quality: quality.jitter_p99_s)
            yield (
                f"The stamps of the {_titles(uneven)} are uneven: 1 % of the steps are "
                f"more than {1000 * worst.jitter_p99_s:.3g} ms off "
                f"{1000 / worst.measured_rate_hz:.3g} ms. If samples come in bursts, "
                "pass the stamps through sensorhar.signal.repair_clock; then resample "
                "with rate_hz."
            )
        holed = [quality for quality in here if _has_long_gaps(quality)]
        if holed:
            worst = max(holed, key=lambda quality: quality.gap_s)
            plural = "s" if worst.n_gaps > 1 else ""
            yield (
                f"The {_titles(holed)} {'has' if len(holed) == 1 else 'have'} "
                f"{worst.n_gaps} gap{plural} of {say_duration(worst.gap_s)} together, "
                f"the longest {say_duration(worst.longest_gap_s)}. No window crosses "
                "them; if they come often, turn off battery saving for the app."
            )


def _has_long_gaps(quality: StreamQuality) -> bool:
    is_much = quality.gap_s > GAP_SHARE * quality.duration_s
    return quality.n_gaps > 0 and (quality.longest_gap_s > GAP_S or is_much)


def _titles(streams: Sequence[StreamQuality]) -> str:
    """Name some sensors of one place: accelerometer and gyroscope at waist."""
    kinds = [quality.kind.replace("_", " ") for quality in streams]
    several = ", ".join(kinds[:-1]) + " and " if len(kinds) > 1 else ""
    place = f" at {streams[0].place}" if streams[0].place else ""
    return f"{several}{kinds[-1]}{place}"


def _of_edges(streams: Sequence[StreamQuality]) -> Iterator[str]:
    """Tell of motion sensors that start late or stop early."""
    moving = [quality for quality in streams if quality.kind in MOTION]
    if len(moving) < 2:
        return
    first_s = min(quality.start_s for quality in moving)
    last_s = max(quality.start_s + quality.duration_s for quality in moving)
    for quality in moving:
        late_s = quality.start_s - first_s
        early_s = last_s - quality.start_s - quality.duration_s
        said = [
            f"{word} {say_duration(by_s)} {than}"
            for word, by_s, than in (
                ("starts", late_s, "late"),
                ("stops", early_s, "early"),
            )
            if by_s > EDGE_S
        ]
        if said:
            yield (
                f"The {quality.title} {' and '.join(said)}. Only the time that all "
                "streams share makes windows; leave a short one out with channels=..."
            )
