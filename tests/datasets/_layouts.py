"""Tiny imitations of published data sets, in their true layouts."""

import gzip

import numpy as np

SIGNALS = [f"{s}_{a}" for s in ("total_acc", "body_acc", "body_gyro") for a in "xyz"]


def put(path, text, packed=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    if packed:
        path = path.with_name(path.name + ".gz")
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_bytes(text.encode())


def write_uci_har(root, n_train=6, n_test=4, packed=False):
    """Write both parts below ``root/UCI HAR Dataset``; return the raw numbers."""
    rng = np.random.default_rng(0)
    home = root / "UCI HAR Dataset"
    written = {}
    for part, n in (("train", n_train), ("test", n_test)):
        values = rng.normal(0, 0.2, (n, 128, 9))
        values[:, :, 1] += 1.0
        for column, signal in enumerate(SIGNALS):
            lines = [
                "".join(f"{number:16.7e}" for number in row)
                for row in values[:, :, column]
            ]
            put(
                home / part / "Inertial Signals" / f"{signal}_{part}.txt",
                "\r\n".join(lines) + "\r\n",
                packed,
            )
        y = [i % 6 + 1 for i in range(n)]
        subjects = [(1 if part == "train" else 2) for _ in range(n)]
        put(home / part / f"y_{part}.txt", "".join(f"{code}\n" for code in y))
        put(home / part / f"subject_{part}.txt", "".join(f"{s}\n" for s in subjects))
        written[part] = values
    return home, written


def write_hapt(root, packed=False):
    """Write two recordings below ``root/HAPT Data Set``; return the raw numbers."""
    rng = np.random.default_rng(0)
    raw = root / "HAPT Data Set" / "RawData"
    written = {}
    for experiment, user, n in ((1, 1, 500), (12, 3, 400)):
        acc = rng.normal((1.0, 0, 0), 0.05, (n, 3))
        gyr = rng.normal(0, 0.05, (n, 3))
        for stem, values in (("acc", acc), ("gyro", gyr)):
            lines = [" ".join(repr(float(v)) for v in row) for row in values]
            name = f"{stem}_exp{experiment:02d}_user{user:02d}.txt"
            put(raw / name, "\n".join(lines) + "\n", packed)
        written[experiment] = acc, gyr
    labels = ["1 1 5 1 100", "1 1 7 101 200", "1 1 4 251 500", "12 3 6 11 400"]
    put(raw / "labels.txt", "\n".join(labels) + "\n")
    return raw.parent, written
