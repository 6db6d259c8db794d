"""How true sensors made from skeletons are, and how much they help, on UTD-MHAD.

The settings below (cutoffs, joints, channels) were chosen with subjects 1, 3, 5 and 7
as wearers and as those tested; 2, 4, 6 and 8 gave poses only. The rows of 2, 4, 6 and
8 are therefore the honest ones.
"""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

import sensorhar as sh
from sensorhar.preprocess import GravityAlign, LowPass, Magnitude
from sensorhar.signal import low_pass, magnitude, split_gravity
from sensorhar.video import PoseToIMU, match_distribution, read_utd_mhad_poses
from sensorhar.video._best_lag import best_lag
from tests.benchmarks.row import Row

RATE_HZ = 50.0
#: Frames a second of the skeletons on the clock of the sensor. The files say 30; but
#: the lengths of the trials, and the sizes of both accelerations, agree at this rate.
FRAMES_HZ = 19.5
#: Motion faster than this is not compared, as the camera does not show it.
SEEN_HZ = 5.0
MAX_LAG_S = 0.5
#: What remains of both kinds of readings before they are classified.
CUTOFF_HZ = 2.5

#: The Kinect's wrist jumps more than its hand; the sensor sits between both.
SENSORS = {
    "wrist": PoseToIMU(("right_elbow", "right_hand"), share=0.8, place="wrist"),
    "thigh": PoseToIMU(("right_hip", "right_knee"), share=0.5, place="thigh"),
}
CHANNELS = (
    "acc_norm",
    "gyr_norm",
    "acc_vertical",
    "acc_horizontal",
    "turn_about_up",
    "turn_of_up",
)
MODELS = {
    "features-linear": sh.FeatureLinearClassifier(),
    "minirocket": sh.MiniRocketClassifier(n_features=2000, random_state=0),
}
ODD, EVEN = ("1", "3", "5", "7"), ("2", "4", "6", "8")
WISHED = {"name": "earlier study, magnitudes only", "value": 0.81}
LIFT = {"name": "earlier study, 31.2 -> 44.2 %", "value": 13.0}


@cache
def trials():
    """Real recordings and skeletons by name, or None where the data are absent."""
    folder = os.environ.get("SENSORHAR_DATA")
    skeletons = Path(folder or ".") / "UTD_MHAD" / "Skeleton"
    if folder is None or not skeletons.is_dir():
        print("skipped: set SENSORHAR_DATA to a folder that holds UTD_MHAD")
        return None
    real = {one.name: one for one in sh.datasets.load_utd_mhad()}
    poses = {one.name: one for one in read_utd_mhad_poses(skeletons)}
    return real, poses


def at_rate(pose, frames_hz):
    """Return the skeleton with other times."""
    return replace(pose, time_s=np.arange(len(pose.time_s)) / frames_hz)


def sensed(real, pose, frames_hz, cutoff_hz):
    """Return the virtual recording at the place of the real one."""
    sensor = replace(SENSORS[real.streams[0].place], cutoff_hz=cutoff_hz)
    return sensor(at_rate(pose, frames_hz))


def likeness() -> list[Row]:
    """Correlate virtual and real magnitudes of acceleration, best lag within 0.5 s.

    Each skeleton is drawn out to the length of its recording: their clocks differ.
    """
    if trials() is None:
        return []
    found = {}
    for name, real in trials()[0].items():
        pose = trials()[1][name]
        stream = real.streams[0]
        frames_hz = (len(pose.time_s) - 1) / stream.duration_s
        virtual = sensed(real, pose, frames_hz, CUTOFF_HZ).streams[0]
        whole = [magnitude(s.values).astype(float) for s in (virtual, stream)]
        slow = [low_pass(x, rate_hz=RATE_HZ, cutoff_hz=SEEN_HZ) for x in whole]
        for band, pair in (("all", whole), (f"below {SEEN_HZ:g} Hz", slow)):
            half = "odd" if real.subject in ODD else "even"
            value = best_lag(*pair, round(MAX_LAG_S * RATE_HZ))[0]
            for group in ("all", half):
                key = (stream.place, band, group)
                found.setdefault(key, []).append(value)
    rows = []
    for (place, band, group), values in sorted(found.items()):
        is_goal = place == "wrist" and band != "all"
        title = f"virtual |acc| at {place}, {band}, {group} subjects, correlation"
        median = float(np.median(values))
        rows.append(Row.at_least(title, median, "", 0.8 if is_goal else None, WISHED))
    return rows


