"""How fast tables are read, in how much memory, and how well clocks are repaired."""

import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np

from sensorhar.io import read_csv
from sensorhar.signal import repair_clock
from tests.benchmarks.row import Row

N_ROWS = 1_000_000
COLUMNS = ("time_ns", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")

#: Peak of the memory of a process that reads the table, above one that reads a little.
MEASURE = """
import sys
from pathlib import Path
from sensorhar.io import read_csv

def peak_kb():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])

read_csv(sys.argv[1])
before = peak_kb()
recording = read_csv(sys.argv[2])
size = sum(s.values.nbytes for s in recording.streams)
size += recording.streams[0].time_s.nbytes
print((peak_kb() - before) * 1024 / size)
"""


def write_table(path: Path, n_rows: int) -> None:
    """Write a phone's log of nanoseconds and six channels."""
    import pandas as pd

    rng = np.random.default_rng(0)
    values = rng.normal(0, 1, (n_rows, 6))
    values[:, 2] += 9.8
    frame = pd.DataFrame(values.round(6), columns=COLUMNS[1:])
    frame.insert(0, COLUMNS[0], 1_700_000_000 * 10**9 + np.arange(n_rows) * 10**7)
    frame.to_csv(path, index=False)


def best_cpu_times(*functions, n_rounds: int = 3) -> list[float]:
    """Return the least time of a core that each takes in s, whatever else runs."""
    least = [float("inf")] * len(functions)
    for _ in range(n_rounds):
        for i, function in enumerate(functions):
            start = process_time()
            function()
            least[i] = min(least[i], process_time() - start)
    return least


def table_of_a_phone() -> list[Row]:
    """Read a table of a million rows and seven columns, on one core."""
    import pandas as pd

    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        write_table(small, 1000)
        write_table(large, N_ROWS)
        size_mb = large.stat().st_size / 1e6
        own_s, rival_s = best_cpu_times(
            lambda: read_csv(large), lambda: pd.read_csv(large)
        )
        rival = {"name": "pandas.read_csv", "value": size_mb / rival_s}
        run = subprocess.run(
            [sys.executable, "-c", MEASURE, str(small), str(large)],
            capture_output=True,
            text=True,
            check=True,
        )
    return [
        Row.at_least("read a table", size_mb / own_s, "MB/s", 40, rival),
        Row.at_most("read a table, times pandas.read_csv", own_s / rival_s, "", 1.5),
        Row.at_most("read a table, memory", float(run.stdout), "array sizes", 2.0),
    ]


def clock_of_a_phone() -> list[Row]:
    """Repair the clock of a phone at 102.46 Hz that stamps in bursts of 47 ms."""
    from tests.signal.test_clock import RATE_HZ, phone_log

    _, stamps_s = phone_log(n_samples=258_990)
    repair = repair_clock(stamps_s)
    before = np.percentile(np.abs(np.diff(stamps_s) - 1 / RATE_HZ), 99)
    after = np.percentile(np.abs(np.diff(repair.time_s) - 1 / RATE_HZ), 99)
    n_lost = len(stamps_s) - len(repair.time_s)
    n_dropped = int((np.diff(stamps_s) <= 0).sum())
    rate_hz = (len(stamps_s) - 1) / (repair.time_s[-1] - repair.time_s[0])
    return [
        Row.at_most(
            "repair of a bursty clock, samples lost",
            n_lost,
            "",
            0,
            {"name": "dropping repeated stamps", "value": n_dropped},
        ),
        Row.at_most(
            "repair of a bursty clock, error of the rate",
            abs(rate_hz / RATE_HZ - 1),
            "",
            1e-3,
        ),
        Row.at_most(
            "repair of a bursty clock, jitter p99 after over before",
            after / before,
            "",
            0.1,
        ),
    ]


MEASUREMENTS = (table_of_a_phone, clock_of_a_phone)
