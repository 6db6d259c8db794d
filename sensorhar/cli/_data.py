"""What DATA names: a published set, simulated people, or a folder of recordings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sensorhar.cli._folder import LABELS, read_labelled, recording_files
from sensorhar.cli._options import Null

if TYPE_CHECKING:
    from sensorhar import Recording, Windows

__all__ = ["WindowPlan", "is_prewindowed", "load_windows"]

#: What DATA may be beside the published sets and a path.
SIMULATED = "simulated"

N_SIMULATED = 8
MINUTES = 1.0  # of each activity and person
LENGTH_S = 2.56
OVERLAP = 0.5
SAME = 1e-3  # share by which rates may differ and count as one, as in make_windows
NEARLY = 0.01  # share by which the clock of a phone may miss the rate it was set to


@dataclass(frozen=True)
class WindowPlan:
    """How windows shall be cut; None where nothing was said."""

    length_s: float | None = None
    overlap: float | None = None
    rate_hz: float | None = None
    channels: str | None = None
    null: Null | None = None

    @property
    def channel_names(self) -> list[str] | None:
        """Names between the commas."""
        if self.channels is None:
            return None
        return [name.strip() for name in self.channels.split(",") if name.strip()]

    def check(self, data: str) -> None:
        """Raise a ValueError or FileNotFoundError for what cannot work."""
        if self.length_s is not None and not self.length_s > 0:
            raise ValueError(f"--length must be above 0 s; got {self.length_s:g}.")
        if self.overlap is not None and not 0 <= self.overlap < 1:
            raise ValueError(
                f"--overlap must be a share in [0, 1); got {self.overlap:g}. Half of "
                "a window is 0.5."
            )
        if self.rate_hz is not None and not self.rate_hz > 0:
            raise ValueError(f"--rate must be above 0 Hz; got {self.rate_hz:g}.")
        if self.channels is not None and not self.channel_names:
            raise ValueError(
                f"--channels must name channels, such as acc_x,acc_y; got "
                f"{self.channels!r}."
            )
        names = _set_names()
        if is_prewindowed(data):
            self.refuse(f"{data} is published in windows")
        elif data not in names and not Path(data).exists():
            raise FileNotFoundError(
                "DATA must be a set of 'sensorhar datasets list', 'simulated', or a "
                "folder of recordings; there is "
                f"no {data!r} in {str(Path.cwd())!r}. Check the spelling."
            )

    def refuse(self, reason: str) -> None:
        """Raise a ValueError if there is something about cutting in the plan."""
        said = {
            "--length": self.length_s,
            "--overlap": self.overlap,
            "--rate": self.rate_hz,
            "--null": self.null,
        }
        given = [option for option, value in said.items() if value is not None]
        if given:
            raise ValueError(
                f"{reason}, which cannot be cut anew; got {', '.join(given)}. Leave "
                f"{'it' if len(given) == 1 else 'them'} out, or take whole "
                "recordings, such as hapt."
            )


def load_windows(
    data: str, plan: WindowPlan, *, say: Callable[[str], None]
) -> "Windows | tuple[Windows, Windows]":
    """Return labelled windows, or a pair (train, test) of a set with such a split."""
    from sensorhar import Windows

    if is_prewindowed(data):
        from sensorhar import datasets

        say(f"Load {data}.")
        found = datasets.load(data)
        if isinstance(found, Windows):
            return _some_channels(found, plan)
        train, test = found
        return _some_channels(train, plan), _some_channels(test, plan)
    path = Path(data)
    if data not in _set_names() and path.is_file():
        from sensorhar import read

        found = read(path)
        if isinstance(found, Windows):
            plan.refuse(f"{path.name} holds windows")
            return _some_channels(found, plan)
    recordings = _load_recordings(data, say=say)
    _check_labels(recordings, data)
    return _cut(recordings, plan, say=say)


def is_prewindowed(data: str) -> bool:
    """Return whether DATA names a set that is published in windows."""
    from sensorhar.datasets import cards

    return data in cards() and cards()[data].holds == "windows"


def _set_names() -> list[str]:
    from sensorhar.datasets import cards

    return [*cards(), SIMULATED]


def _some_channels(windows: "Windows", plan: WindowPlan) -> "Windows":
    names = plan.channel_names
    return windows if names is None else windows.select_channels(names)


def _load_recordings(data: str, *, say: Callable[[str], None]) -> "list[Recording]":
    if data == SIMULATED:
        from sensorhar.simulate import ACTIVITIES, simulate_recordings

        say(f"Simulate {N_SIMULATED} people.")
        return [
            # Changes of posture last too short for a class of their own here.
            recording.with_events(recording.events.select(ACTIVITIES))
            for recording in simulate_recordings(
                N_SIMULATED,
                minutes_per_activity=MINUTES,
                sensors=("accelerometer", "gyroscope"),
                random_state=0,
            )
            if recording.events is not None
        ]
    if data in _set_names():
        from sensorhar import datasets

        say(f"Load {data}.")
        return list(datasets.load(data))
    path = Path(data)
    files = [path] if path.is_file() else recording_files(path)
    say(f"Read {len(files)} recording{'s' * (len(files) != 1)} of {path}.")
    return [read_labelled(file) for file in files]


def _check_labels(recordings: "Sequence[Recording]", data: str) -> None:
    without = [recording.name for recording in recordings if recording.events is None]
    if without:
        raise ValueError(
            f"every recording of {data} needs labels; {len(without)} of "
            f"{len(recordings)} have none, such as {without[0]!r}. Put "
            f"{without[0]}{LABELS[0]} with columns start_s, stop_s and label beside it."
        )


def _cut(
    recordings: "Sequence[Recording]", plan: WindowPlan, *, say: Callable[[str], None]
) -> "Windows":
    from sensorhar import make_windows

    channels = plan.channel_names or _usual_channels(recordings)
    length_s = LENGTH_S if plan.length_s is None else plan.length_s
    overlap = OVERLAP if plan.overlap is None else plan.overlap
    rate_hz = plan.rate_hz
    if rate_hz is None:
        rate_hz = _usual_rate(recordings, channels)
    say(f"Cut windows of {length_s:g} s, {overlap:.0%} shared with the next.")
    return make_windows(
        recordings,
        length_s=length_s,
        overlap=overlap,
        rate_hz=rate_hz,
        channels=channels,
        null=(plan.null or Null.DROP).value,
    )


def _usual_channels(recordings: "Sequence[Recording]") -> list[str]:
    """Return accelerometer and gyroscope as far as all have them, else all channels.

    Magnetometer and GPS tell where somebody was, which a classifier would learn.
    """
    common = set.intersection(*(set(r.channel_names) for r in recordings))
    named = [
        (channel.name, channel.kind)
        for stream in recordings[0].streams
        for channel in stream.channels
        if channel.name in common
    ]
    usual = [name for name, kind in named if kind in ("accelerometer", "gyroscope")]
    chosen = usual or [name for name, _ in named]
    if not chosen:
        raise ValueError(
            "recordings must share channels; no channel is in all "
            f"{len(recordings)} of them. Name those wanted with --channels."
        )
    return chosen


def _usual_rate(
    recordings: "Sequence[Recording]", channels: Sequence[str]
) -> float | None:
    """Return the whole rate that all clocks nearly keep; None if they keep one."""
    rates = sorted(
        {
            recording.stream_of(name).rate_hz
            for recording in recordings
            for name in channels
        }
    )
    lowest, highest = rates[0], rates[-1]
    if highest - lowest <= SAME * highest:
        return None
    meant = float(round((lowest + highest) / 2))
    if meant and max(highest / meant - 1, 1 - lowest / meant) < NEARLY:
        return meant
    raise ValueError(
        f"recordings differ in rate: {lowest:.4g} to {highest:.4g} Hz. Say which to "
        f"bring them to, for example --rate {round(lowest) or 1}."
    )
