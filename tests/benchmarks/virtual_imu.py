"""How true sensors made from skeletons are, and how much they help, on UTD-MHAD.

What is classified, and below which cutoff, was chosen with subjects 1, 3, 5 and 7 as
wearers and as those tested, while 2, 4, 6 and 8 gave poses only: of the lifts, those of
2, 4, 6 and 8 are the honest ones. The frame rate, the joints and the band in which
magnitudes are compared were chosen on trials of all subjects.
"""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfiltfilt

import sensorhar as sh
from sensorhar.signal import magnitude
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
GRAVITY_HZ = 0.3

#: The Kinect's wrist jumps more than its hand; the sensor sits between both.
SENSORS = {
    "wrist": PoseToIMU(("right_elbow", "right_hand"), share=0.8, place="wrist"),
    "thigh": PoseToIMU(("right_hip", "right_knee"), share=0.5, place="thigh"),
}
CHANNELS = {
    "acc_norm": "m/s^2",
    "acc_up": "m/s^2",
    "acc_across": "m/s^2",
    "gyr_norm": "rad/s",
    "gyr_about_up": "rad/s",
    "gyr_of_up": "rad/s",
}
#: Each with its seeds; accuracies are means over them.
MODELS = {
    "features-linear": (sh.FeatureLinearClassifier(),),
    "minirocket": tuple(sh.MiniRocketClassifier(random_state=s) for s in range(3)),
}
ODD, EVEN = ("1", "3", "5", "7"), ("2", "4", "6", "8")
STUDY = {"name": "our first study, wrist", "value": 0.81}
LIFT = {"name": "our first study, magnitudes only: 31.2 to 44.2 %", "value": 13.0}


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
        seen = [slow(x, SEEN_HZ) for x in whole]
        for band, pair in (("all", whole), (f"below {SEEN_HZ:g} Hz", seen)):
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
        rows.append(Row.at_least(title, median, "", 0.8 if is_goal else None, STUDY))
    return rows


def slow(values, cutoff_hz):
    """Return what is slower; plain scipy, as 1,700 trials are filtered three times."""
    sections = butter(2, cutoff_hz, fs=RATE_HZ, output="sos")
    return sosfiltfilt(sections, values.astype(float), axis=0)


def orientation_free(recording):
    """Return six channels that no turn of the sensor in its strap changes.

    The lengths of both vectors; acceleration along up and across; turning about up and
    of up. Names tell no place, so that wrist and thigh make one set of 27 classes.
    """
    acc, gyr = (slow(stream.values, CUTOFF_HZ) for stream in recording.streams)
    gravity = slow(acc, GRAVITY_HZ)
    linear = acc - gravity
    up = gravity / np.maximum(magnitude(gravity), 1e-9)[:, None]
    columns = []
    for whole, vector in ((acc, linear), (gyr, gyr)):
        along = np.sum(vector * up, axis=1)
        across = magnitude(vector - along[:, None] * up)
        columns += [magnitude(whole), along, across]
    channels = [sh.Channel(name, unit) for name, unit in CHANNELS.items()]
    table = np.stack(columns, axis=1).astype(np.float32)
    return recording.with_streams([recording.streams[0].with_values(table, channels)])


def windows_of(recordings):
    """Return each trial as one window of 64 timepoints."""
    return sh.make_event_windows(
        [orientation_free(recording) for recording in recordings],
        length_s=64 / RATE_HZ,
        fit="stretch",
    )


@cache
def halves():
    """Real recordings and virtual ones by subject, at the same places."""
    real, poses = trials()
    virtual = [sensed(real[name], poses[name], FRAMES_HZ, CUTOFF_HZ) for name in real]
    return [
        {s: [one for one in part if one.subject == s] for s in ODD + EVEN}
        for part in (real.values(), virtual)
    ]


def one_subject(wearers, matched=False):
    """Return accuracies, (n_wearers, 2) for each model: real alone, and with virtual.

    A wearer's real trials are for training, with or without virtual ones of the four
    subjects of the other half; the other three of the wearer's half are tested.
    """
    real, virtual = halves()
    donated = [one for s in (ODD + EVEN) if s not in wearers for one in virtual[s]]
    cut = {s: windows_of(real[s]) for s in wearers}
    added = None if matched else windows_of(donated)
    scores = {name: [] for name in MODELS}
    for wearer in wearers:
        if matched:
            added = windows_of(match_distribution(donated, real[wearer]))
        test = sh.Windows.concat([cut[s] for s in wearers if s != wearer])
        both = sh.Windows.concat([cut[wearer], added])
        for name, models in MODELS.items():
            pairs = [
                [model.fit(part).score(test) for part in (cut[wearer], both)]
                for model in models
            ]
            scores[name].append(np.mean(pairs, axis=0))
    return {name: 100 * np.array(pairs) for name, pairs in scores.items()}


def lift() -> list[Row]:
    """Train on one real wearer, without and with virtual sensors of four others.

    Eight wearers in turn; 27 classes; three subjects tested each time, of whom nothing
    was seen; the same channels and classifier both times.
    """
    if trials() is None:
        return []
    rows = []
    found = {"1 3 5 7 (tuned on)": one_subject(ODD), "2 4 6 8": one_subject(EVEN)}
    for name in MODELS:
        pairs = {half: scores[name] for half, scores in found.items()}
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
