"""Fisher vectors: how a set of local descriptors differs from the usual ones."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

__all__ = ["FisherVector"]

#: Rows worked on at a time.
CHUNK = 1 << 14

#: Added to all variances, as a share of their mean over the columns that are kept:
#: where descriptors hardly vary in training, others must not seem infinitely far away.
LEAST_VARIANCE = 1e-3

Sets = Sequence[ArrayLike] | NDArray[Any]


class FisherVector(TransformerMixin, BaseEstimator):
    r"""Turn sets of local descriptors, of any size, into vectors of one length.

    Descriptors are reduced by principal components, and a mixture of Gaussians with
    diagonal covariances is fitted to them: the vocabulary. A set is then described by
    the direction in which the mixture would have to be changed to fit it better.

    Parameters
    ----------
    n_gaussians : int, default=256
        Gaussians of the mixture, K; fewer where there are fewer descriptors. The
        default is that of Wang & Schmid [3]_.
    share : float, default=0.5
        Share of the columns to keep as principal components, at least one. The default
        is that of [2]_ and [3]_; 1 keeps all.
    max_samples : int, default=256000
        Descriptors the vocabulary is learned from; more are drawn from [3]_.
    with_weights : bool, default=False
        Whether to add how often each Gaussian is met, K numbers more. [2]_ gained
        little by them; but where a Gaussian is met in one class alone nothing else
        tells.
    normalise : bool, default=True
        Whether to take signed square roots and to divide by the length, the two steps
        that improve Fisher vectors in [1]_.
    random_state : int, RandomState instance or None, default=None
        With a number, two fits are equal.

    Attributes
    ----------
    mean_ : array of shape (n_columns,)
        Mean of the descriptors.
    components_ : array of shape (n_kept, n_columns)
        Principal components, the largest first.
    weights_ : array of shape (n_gaussians,)
        Share of each Gaussian in the mixture.
    centres_, spreads_ : array of shape (n_gaussians, n_kept)
        Means and standard deviations.

    Notes
    -----
    With :math:`\gamma_t(k)` the probability that descriptor :math:`x_t` of T comes from
    Gaussian k of weight :math:`w_k` (section 2 of [2]_):

    .. math::
        G_{w,k} = \frac{1}{T \sqrt{w_k}} \sum_t \left[\gamma_t(k) - w_k\right], \quad
        G_{\mu,k} = \frac{1}{T \sqrt{w_k}} \sum_t \gamma_t(k)
        \frac{x_t - \mu_k}{\sigma_k}, \quad
        G_{\sigma,k} = \frac{1}{T \sqrt{2 w_k}} \sum_t \gamma_t(k)
        \left[\frac{(x_t - \mu_k)^2}{\sigma_k^2} - 1\right]

    The vector holds :math:`G_{\mu,k}` of all Gaussians, then :math:`G_{\sigma,k}`, and
    :math:`G_{w,k}` if asked for: 2 K D + K numbers for D components. It is about zero
    for descriptors that the mixture itself would give, and is zero for an empty set.

    References
    ----------
    .. [1] F. Perronnin, J. Sánchez and T. Mensink, Improving the Fisher Kernel for
       Large-Scale Image Classification, ECCV 2010.
    .. [2] J. Sánchez, F. Perronnin, T. Mensink and J. Verbeek, Image Classification
       with the Fisher Vector: Theory and Practice, IJCV 105, 2013.
    .. [3] H. Wang and C. Schmid, Action Recognition with Improved Trajectories, ICCV
       2013, section 4.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sets = [rng.normal(size=(size, 6)) for size in (40, 25, 60)]
    >>> FisherVector(4, random_state=0).fit_transform(sets).shape
    (3, 24)
    """

    def __init__(
        self,
        n_gaussians: int = 256,
        *,
        share: float = 0.5,
        max_samples: int = 256_000,
        with_weights: bool = False,
        normalise: bool = True,
        random_state: Any = None,
    ) -> None:
        self.n_gaussians = n_gaussians
        self.share = share
        self.max_samples = max_samples
        self.with_weights = with_weights
        self.normalise = normalise
        self.random_state = random_state

    def fit(self, X: Sets, y: Any = None) -> Self:
        """Learn the vocabulary.

        Parameters
        ----------
        X : sequence of arrays of shape (n_descriptors, n_columns)
            Sets; or an array of shape (n_sets, n_descriptors, n_columns).
        y : None
            Not used.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            When there is no descriptor, columns differ, or a parameter is out of range.
        """
        from sklearn.mixture import GaussianMixture

        if self.n_gaussians < 1 or self.max_samples < 1:
            raise ValueError(
                "n_gaussians and max_samples must be at least 1; got "
                f"{self.n_gaussians!r} and {self.max_samples!r}."
            )
        if not 0 < self.share <= 1:
            raise ValueError(f"share must lie in (0, 1]; got {self.share!r}.")
        sets = _checked(X)
        rows = np.concatenate(sets) if sets else np.zeros((0, 0))
        if not rows.size:
            raise ValueError(
                "a vocabulary needs at least one descriptor; got none in "
                f"{len(sets)} sets. Leave out examples without, or find more."
            )
        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        if len(rows) > self.max_samples:
            rng = np.random.default_rng(seed)
            chosen = rng.choice(len(rows), self.max_samples, replace=False)
            rows = rows[np.sort(chosen)]
        self.mean_ = rows.mean(axis=0)
        self.components_ = _principal(rows - self.mean_, self.share)
        reduced = (rows - self.mean_) @ self.components_.T
        mixture = GaussianMixture(
            min(self.n_gaussians, len(rows)),
            covariance_type="diag",
            init_params="k-means++",
            reg_covar=max(LEAST_VARIANCE * float(reduced.var(axis=0).mean()), 1e-12),
            random_state=seed,
        )
        with warnings.catch_warnings():
            # A vocabulary need not be the best mixture there is, nor one without twins.
            warnings.simplefilter("ignore")
            mixture.fit(reduced)
        self.weights_ = mixture.weights_
        self.centres_ = mixture.means_
        self.spreads_ = np.sqrt(mixture.covariances_)
        return self

    def transform(self, X: Sets) -> NDArray[np.float64]:
        """Return the Fisher vector of each set.

        Parameters
        ----------
        X : sequence of arrays of shape (n_descriptors, n_columns)
            Sets, which may be empty; or an array of shape (n_sets, n_descriptors,
            n_columns).

        Returns
        -------
        array of shape (n_sets, 2 * n_gaussians * n_kept)
            Of length 1 each, where normalised; with ``n_gaussians`` more columns for
            weights.

        Raises
        ------
        ValueError
            When columns differ from those of ``fit``.
        NotFittedError
            Before ``fit``.
        """
        check_is_fitted(self, "weights_")
        sets = _checked(X, len(self.mean_))
        sums = np.empty((len(sets), len(self.weights_), 1 + 2 * self.centres_.shape[1]))
        precision = self.spreads_**-2.0
        constant = np.log(self.weights_) - np.log(self.spreads_).sum(axis=1)
        constant -= 0.5 * (self.centres_**2 * precision).sum(axis=1)
        # log densities, up to a constant, are linear in 1, x and x^2
        slopes = np.vstack(
            [constant[None], (self.centres_ * precision).T, -0.5 * precision.T]
        )
        for first, part in _chunks(sets):
            reduced = (np.concatenate(part) - self.mean_) @ self.components_.T
            powers = np.hstack([np.ones((len(reduced), 1)), reduced, reduced**2])
            belief = powers @ slopes
            belief -= belief.max(axis=1, keepdims=True)
            np.exp(belief, out=belief)
            belief /= belief.sum(axis=1, keepdims=True)
            row = 0
            for i, one in enumerate(part, start=first):
                stretch = slice(row, row + len(one))
                sums[i] = belief[stretch].T @ powers[stretch] / max(len(one), 1)
                row = stretch.stop
        return self._gradients(sums)

    def _gradients(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn mean beliefs, times 1, x and x^2, into Fisher vectors."""
        n_kept = self.centres_.shape[1]
        belief = sums[:, :, :1]
        first, second = sums[:, :, 1 : 1 + n_kept], sums[:, :, 1 + n_kept :]
        centre, spread = self.centres_, self.spreads_
        of_mean = (first - belief * centre) / spread
        of_spread = second - 2 * centre * first + belief * centre**2
        of_spread = of_spread / spread**2 - belief
        root = np.sqrt(self.weights_)[:, None]
        both = np.stack([of_mean / root, of_spread / (np.sqrt(2) * root)], axis=1)
        vectors: NDArray[np.float64] = both.reshape(len(sums), -1)
        if self.with_weights:
            of_weight = belief[..., 0] - self.weights_ * (belief.sum(axis=1) > 0)
            vectors = np.hstack([vectors, of_weight / root[:, 0]])
        if self.normalise:
            vectors = np.sign(vectors) * np.sqrt(np.abs(vectors))
            length = np.linalg.norm(vectors, axis=1, keepdims=True)
            vectors /= np.maximum(length, 1e-12)
        return vectors


