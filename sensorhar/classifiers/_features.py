"""Named features of windows, scaled by what was learned from the training part."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers.base import SensorClassifier

__all__ = ["FeatureClassifier"]

#: Fewest samples that all features can be taken of.
MIN_TIMEPOINTS = 4


class FeatureClassifier(SensorClassifier):
    """Base of the classifiers that see named features instead of samples."""

    _ranks = (0, 1)
    _is_flat = True

    mean_: NDArray[np.float32]
    scale_: NDArray[np.float32]

    def _raw_features(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        from sensorhar.signal.features import extract_features

        missing = max(0, MIN_TIMEPOINTS - numbers.shape[1])
        if missing:  # repeat the last sample, as MiniRocket does
            numbers = np.pad(numbers, ((0, 0), (0, missing), (0, 0)), mode="edge")
        return extract_features(
            numbers, rate_hz=self._rate_hz, groups_of_axes=self._triples
        )

    def _fit_features(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        """Learn the scale of each feature; return scaled features."""
        features = self._raw_features(numbers)
        self.mean_ = features.mean(axis=0)
        deviation = features.std(axis=0)
        self.scale_ = np.where(deviation > 1e-6, deviation, 1.0).astype(np.float32)
        return self._scaled(features)

    def _features(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._scaled(self._raw_features(numbers))

    def _scaled(self, features: NDArray[Any]) -> NDArray[np.float32]:
        # Far outside what training saw a feature says no more than at the border.
        scaled = (features - self.mean_) / self.scale_
        return np.clip(scaled, -10, 10).astype(np.float32)
