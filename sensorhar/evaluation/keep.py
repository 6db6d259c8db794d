"""Finished fits kept on disk, so that a run that dies does not begin anew."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Keep"]


class Keep:
    """A folder with one file for each finished fit.

    A file is found again only by the same windows, splits, parameters, seed and
    version, so that nothing else passes for a result.

    Parameters
    ----------
    folder : Path or None
        Where; None keeps nothing.
    about : str
        What all fits share: splits and version.
    """

    def __init__(self, folder: Path | None, about: str) -> None:
        self.folder, self.about = folder, about
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def find(self, classifier: Any, seed: int, split: int) -> dict[str, Any] | None:
        """Return what was kept of a fit, or None."""
        path = self._path(classifier, seed, split)
        if path is None or not path.exists():
            return None
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                kept: dict[str, Any] = {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return None  # half written when the run died; the fit is done again
        kept["history"] = json.loads(str(kept["history"]))
        return kept

    def put(
        self,
        classifier: Any,
        seed: int,
        split: int,
        *,
        codes: NDArray[np.intp],
        probability: NDArray[np.float32] | None,
        fit_s: float,
        history: dict[str, list[float]],
    ) -> None:
        """Keep what a fit said of its test windows."""
        path = self._path(classifier, seed, split)
        if path is None:
            return
        arrays: dict[str, Any] = {
            "codes": codes,
            "fit_s": np.array(fit_s),
            "history": np.array(json.dumps(history)),
        }
        if probability is not None:
            arrays["probability"] = probability
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, **arrays)
        part.replace(path)

    def clear(self) -> None:
        """Delete the files, when the report is there."""
        if self.folder is None:
            return
        for path in (*self.folder.glob("*.fit.npz"), *self.folder.glob("*.part")):
            path.unlink()
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _path(self, classifier: Any, seed: int, split: int) -> Path | None:
        if self.folder is None:
            return None
        parameters = sorted(classifier.get_params(deep=True).items(), key=str)
        said = repr((self.about, type(classifier).__name__, parameters, seed, split))
        return self.folder / f"{hashlib.sha256(said.encode()).hexdigest()[:16]}.fit.npz"
