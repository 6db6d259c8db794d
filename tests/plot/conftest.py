"""A report with everything a plot may want, made without training."""

from dataclasses import replace

import numpy as np
import pytest

from sensorhar.evaluation import Report, Result
from sensorhar.evaluation.example import Example
from sensorhar.evaluation.result import History

LABELS = ("sit", "walk", "<null>")
SUBJECTS = ("anna", "ben & co", "cleo")


def result(name, counts, histories=()):
    return Result(
        name=name,
        estimator=f"{name}()",
        labels=LABELS,
        subjects=SUBJECTS,
        seeds=(0, 1),
        counts=np.array(counts, dtype=np.int64),
        fit_s=np.ones((2, 3)),
        null_label="<null>",
        histories=histories,
    )


@pytest.fixture(scope="session")
def report():
    good = [[8, 2, 0], [0, 10, 0], [1, 0, 9]]
    bad = [[5, 5, 0], [4, 6, 0], [3, 0, 7]]
    best = [[8, 1, 1], [0, 9, 1], [0, 0, 10]]
    seeds = [[good, bad, best], [good, bad, good]]
    histories = (
        History(0, 0, {"loss": (3.0, 2.0, 1.0), "val_loss": (3.0, 3.0, 2.0)}),
        History(1, 0, {"loss": (5.0, 4.0), "val_loss": (4.0, 4.0)}),
    )
    wave = np.sin(np.arange(20))[:, None] * np.arange(1, 4)
    examples = tuple(
        Example(label, wave * i, ("acc_x", "acc_y", "acc_z"), ("m/s^2",) * 3, 10.0)
        for i, label in enumerate(LABELS)
    )
    return Report(
        results=(
            result("cnn", seeds, histories),
            result("worse", [[bad] * 3] * 2),
            result("majority", [[[[10, 0, 0]] * 3] * 3] * 2),
        ),
        protocol="leave one subject out",
        data="90 windows",
        labels=LABELS,
        subjects=SUBJECTS,
        n_splits=3,
        split_hash="0123456789ab",
        versions={"numpy": "2.0"},
        null_label="<null>",
        examples=examples,
    )


@pytest.fixture(scope="session")
def leaky(report):
    return replace(report, is_leaky=True)
