"""The classifier around one of the library's own networks."""

import inspect
from collections.abc import Callable
from typing import Any

from sensorhar.classifiers.network import NetworkClassifier

__all__ = ["ArchitectureClassifier"]


class ArchitectureClassifier(NetworkClassifier):
    """Base of the classifiers whose network is a function of this library.

    A subclass returns that function from ``_function``, and has its parameters. Some
    make no classifier and are left at their default: ``logits``, as a classifier gives
    probabilities, and those that add an input or an output.
    """

    @staticmethod
    def _function() -> Callable[..., Any]:
        """Return the network function; imported here, as it loads Keras."""
        raise NotImplementedError

    def _network_parameters(self) -> dict[str, Any]:
        """Return the parameters that the network and the classifier share."""
        known = inspect.signature(self._function()).parameters
        own = self.get_params(deep=False)
        return {name: own[name] for name in known if name in own}

    def _build(self, input_shape: tuple[int, ...], n_classes: int) -> Any:
        """Build the network with the parameters it shares with the classifier."""
        return self._function()(input_shape, n_classes, **self._network_parameters())
