"""What a layer of a network makes of each example, as features for any classifier."""

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from sensorhar._checks import check_choice, check_finite
from sensorhar.classifiers._layer_outputs import find_layer, has_graph, outputs_of
from sensorhar.classifiers._rows import MOST_AT_ONCE, n_at_once
from sensorhar.classifiers.network import NetworkClassifier, without_retracing_remarks
from sensorhar.classifiers.persist import pack_network, unpack_network
from sensorhar.data.examples import Examples

__all__ = ["LayerFeatures"]


class LayerFeatures(TransformerMixin, BaseEstimator):
    """Turn examples into the output of one layer of a network, one vector each.

    A network that has learned from many is a maker of features for few: put it in front
    of a support vector machine, a forest, or any other classifier of vectors. ``fit``
    learns nothing, so features cannot leak between folds; examples are fetched and
    answered part by part, so a thousand clips need no more memory than a handful.

    Parameters
    ----------
    network : keras.Model or fitted classifier
        A functional network of one input, or a classifier of this library that trained
        one. A classifier checks examples as for ``predict`` and scales them; a
        network takes them as they are. Clones share it, and it is never changed.
    layer : str
        Name of a layer, also of one inside a network that is itself a layer. Where
        several have the name, with the names around it: ``"motion/Mixed_5c"``.
    pool : {"mean", "max", "none"}, default="mean"
        What is taken over time and space. "none" keeps each timepoint and place: a
        vector of the whole output.

    Attributes
    ----------
    n_features_out_ : int
        Length of a vector.

    See Also
    --------
    sensorhar.video.load_i3d_weights : Fill a network with published weights.

    Notes
    -----
    A layer of several outputs, or that is called several times, gives the features of
    each side by side.

    Examples
    --------
    >>> import sensorhar as sh
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.svm import LinearSVC
    >>> from sensorhar.networks import cnn
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> network = cnn(windows.shape[1:], 4, filters=(8,))
    >>> features = LayerFeatures(network, network.layers[-2].name)
    >>> features.fit_transform(windows[:5]).shape
    (5, 16)
    >>> clf = make_pipeline(features, LinearSVC()).fit(windows, windows.y)
    >>> clf.predict(windows[:2]).shape
    (2,)
    """

    n_features_out_: int
    _extractor: Any

    def __init__(
        self,
        network: Any,
        layer: str,
        *,
        pool: Literal["mean", "max", "none"] = "mean",
    ) -> None:
        self.network = network
        self.layer = layer
        self.pool = pool

    def fit(self, X: Examples | ArrayLike, y: Any = None) -> Self:
        """Find the layer; nothing is learned.

        Parameters
        ----------
        X : Windows, Poses, Clips or array of shape (n_examples, n_timepoints, ...)
            Examples of the shape that ``transform`` will see.
        y : ignored
            There for pipelines.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            When there is no such layer, or the network does not take such examples.
        NotFittedError
            When a classifier is given that is not fitted.
        """
        check_choice(self.pool, "pool", ("mean", "max", "none"))
        self._extractor = self._build()
        shape = self._shape(_sliceable(X))
        self.n_features_out_ = self._extractor.compute_output_shape((None, *shape))[-1]
        return self

    def transform(self, X: Examples | ArrayLike) -> NDArray[np.float32]:
        """Return the features of each example.

        Parameters
        ----------
        X : Windows, Poses, Clips or array of shape (n_examples, n_timepoints, ...)
            Examples.

        Returns
        -------
        array of shape (n_examples, n_features), float32
            Features, in the order of the examples.

        Raises
        ------
        ValueError
            When examples are of another shape, or hold NaN or infinite numbers.
        SpecMismatchError
            When the network is a classifier's, and differs from what it was fitted on.
        NotFittedError
            Before ``fit``.
        """
        check_is_fitted(self, "n_features_out_")
        examples = _sliceable(X)
        self._shape(examples)
        features = np.empty((len(examples), self.n_features_out_), dtype=np.float32)
        with without_retracing_remarks():
            for rows, numbers in self._parts(examples):
                features[rows] = self._extractor.predict_on_batch(numbers)
        return features

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names of the features: those of the layer, numbered.

        Parameters
        ----------
        input_features : ignored
            There for pipelines.

        Returns
        -------
        array of str of shape (n_features,)
            Names.
        """
        check_is_fitted(self, "n_features_out_")
        names = [f"{self.layer}_{i}" for i in range(self.n_features_out_)]
        return np.array(names, dtype=object)

    def __sklearn_clone__(self) -> Self:
        """Share the network: it is not learned here, and may be large."""
        return type(self)(**self.get_params(deep=False))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the network as an archive, which any process can read."""
        state: dict[str, Any] = {**super().__getstate__()}
        state.pop("_extractor", None)  # made of the network again
        is_classifier = isinstance(self.network, NetworkClassifier)
        if not is_classifier and has_graph(self.network):
            state["network"] = pack_network(self.network)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Open the archive again."""
        super().__setstate__(state)
        if isinstance(self.network, bytes):
            self.network = unpack_network(self.network)
        if "n_features_out_" in state:
            self._extractor = self._build()

    @property
    def _classifier(self) -> NetworkClassifier | None:
        """The classifier, if one was given."""
        if not isinstance(self.network, NetworkClassifier):
            return None
        check_is_fitted(self.network, "network_")
        return self.network

    def _build(self) -> Any:
        """Return the network from its input to the pooled output of the layer."""
        import keras

        network = self.network if self._classifier is None else self.network.network_
        if not has_graph(network) or len(network.inputs) != 1:
            raise ValueError(
                "network must be a functional Keras model of one input, or a fitted "
                f"classifier that holds one; got {network!r}. Of a network of several "
                "inputs give one stream: network.get_layer(...)."
            )
        outputs = outputs_of(network, find_layer(network, self.layer))
        pooled = [_pool(each, self.pool) for each in outputs]
        together = pooled[0] if len(pooled) == 1 else keras.ops.concatenate(pooled, -1)
        return keras.Model(network.inputs[0], together)

    def _shape(self, X: Any) -> tuple[int, ...]:
        """Return the shape of an example, which the network must take."""
        expected, got = self._extractor.input_shape[1:], tuple(X.shape[1:])
        if self._classifier is not None:
            self._classifier._check_input(X[:1])  # which may bring it into shape
            return tuple(expected)
        pairs = zip(expected, got, strict=False)
        if len(expected) != len(got) or any(e not in (None, g) for e, g in pairs):
            raise ValueError(
                f"X must hold examples of shape {expected}, which the network takes; "
                f"got {got}. Make them so, or build the network for them."
            )
        return got

    def _parts(self, X: Any) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Yield examples in order, as many at once as fit into memory with ease."""
        clf = self._classifier
        if clf is not None and clf.domain_ is not None and len(X):
            n_seen = min(len(X), MOST_AT_ONCE)
            seen = X[np.linspace(0, len(X) - 1, n_seen).astype(int)]
            clf.domain_.check(np.asarray(clf._check_input(seen)), type(clf).__name__)
        size = n_at_once(tuple(X.shape[1:]))
        for first in range(0, len(X), size):
            rows = slice(first, first + size)
            if clf is not None:
                numbers = clf._unmask(clf._check_input(X[rows]))[:]
            elif isinstance(X, Examples):
                numbers = X.batch(np.arange(len(X))[rows])
            else:
                numbers = np.asarray(X[rows], dtype=np.float32)
            check_finite(numbers, "X", "Leave out the examples that hold them.")
            yield rows, numbers


def _sliceable(X: Any) -> Any:
    """Return examples, or an array, that can be had part by part."""
    return X if isinstance(X, Examples) else np.asarray(X)


def _pool(tensor: Any, pool: str) -> Any:
    """Return one vector for each example."""
    from keras import layers, ops

    axes = tuple(range(1, len(tensor.shape) - 1))
    if pool == "none" or len(tensor.shape) < 2:
        return layers.Flatten()(tensor)
    if not axes:
        return tensor
    return ops.mean(tensor, axis=axes) if pool == "mean" else ops.max(tensor, axis=axes)
