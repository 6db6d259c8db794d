"""Checks that a fitted classifier survives copies, files and other processes."""

import copy
import pickle
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from sensorhar.classifiers.persist import load
from sensorhar.testing._case import ClassifierCase, assert_close, refuses

__all__ = ["FILE_CHECKS"]


def check_pickle(case: ClassifierCase) -> None:
    """Pickle and read back, fitted and not: the same probabilities."""
    again = pickle.loads(pickle.dumps(case.fitted))
    assert_close(*_both(case, again), 1e-6)
    fresh = pickle.loads(pickle.dumps(case.make()))
    assert not hasattr(fresh, "classes_")


def check_deepcopy(case: ClassifierCase) -> None:
    """Copy deeply: the same probabilities, and nothing shared that could change."""
    again = copy.deepcopy(case.fitted)
    assert again.classes_ is not case.fitted.classes_
    assert_close(*_both(case, again), 1e-6)


def check_save_and_load(case: ClassifierCase) -> None:
    """Save and load: probabilities, classes, spec and history are the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = case.fitted.save(Path(folder) / "saved.sensorhar")
        again = load(path)
        assert [file.name for file in path.parent.iterdir()] == [path.name], (
            "saving must leave one file"
        )
        with zipfile.ZipFile(path) as archive:
            pickled = [n for n in archive.namelist() if n.endswith((".pkl", ".pickle"))]
        assert not pickled, f"a saved classifier must hold no pickle; got {pickled!r}"
    assert type(again) is type(case.fitted)
    assert again.classes_.tolist() == case.fitted.classes_.tolist()
    assert again.classes_.dtype == case.fitted.classes_.dtype
    assert again.spec_ == case.fitted.spec_
    assert again.history_ == case.fitted.history_
    assert_close(*_both(case, again), 1e-6)
    # What was loaded still knows what it was fitted on.
    turned = case.held.select_channels(["acc_z", "acc_y", "acc_x"])
    assert_close(
        again.predict_proba(turned), case.fitted.predict_proba(case.held), 1e-6
    )


def check_save_does_not_overwrite(case: ClassifierCase) -> None:
    """Save twice: the first file stays unless overwrite=True."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.sensorhar"
        path.write_bytes(b"precious")
        with refuses(FileExistsError, "saved.sensorhar exists.*overwrite=True"):
            case.fitted.save(path)
        assert path.read_bytes() == b"precious"
        case.fitted.save(path, overwrite=True)
        assert path.read_bytes() != b"precious"


def check_fresh_process(case: ClassifierCase) -> None:
    """Load a saved file in a new process: the same probabilities."""
    with tempfile.TemporaryDirectory() as folder:
        path = case.fitted.save(Path(folder) / "saved.sensorhar")
        proba = _predict_elsewhere(case, path, "sensorhar.load('saved.sensorhar')")
    assert_close(proba, case.fitted.predict_proba(case.held), 1e-6)


def check_fresh_pickle(case: ClassifierCase) -> None:
    """Unpickle in a new process, where nothing is imported yet: the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.pickle"
        path.write_bytes(pickle.dumps(case.fitted))
        read = "pickle.loads(pathlib.Path('saved.pickle').read_bytes())"
        proba = _predict_elsewhere(case, path, read)
    assert_close(proba, case.fitted.predict_proba(case.held), 1e-6)


def check_two_jobs(case: ClassifierCase) -> None:
    """Fit and predict in two joblib processes: the same as here."""
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    numbers, y = case.arrays
    clf = case.quick()
    try:
        away = Parallel(n_jobs=2)(
            [
                delayed(_fit_and_predict)(clf, numbers, y),
                delayed(_predict)(case.fitted, numbers),
            ]
        )
    finally:
        get_reusable_executor().shutdown(wait=True)
    assert_close(away[0], clf.fit(numbers, y).predict_proba(numbers), 1e-5)
    assert_close(away[1], case.fitted.predict_proba(numbers), 1e-5)


def _predict_elsewhere(case: ClassifierCase, path: Path, read: str) -> Any:
    """Return the probabilities of a classifier that a new process reads."""
    np.save(path.with_name("numbers.npy"), np.asarray(case.held))
    code = (
        "import pathlib, pickle, numpy, sensorhar\n"
        f"clf = {read}\n"
        "proba = clf.predict_proba(numpy.load('numbers.npy'))\n"
        "numpy.save('proba.npy', proba)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"the new process failed:\n{run.stderr[-2000:]}"
    return np.load(path.with_name("proba.npy"))


def _both(case: ClassifierCase, again: Any) -> tuple[Any, Any]:
    """Return what the copy says and what the original says."""
    return again.predict_proba(case.held), case.fitted.predict_proba(case.held)


def _fit_and_predict(clf: Any, numbers: Any, y: Any) -> Any:
    return clf.fit(numbers, y).predict_proba(numbers)


def _predict(clf: Any, numbers: Any) -> Any:
    return clf.predict_proba(numbers)


FILE_CHECKS = (
    check_pickle,
    check_deepcopy,
    check_save_and_load,
    check_save_does_not_overwrite,
    check_fresh_process,
    check_fresh_pickle,
    check_two_jobs,
)
