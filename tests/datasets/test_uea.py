"""Three sets of the UEA archive, in both formats, and nothing else passes for them."""

import numpy as np
import pytest

from sensorhar.datasets import uea
from sensorhar.datasets.uea import (
    BASIC_MOTIONS,
    EPILEPSY,
    RACKET_SPORTS,
    load_basic_motions,
    load_epilepsy,
    load_racket_sports,
)
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card
from sensorhar.units import STANDARD_GRAVITY

CASES = {
    "BasicMotions": (load_basic_motions, BASIC_MOTIONS, uea.BASIC_MOTIONS_SHAPE, 6),
    "Epilepsy": (load_epilepsy, EPILEPSY, uea.EPILEPSY_SHAPE, 3),
    "RacketSports": (load_racket_sports, RACKET_SPORTS, uea.RACKET_SPORTS_SHAPE, 6),
}
CLASSES = {
    "BasicMotions": ["Standing", "Running", "Walking", "Badminton"],
    "Epilepsy": ["EPILEPSY", "WALKING", "RUNNING", "SAWING"],
    "RacketSports": [
        "Badminton_Smash",
        "Badminton_Clear",
        "Squash_ForehandBoast",
        "Squash_BackhandBoast",
    ],
}


def write(root, problem, ending="ts", values=None, classes=None, n_less=0):
    """Both parts as the archive writes them; return the numbers."""
    _, _, (n_timepoints, *sizes), n_dims = CASES[problem]
    classes = CLASSES[problem] if classes is None else classes
    rng = np.random.default_rng(0)
    written = []
    for part, n in zip(("TRAIN", "TEST"), sizes, strict=True):
        n -= n_less
        table = rng.normal(0, 0.1, (n, n_dims, n_timepoints)).round(6)
        table[:, 1] += 1.0 if values is None else values
        rows = [[",".join(map(repr, dim)) for dim in case.tolist()] for case in table]
        labels = [classes[i % len(classes)] for i in range(n)]
        if ending == "ts":
            lines = [
                "#A text of the archive",
                f"@problemName {problem}",
                "@timeStamps false",
                "@univariate false",
                f"@classLabel true {' '.join(classes)}",
                "@data",
                *(
                    f"{':'.join(row)}:{label}"
                    for row, label in zip(rows, labels, strict=True)
                ),
            ]
        else:
            lines = [
                f"@relation {problem}",
                "@attribute relationalAtt relational",
                *(f"@attribute att{t} numeric" for t in range(n_timepoints)),
                "@end relationalAtt",
                f"@attribute activity {{{','.join(classes)}}}",
                "@data",
                *(
                    "'" + r"\n".join(row) + f"',{label}"
                    for row, label in zip(rows, labels, strict=True)
                ),
            ]
        path = root / problem / f"{problem}_{part}.{ending}"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
        written.append(table.transpose(0, 2, 1))
    return written


@pytest.mark.parametrize("ending", ["ts", "arff"])
@pytest.mark.parametrize("problem", CASES)
def test_true_layout(tmp_path, problem, ending):
    load, card, shape, n_dims = CASES[problem]
    written = write(tmp_path, problem, ending)
    parts = load(data_dir=tmp_path, download=False)
    scale = STANDARD_GRAVITY if problem == "Epilepsy" else 1.0
    for windows, numbers, n in zip(parts, written, shape[1:], strict=True):
        assert windows.shape == (n, shape[0], n_dims)
        np.testing.assert_allclose(windows, numbers * scale, rtol=1e-5, atol=1e-6)
        assert windows.spec.channel_names == card.channels
        assert tuple(c.unit for c in windows.spec.channels) == card.units
        assert {c.place for c in windows.spec.channels} == {"wrist"}
        assert windows.spec.rate_hz == card.rate_hz
        assert windows.groups is None
        assert list(windows.y[:4]) == list(card.activities)
    assert card.n_windows == sum(shape[1:])
    assert parts[0].recording[0].startswith(f"{problem}_TRAIN-line-")


def test_kinds():
    assert [c.kind for c in uea._WATCH[::3]] == ["linear_acceleration", "gyroscope"]
    assert all(c.has_gravity for c in uea._WRIST)


def test_units_of_epilepsy(tmp_path):
    """In m/s^2 already, or in what nobody knows."""
    written = write(tmp_path, "Epilepsy", values=9.81)
    train, _ = load_epilepsy(data_dir=tmp_path)
    np.testing.assert_allclose(train, written[0], rtol=1e-5, atol=1e-6)
    write(tmp_path, "Epilepsy", values=70)
    with pytest.raises(DataError, match="in g or m/s.2; its mean size is 70"):
        load_epilepsy(data_dir=tmp_path)


def test_others_do_not_pass(tmp_path):
    write(tmp_path, "BasicMotions", n_less=1)
    message = "100 timepoints, 40 to train and 40 to test; got 100, 39 and 39"
    with pytest.raises(DataError, match=message):
        load_basic_motions(data_dir=tmp_path)
    write(tmp_path, "BasicMotions", classes=["Standing", "Flying"])
    with pytest.raises(DataError, match="classes of .* got 'flying'"):
        load_basic_motions(data_dir=tmp_path)
    (tmp_path / "BasicMotions" / "BasicMotions_TEST.ts").unlink()
    write(tmp_path, "Epilepsy")
    for part in ("TRAIN", "TEST"):
        (tmp_path / "Epilepsy" / f"Epilepsy_{part}.ts").rename(
            tmp_path / "BasicMotions" / f"BasicMotions_{part}.ts"
        )
    with pytest.raises(DataError, match="must have 6 dimensions; got 3"):
        load_basic_motions(data_dir=tmp_path)


def test_missing(tmp_path):
    write(tmp_path, "RacketSports")
    (tmp_path / "RacketSports" / "RacketSports_TEST.ts").unlink()
    with pytest.raises(DataError, match="must hold RacketSports_TEST.ts or .arff"):
        load_racket_sports(data_dir=tmp_path)
    with pytest.raises(DataError, match="data set 'epilepsy' must lie in a folder"):
        load_epilepsy(data_dir=tmp_path, download=False)


@pytest.mark.parametrize("card", [BASIC_MOTIONS, EPILEPSY, RACKET_SPORTS])
def test_card(card):
    check_card(card)
