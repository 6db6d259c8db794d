"""A Butterworth filter for a stream that comes in chunks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._butterworth import Kind, as_samples, design

__all__ = ["CausalFilter"]


class CausalFilter:
    """Butterworth filter for a stream that comes in chunks.

    It keeps its state between chunks: the chunks filtered one after another are
    bit for bit the whole stream filtered at once with ``causal=True``. It starts in
    the steady state of the very first sample.

    Parameters
    ----------
    kind : {"low_pass", "high_pass", "band_pass"}
        What is kept.
    rate_hz : float
        Sampling rate.
    cutoff_hz : float or pair of float
        Corner frequency; for a band-pass both, the lower one first.
    order : int, default=3
        Order of the filter.

    Raises
    ------
    ValueError
        If the kind is unknown or a corner is not between 0 and half the rate.

    Examples
    --------
    >>> from sensorhar.signal.filters import low_pass
    >>> acc = np.random.default_rng(0).normal(size=(100, 3))
    >>> smooth = CausalFilter("low_pass", rate_hz=50, cutoff_hz=5)
    >>> chunks = [smooth.push(acc[:7]), smooth.push(acc[7:])]
    >>> whole = low_pass(acc, rate_hz=50, cutoff_hz=5, causal=True)
    >>> np.array_equal(np.concatenate(chunks), whole)
    True
    """

    def __init__(
        self,
        kind: Kind,
        *,
        rate_hz: float,
        cutoff_hz: float | tuple[float, float],
        order: int = 3,
    ) -> None:
        self._sos = design(kind, rate_hz, cutoff_hz, order)
        self._state: NDArray[np.float64] | None = None
        self._tail_shape: tuple[int, ...] = ()

    def push(self, chunk: ArrayLike) -> NDArray[np.floating]:
        """Filter the next chunk and remember where it ended.

        Parameters
        ----------
        chunk : array of shape (n_samples,) or (n_samples, n_channels)
            The samples that follow the last chunk; may be empty.

        Returns
        -------
        array of the shape of chunk

        Raises
        ------
        ValueError
            If the number of channels changed, or the chunk holds NaN (which would
            stay in the state for ever; call `reset` after a gap).
        """
        from scipy.signal import sosfilt, sosfilt_zi

        array = as_samples(chunk, "chunk")
        if self._state is not None and array.shape[1:] != self._tail_shape:
            raise ValueError(
                f"chunk must have samples of shape {self._tail_shape!r} like the "
                f"first one, got {array.shape[1:]!r}; call reset() before another "
                f"stream, or keep one CausalFilter per stream."
            )
        if len(array) == 0:
            return array.copy()
        if self._state is None:
            steady = sosfilt_zi(self._sos)  # (n_sections, 2) for an input of one
            first = array[0].astype(np.float64)
            self._state = steady.reshape(*steady.shape, *(1,) * first.ndim) * first
            self._tail_shape = array.shape[1:]
        filtered, self._state = sosfilt(
            self._sos, array.astype(np.float64), axis=0, zi=self._state
        )
        return np.asarray(filtered, dtype=array.dtype)

    def reset(self) -> None:
        """Forget the state, as after a gap or before another recording."""
        self._state = None