def _checked(sets: Sets, n_columns: int | None = None) -> list[NDArray[np.float64]]:
    """Return the sets as arrays of one number of columns."""
    arrays = [np.asarray(one, dtype=np.float64) for one in sets]
    widths = {array.shape[1] if array.ndim == 2 else None for array in arrays}
    if n_columns is not None:
        widths.add(n_columns)
    if None in widths or len(widths) > 1:
        raise ValueError(
            "X must hold arrays of shape (n_descriptors, "
            f"{n_columns or 'n_columns'}), all with the same columns; got shapes "
            f"{sorted({array.shape for array in arrays})[:5]!r}."
        )
    return arrays


def _principal(centred: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Return the principal components, the largest first, with a fixed sign."""
    n_columns = centred.shape[1]
    n_kept = max(1, int(share * n_columns))
    _, vectors = np.linalg.eigh(centred.T @ centred)
    kept = vectors[:, ::-1][:, :n_kept].T
    largest = np.abs(kept).argmax(axis=1)
    signs = np.sign(kept[np.arange(n_kept), largest])
    components: NDArray[np.float64] = np.ascontiguousarray(kept * signs[:, None])
    return components


def _chunks(
    sets: list[NDArray[np.float64]],
) -> Iterator[tuple[int, list[NDArray[np.float64]]]]:
    """Yield neighbouring sets that hold about CHUNK rows, and the first's place."""
    first = size = 0
    for i, one in enumerate(sets):
        size += len(one)
        if size >= CHUNK or i == len(sets) - 1:
            yield first, sets[first : i + 1]
            first, size = i + 1, 0