def orientation_free(recording):
    """Add how fast one turns about up, and how fast up turns, both without axes."""
    slow = LowPass(cutoff_hz=CUTOFF_HZ)(recording)
    acc, gyr = (stream.values.astype(float) for stream in slow.streams)
    up = split_gravity(acc, rate_hz=RATE_HZ)[0]
    up /= np.maximum(magnitude(up), 1e-9)[:, None]
    about = np.sum(gyr * up, axis=1)
    rest = magnitude(gyr - about[:, None] * up)
    channels = [sh.Channel(name, "rad/s") for name in CHANNELS[-2:]]
    turns = np.stack([about, rest], axis=1).astype(np.float32)
    return slow.with_streams(
        [*slow.streams, slow.streams[1].with_values(turns, channels)]
    )


def windows_of(recordings):
    """Return each trial as one window of 64 timepoints."""
    return sh.make_event_windows(
        [without_place(orientation_free(one)) for one in recordings],
        length_s=64 / RATE_HZ,
        fit="stretch",
        steps=[Magnitude(), GravityAlign()],
        channels=CHANNELS,
    )


def without_place(recording):
    """Return the recording as if wrist and thigh were one place, as in the anchor."""
    streams = [
        stream.with_values(
            stream.values, [replace(channel, place="") for channel in stream.channels]
        )
        for stream in recording.streams
    ]
    return recording.with_streams(streams)


def one_subject(wearers, matched=False):
    """Return accuracies, (n_wearers, 2) for each model: real alone, and with virtual.

    A wearer's real trials are for training, with or without virtual ones of the four
    subjects of the other half; the other three of the wearer's half are tested.
    """
    real, poses = trials()
    others = ODD if wearers == EVEN else EVEN
    measured = {s: [r for r in real.values() if r.subject == s] for s in wearers}
    donated = [
        sensed(real[name], pose, FRAMES_HZ, CUTOFF_HZ)
        for name, pose in poses.items()
        if pose.group in others
    ]
    cut = {s: windows_of(recordings) for s, recordings in measured.items()}
    virtual = None if matched else windows_of(donated)
    scores = {name: [] for name in MODELS}
    for wearer in wearers:
        if matched:
            virtual = windows_of(match_distribution(donated, measured[wearer]))
        test = sh.Windows.concat([cut[s] for s in wearers if s != wearer])
        both = sh.Windows.concat([cut[wearer], virtual])
        for name, model in MODELS.items():
            pair = [model.fit(part).score(test) for part in (cut[wearer], both)]
            scores[name].append(pair)
    return {name: 100 * np.array(pairs) for name, pairs in scores.items()}


def lift() -> list[Row]:
    """Train on one real wearer, without and with virtual sensors of four others.

    Eight wearers in turn; 27 classes; three subjects tested each time, of whom nothing
    was seen; the same channels and classifier both times.
    """
    if trials() is None:
        return []
    rows = []
    halves = {"1 3 5 7 (tuned on)": one_subject(ODD), "2 4 6 8": one_subject(EVEN)}
    for name in MODELS:
        pairs = {half: scores[name] for half, scores in halves.items()}
        pairs["all eight"] = np.concatenate(list(pairs.values()))
        for half, pair in pairs.items():
            alone, together = pair.mean(axis=0)
            title = f"one real wearer, {half}, {name}"
            rows += [
                Row.at_least(f"{title}, accuracy alone", alone, "%", None),
                Row.at_least(f"{title}, with virtual", together, "%", None),
                Row.at_least(f"{title}, lift", together - alone, "points", 13.0, LIFT),
            ]
    return rows


def lift_matched() -> list[Row]:
    """Train the same with readings that got the distribution of the wearer's own."""
    if trials() is None:
        return []
    rows = []
    for name, pair in one_subject(EVEN, matched=True).items():
        alone, together = pair.mean(axis=0)
        title = f"one real wearer, 2 4 6 8, {name}, matched, lift"
        rows.append(Row.at_least(title, together - alone, "points", None))
    return rows


MEASUREMENTS = (likeness, lift, lift_matched)
