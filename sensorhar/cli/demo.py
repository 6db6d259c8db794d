"""``sensorhar demo``: from simulated people to an honest score, in minutes."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from sensorhar._words import say_duration
from sensorhar.cli._models import build
from sensorhar.cli.datasets import place_of

if TYPE_CHECKING:
    from sensorhar import Events, Recording, Windows

__all__ = ["EXAMPLES", "demo"]

EXAMPLES = """\
Examples:
sensorhar demo
sensorhar demo --out my-report
sensorhar demo --quick --force
"""

LENGTH_S = 2.56
OVERLAP = 0.5
RATE_HZ = 50.0
SENSORS = ("accelerometer", "gyroscope")
N_SHOWN = 5  # events of the timeline printed; the file holds all


@dataclass(frozen=True)
class Size:
    """How much the demo does."""

    n_people: int
    minutes_per_activity: float
    epochs: int
    n_folds: int


#: Chosen to end within 90 s on two idle cores.
FULL = Size(n_people=8, minutes_per_activity=0.6, epochs=6, n_folds=3)
QUICK = Size(n_people=4, minutes_per_activity=0.25, epochs=2, n_folds=2)


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder to write to.")
    ] = Path("sensorhar-report"),
    force: Annotated[
        bool,
        typer.Option(
            "--force", metavar="", help="Write into a folder that is there already."
        ),
    ] = False,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", metavar="", help="Less of everything; scores mean little."
        ),
    ] = False,
) -> None:
    """Show the whole road on simulated people, and write a report.

    People move and wear sensors; a convolutional network and a linear model on
    features learn from some of them and are scored on the others; then the network
    tells what somebody it has never seen did when.
    """
    _check_folder(out, force)
    size = QUICK if quick else FULL
    began = perf_counter()
    _tell("sensorhar demo: tell what people do from an accelerometer and a gyroscope\n")
    recordings = _simulate(size)
    windows = _cut(recordings)
    _score(windows, size, out, force)
    held_out = recordings[-1]
    _train(windows, held_out, size, out, force)
    _predict(held_out, out, force)
    _tell(f"\nDone in {say_duration(round(perf_counter() - began))}.\n")
    _say_next(out, held_out)


def _tell(text: str) -> None:
    """Print at once, also into a pipe: somebody waits for the next step."""
    print(text, flush=True)


def _check_folder(out: Path, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(f"{out} is a file; --out needs a folder.")
    if out.exists() and not force:
        raise FileExistsError(
            f"{out} exists. Choose another folder with --out, or pass --force."
        )


def _simulate(size: Size) -> "list[Recording]":
    from sensorhar.simulate import ACTIVITIES, simulate_recordings

    _tell(
        f"1/5  Simulate {size.n_people} people who differ in height, pace and posture"
    )
    made = simulate_recordings(
        size.n_people,
        minutes_per_activity=size.minutes_per_activity,
        rate_hz=RATE_HZ,
        sensors=SENSORS,
        random_state=0,
    )
    total = say_duration(sum(recording.duration_s for recording in made))
    _tell(f"     {total} at {RATE_HZ:g} Hz, of {len(ACTIVITIES)} activities")
    return [
        # Changes of posture are too short and too few here to be classes.
        recording.with_events(recording.events.select(ACTIVITIES))
        for recording in made
        if recording.events is not None
    ]


def _cut(recordings: "list[Recording]") -> "Windows":
    from sensorhar import make_windows

    _tell(f"2/5  Cut windows of {LENGTH_S:g} s, each sharing half with the next")
    windows = make_windows(
        recordings, length_s=LENGTH_S, overlap=OVERLAP, rate_hz=RATE_HZ
    )
    names = ", ".join(windows.spec.channel_names)
    _tell(f"     {len(windows)} windows of {windows.spec.n_timepoints} times {names}")
    return windows


def _score(windows: "Windows", size: Size, out: Path, force: bool) -> None:
    from sensorhar import evaluate
    from sensorhar.cli.evaluate import write_report

    _tell("3/5  Train and score a convolutional network (cnn) and a linear model on")
    _tell("     named features, always on people they have not seen")
    report = evaluate(
        {
            "cnn": build("cnn", epochs=size.epochs),
            "features-linear": build("features-linear"),
        },
        windows,
        cv=f"group-{size.n_folds}",
    )
    write_report(report, out, force=force)
    table = report.tables()[0].to_text()
    _tell("\n" + "\n".join(f"     {line}" for line in table.splitlines()) + "\n")


def _train(
    windows: "Windows", held_out: "Recording", size: Size, out: Path, force: bool
) -> None:
    _tell(f"4/5  Train the network on all but {held_out.subject}, and save it")
    groups = windows.groups
    assert groups is not None  # simulated people have names
    clf = build("cnn", epochs=size.epochs, seed=0)
    clf.fit(windows[groups != held_out.subject])
    clf.save(out / "model.sensorhar", overwrite=force)
    held_out.save(out / f"{held_out.subject}.npz", overwrite=force)
    _tell(f"     {out / 'model.sensorhar'}")


def _predict(held_out: "Recording", out: Path, force: bool) -> None:
    from sensorhar import load
    from sensorhar.cli.predict import label_recording
    from sensorhar.io import write_events

    _tell(f"5/5  Load it again, and let it tell what {held_out.subject} did when")
    said = label_recording(load(out / "model.sensorhar"), held_out)
    path = write_events(
        said, out / f"{held_out.subject}.predicted.csv", overwrite=force
    )
    truth = held_out.events
    assert truth is not None  # the simulator knows
    _tell(f"     right for {_share_right(truth, said):.0%} of the time; it begins with")
    for event in list(said)[:N_SHOWN]:
        _tell(f"       {event}")
    _tell(f"     {path}")


def _share_right(truth: "Events", said: "Events") -> float:
    """Return the share of the labelled time for which both have one label."""
    right_s = 0.0
    for start_s, stop_s, label, _ in truth:
        right_s += said.select([label]).crop(start_s, stop_s).duration_s.sum()
    return float(right_s / truth.duration_s.sum())


def _say_next(out: Path, held_out: "Recording") -> None:
    """Say where the report is and what to try; these are the last lines."""
    recording = shlex.quote(str(out / f"{held_out.subject}.npz"))
    model = shlex.quote(str(out / "model.sensorhar"))
    real = place_of("uci-har")
    lines = [
        f"The report is {(out / 'report.html').resolve()}",
        "(beside it report.md, report.json, the model and the recording).",
        "",
        "Try next:",
        f"  sensorhar inspect {recording}",
        f"  sensorhar predict {model} {recording} --step 0.5",
        "  sensorhar evaluate simulated --model minirocket,features-forest",
    ]
    if real is not None:
        lines.append(f"With real people, who are in {real}:")
    else:
        lines.append("With real people:")
        lines.append("  sensorhar datasets fetch uci-har")
    lines.append("  sensorhar evaluate uci-har --model cnn,features-linear")
    _tell("\n".join(lines))
