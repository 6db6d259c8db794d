"""One preparation, one rate and one set of channels for all recordings to be cut."""

from collections.abc import Mapping, Sequence

from sensorhar._words import listing
from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.data.spec import WindowSpec
from sensorhar.errors import SpecMismatchError
from sensorhar.preprocess import Step
from sensorhar.windowing._cutting import present_of, streams_of

__all__ = [
    "check_columns",
    "choose_channels",
    "columns_of",
    "common_rate",
    "prepare",
    "refuse_beside_spec",
    "unique_names",
]


def refuse_beside_spec(given: Mapping[str, object]) -> None:
    """Raise where something is given that the spec says already."""
    extra = [name for name, value in given.items() if value is not None]
    if extra:
        raise ValueError(
            f"spec says length, rate, channels and steps already; got {listing(extra)} "
            "beside it. Leave these out, or leave out spec."
        )


def prepare(recording: Recording, steps: Sequence[Step]) -> Recording:
    """Apply the steps in order."""
    for step in steps:
        recording = step(recording)
    return recording


def choose_channels(
    recordings: Sequence[Recording], channels: Sequence[str] | None, is_masked: bool
) -> tuple[str, ...]:
    """Return the channels asked for, or all of the first recording or of any."""
    if channels is not None:
        return tuple(channels)
    asked = recordings if is_masked else recordings[:1]
    return tuple(dict.fromkeys(n for r in asked for n in r.channel_names))


def common_rate(
    recordings: Sequence[Recording], channels: Sequence[str], is_masked: bool, verb: str
) -> float:
    """Return the one rate of all streams wanted, or ask for one."""
    rates = {
        round(stream.rate_hz, 6)
        for recording in recordings
        for stream in streams_of(recording, present_of(recording, channels, is_masked))
    }
    lowest, highest = min(rates), max(rates)
    if highest - lowest > 1e-3 * highest:
        raise ValueError(
            f"{verb} needs rate_hz when streams differ in rate; got "
            f"{', '.join(f'{rate:.4g}' for rate in sorted(rates)[:5])} Hz. Name the "
            "rate to bring them to, or choose channels of one rate."
        )
    return next(iter(rates)) if len(rates) == 1 else round(highest, 1)


def columns_of(
    recordings: Sequence[Recording],
    names: Sequence[str],
    spec: WindowSpec | None,
    is_masked: bool,
) -> tuple[Channel, ...]:
    """Return the channels, from the first recording or else from any that has them."""
    if not names or len(set(names)) < len(names):
        raise ValueError(f"channels must be names that differ; got {list(names)!r}.")
    known = {}
    if spec is not None:
        known = dict(zip(spec.channel_names, spec.channels, strict=True))
    columns = []
    for name in names:
        holders = [r for r in recordings if name in r.channel_names]
        if is_masked and not holders and name in known:
            columns.append(known[name])
            continue
        # Without masks the first recording has it, or says that it does not.
        holder = holders[0] if is_masked and holders else recordings[0]
        stream = holder.stream_of(name)
        columns.append(stream.channels[stream.channel_names.index(name)])
    return tuple(columns)


def check_columns(
    recordings: Sequence[Recording],
    made: WindowSpec,
    wanted: WindowSpec | None,
    is_masked: bool,
) -> None:
    """Raise where a recording's channels mean something else than the spec's."""
    reference = made.channels if wanted is None else wanted.channels
    for recording in recordings:
        for want in reference:
            if is_masked and want.name not in recording.channel_names:
                continue
            stream = recording.stream_of(want.name)
            have = stream.channels[stream.channel_names.index(want.name)]
            if (have.unit, have.has_gravity) != (want.unit, want.has_gravity):
                raise SpecMismatchError(
                    f"channel {have.name!r} of recording {recording.name!r} must be "
                    f"{want!r} as in the other windows; got {have!r}. Add or remove "
                    "gravity with SplitGravity, or take other channels."
                )


def unique_names(recordings: Sequence[Recording]) -> list[str]:
    """Name each recording so that no two share a name."""
    seen: dict[str, int] = {}
    names = []
    for i, recording in enumerate(recordings):
        name = recording.name or f"recording-{i}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names
