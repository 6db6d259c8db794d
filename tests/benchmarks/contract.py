"""The same motion in another unit, rate, sign convention or file: the same labels."""

import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np

import sensorhar as sh
from sensorhar.errors import SpecMismatchError
from sensorhar.preprocess import LowPass, Median
from sensorhar.signal import resample, split_gravity
from sensorhar.units import STANDARD_GRAVITY
from tests.benchmarks.row import Row
from tests.io._exports import START_NS, sensor_logger_files, zipped

#: People of the official test part; their motion is read from HAPT, untrimmed.
SUBJECTS = ("2", "4", "9")
CHANNELS = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]


@dataclass(frozen=True)
class Motion:
    """One person's readings, as the writers of exports take them."""

    acc: np.ndarray
    gyr: np.ndarray
    rate_hz: float = 50.0
    start_ns: int = START_NS
    fixes: tuple = ()

    @property
    def seconds(self):
        """Times in s."""
        return np.arange(len(self.acc)) / self.rate_hz

    @property
    def ns(self):
        """Times in ns since 1970."""
        return self.start_ns + np.round(self.seconds * 1e9).astype(np.int64)

    @property
    def grav(self):
        """What the phone takes for gravity."""
        return split_gravity(self.acc, rate_hz=self.rate_hz)[0]

    @property
    def lin(self):
        """The rest."""
        return self.acc - self.grav

    @property
    def mag(self):
        """A field that does not turn."""
        return np.tile([20.0, -5.0, -43.0], (len(self.acc), 1))


def by_csv_in_g(motion, folder, spec):
    """Return windows from a table that states no unit."""
    path = Path(folder) / "motion.csv"
    table = np.column_stack([motion.seconds, motion.acc / STANDARD_GRAVITY, motion.gyr])
    header = ",".join(["time_s", *CHANNELS])
    np.savetxt(path, table, delimiter=",", header=header, comments="", fmt="%.9g")
    return sh.make_windows([sh.read(path)], spec=spec)


def by_100_hz(motion, folder, spec):
    """Return windows from the motion sampled twice as fast."""
    streams = [
        resample(values, motion.seconds, rate_hz=100)[:2]
        for values in (motion.acc, motion.gyr)
    ]
    recording = sh.Recording(
        [
            sh.Stream.of_sensor(kind, values, time_s, place="waist", has_gravity=flag)
            for (values, time_s), kind, flag in zip(
                streams, ("accelerometer", "gyroscope"), (True, None), strict=True
            )
        ]
    )
    return sh.make_windows([recording], spec=spec)


def by_sensor_logger(platform):
    """Return a function from motion to windows through a Sensor Logger export."""

    def windows(motion, folder, spec):
        files = sensor_logger_files(motion, platform)
        path = zipped(Path(folder) / f"{platform}.zip", files)
        return sh.make_windows([sh.read(path)], spec=spec)

    return windows


def by_ios_signs(motion, folder, spec):
    """Return windows of a recording whose acceleration nobody turned."""
    straight = by_100_hz(motion, folder, spec)
    numbers = np.asarray(straight).copy()
    numbers[:, :, :3] *= -1
    return numbers


def by_bare_g(motion, folder, spec):
    """Return a bare array in g."""
    numbers = np.asarray(by_100_hz(motion, folder, spec)).copy()
    numbers[:, :, :3] /= STANDARD_GRAVITY
    return numbers


WAYS = {
    "a table in g": by_csv_in_g,
    "100 Hz": by_100_hz,
    "Sensor Logger on iOS": by_sensor_logger("ios"),
    "Sensor Logger on Android": by_sensor_logger("android"),
    "iOS signs that nobody stated": by_ios_signs,
    "an array in g that nobody stated": by_bare_g,
}


def same_motion_same_labels() -> list[Row]:
    """Labels of the same motion in other forms, by a model of UCI HAR."""
    train, _ = sh.datasets.load_uci_har()
    clf = sh.FeatureLinearClassifier().fit(train.select_channels(CHANNELS))
    tally = {way: SimpleNamespace(same=0, n=0, refused=0) for way in WAYS}
    for recording in sh.datasets.load_hapt():
        if recording.subject not in SUBJECTS:
            continue
        # As the authors of UCI HAR prepared these very recordings.
        recording = LowPass(cutoff_hz=20)(Median()(recording.with_events(None)))
        acc, gyr = (stream.values.astype(np.float64) for stream in recording.streams)
        plain = sh.make_windows([recording], spec=clf.spec_)
        known = clf.predict(plain)
        for way, windows_of in WAYS.items():
            count = tally[way]
            with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                windows = windows_of(Motion(acc, gyr), folder, clf.spec_)
                n = min(len(known), len(windows))
                try:
                    labels = clf.predict(windows)
                    count.same += int((labels[:n] == known[:n]).sum())
                except SpecMismatchError:
                    count.refused += n
                count.n += n
    return [
        Row.at_least(
            f"same motion by {way}: same labels"
            + (" or refused" if count.refused else ""),
            (count.same + count.refused) / count.n,
            "of windows",
            0.99,
        )
        for way, count in tally.items()
    ]


MEASUREMENTS = (same_motion_same_labels,)
