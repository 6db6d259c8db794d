"""Make the sample recordings beside this file: ``python datasets/make_samples.py``.

Two simulated people with a phone at the waist, as the files a logger app would
write: a CSV with times in ms and the accelerometer in g, and a CSV of labels.
"""

import csv
from pathlib import Path

import numpy as np

from sensorhar.simulate import random_people, simulate_recording
from sensorhar.units import STANDARD_GRAVITY

SCHEDULE = [
    ("standing", 10),
    ("walking", 20),
    ("sitting", 15),
    ("walking_upstairs", 10),
]
COLUMNS = ("ax", "ay", "az", "gx", "gy", "gz")


def main(folder: Path = Path(__file__).parent / "samples") -> None:
    """Write both recordings and their labels."""
    folder.mkdir(exist_ok=True)
    people = random_people(2, random_state=7)
    for name, person in zip(("anna", "ben"), people, strict=True):
        recording = simulate_recording(
            person,
            SCHEDULE,
            rate_hz=50,
            sensors=("accelerometer", "gyroscope"),
            random_state=7,
        )
        acc, gyr = recording.streams
        n_samples = min(acc.n_samples, gyr.n_samples)
        table = np.hstack(
            [acc.values[:n_samples] / STANDARD_GRAVITY, gyr.values[:n_samples]]
        )
        with (folder / f"{name}-01.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("t_ms", *COLUMNS))
            for time_s, row in zip(acc.time_s, table, strict=False):
                writer.writerow((f"{1000 * time_s:.3f}", *(f"{v:.4f}" for v in row)))
        with (folder / f"{name}-01_labels.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("start_s", "stop_s", "label"))
            for event in recording.events:
                row = f"{event.start_s:.2f}", f"{event.stop_s:.2f}", event.label
                writer.writerow(row)


if __name__ == "__main__":
    main()
