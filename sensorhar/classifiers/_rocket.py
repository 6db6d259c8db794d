"""The MiniRocket transform: shares of positive values of 84 fixed kernels."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["KERNELS", "Rocket", "draw_rocket"]

KERNEL_SIZE = 9
#: The 84 kernels of Dempster, Schmidt & Webb (KDD 2021, section 3.1): six weights of -1
#: and three of 2, in all ways.
KERNELS = np.full((84, KERNEL_SIZE), -1.0, dtype=np.float32)
for _row, _places in enumerate(combinations(range(KERNEL_SIZE), 3)):
    KERNELS[_row, list(_places)] = 2.0

MAX_DILATIONS = 32  # for each kernel, as in section 3.2 of the paper
GOLDEN_RATIO = (1 + 5**0.5) / 2

#: Windows convolved at once: small enough for the caches of a core.
CHUNK = 64


@dataclass(frozen=True)
class Rocket:
    """Drawn parameters of the transform.

    Attributes
    ----------
    dilations : array of int of shape (n_dilations,)
        Distance between the samples a kernel sees.
    n_biases : array of int of shape (n_dilations,)
        Features for each kernel at each dilation.
    biases : array of shape (84 * sum(n_biases),), float32
        Thresholds, by dilation, then kernel.
    channels : array of bool of shape (n_dilations, 84, n_channels)
        Channels each kernel sums over.
    """

    dilations: NDArray[np.intp]
    n_biases: NDArray[np.intp]
    biases: NDArray[np.float32]
    channels: NDArray[np.bool_]

    @property
    def n_features(self) -> int:
        """Columns of the transform."""
        return len(self.biases)

    def transform(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the share of samples above each threshold.

        Parameters
        ----------
        numbers : array of shape (n_windows, n_timepoints, n_channels)
            Windows.

        Returns
        -------
        array of shape (n_windows, n_features), float32
            Shares in [0, 1].
        """
        numbers = _lengthen(numbers)
        out = np.empty((len(numbers), self.n_features), dtype=np.float32)
        column = 0
        for i, dilation in enumerate(self.dilations):
            n_biases = int(self.n_biases[i])
            columns = slice(column, column + len(KERNELS) * n_biases)
            column = columns.stop
            if not n_biases:
                continue
            weights = _weights(self.channels[i])
            biases = self.biases[columns].reshape(len(KERNELS), n_biases)
            for first in range(0, len(numbers), CHUNK):
                rows = slice(first, first + CHUNK)
                convolved = _convolve(numbers[rows], int(dilation), weights)
                shares = _shares(convolved, biases, int(dilation), i)
                out[rows, columns] = shares.reshape(shares.shape[0], -1)
        return out


def draw_rocket(
    numbers: NDArray[np.float32], n_features: int, rng: np.random.Generator
) -> Rocket:
    """Draw dilations, channels and thresholds for windows like these.

    Parameters
    ----------
    numbers : array of shape (n_windows, n_timepoints, n_channels)
        Training windows; thresholds are quantiles of what kernels give on some.
    n_features : int
        About how many features; rounded down to a multiple of 84.
    rng : numpy.random.Generator
        Source of all randomness.

    Returns
    -------
    Rocket
        The drawn transform.
    """
    numbers = _lengthen(numbers)
    n_timepoints, n_channels = numbers.shape[1:]
    n_per_kernel = max(1, n_features // len(KERNELS))
    dilations, n_biases = _dilations(n_timepoints, n_per_kernel)
    most = np.log2(min(n_channels, KERNEL_SIZE) + 1)
    channels = np.zeros((len(dilations), len(KERNELS), n_channels), dtype=bool)
    for i, k in np.ndindex(channels.shape[:2]):
        n_chosen = max(1, int(2 ** rng.uniform(0, most)))
        channels[i, k, rng.choice(n_channels, n_chosen, replace=False)] = True
    # Quantiles evenly spread by multiples of the golden ratio, as in the paper.
    n_all = len(KERNELS) * n_per_kernel
    shares = (np.arange(1, n_all + 1) * GOLDEN_RATIO) % 1
    biases, column = [], 0
    for i, dilation in enumerate(dilations):
        count = int(n_biases[i])
        weights = _weights(channels[i])
        chosen = rng.integers(len(numbers), size=len(KERNELS))
        convolved = _convolve(numbers[chosen], int(dilation), weights)
        for k in range(len(KERNELS)):
            wanted = shares[column : column + count]
            biases.append(np.quantile(convolved[k, k], wanted))
            column += count
    return Rocket(
        dilations, n_biases, np.concatenate(biases).astype(np.float32), channels
    )


def _dilations(
    n_timepoints: int, n_per_kernel: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Spread the features of a kernel over dilations that fit into the window."""
    n_drawn = min(n_per_kernel, MAX_DILATIONS)
    largest = np.log2((n_timepoints - 1) / (KERNEL_SIZE - 1))
    drawn = np.logspace(0, largest, n_drawn, base=2).astype(np.intp)
    dilations, counts = np.unique(drawn, return_counts=True)
    n_biases = counts * (n_per_kernel // n_drawn)
    # What the division leaves goes round the dilations, the short ones first.
    missing = n_per_kernel - int(n_biases.sum())
    np.add.at(n_biases, np.arange(missing) % len(dilations), 1)
    return dilations, n_biases


def _lengthen(numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Repeat the last sample where windows are shorter than a kernel."""
    missing = KERNEL_SIZE - numbers.shape[1]
    if missing <= 0:
        return numbers
    return np.pad(numbers, ((0, 0), (0, missing), (0, 0)), mode="edge")


def _weights(channels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return kernels over taps and channels, of shape (84, 9 * n_channels)."""
    weights = KERNELS[:, :, None] * channels[:, None, :]
    return np.ascontiguousarray(weights.reshape(len(KERNELS), -1), dtype=np.float64)


def _convolve(
    numbers: NDArray[np.float32], dilation: int, weights: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return what kernels give at each sample, of shape (84, n_windows, n_timepoints).

    Beyond the ends of a window lie zeros. Sums are taken in double precision: on a
    window without motion thresholds lie as close together as rounding errors, which
    in single precision depend on how many windows are transformed at once.
    """
    n_windows, n_timepoints, n_channels = numbers.shape
    reach = dilation * (KERNEL_SIZE // 2)
    taps = np.zeros((KERNEL_SIZE, n_channels, n_windows, n_timepoints))
    turned = numbers.transpose(2, 0, 1)
    for tap in range(KERNEL_SIZE):
        shift = tap * dilation - reach
        if shift < 0:
            taps[tap, :, :, -shift:] = turned[:, :, :shift]
        elif shift:
            taps[tap, :, :, :-shift] = turned[:, :, shift:]
        else:
            taps[tap] = turned
    flat = (weights @ taps.reshape(len(weights.T), -1)).astype(np.float32)
    return flat.reshape(len(KERNELS), n_windows, n_timepoints)


def _shares(
    convolved: NDArray[np.float32],
    biases: NDArray[np.float32],
    dilation: int,
    order: int,
) -> NDArray[np.float32]:
    """Return shares above thresholds, of shape (n_windows, 84, n_biases).

    Kernels take turns: every second one counts only samples that it sees whole.
    """
    n_kernels, n_windows, n_timepoints = convolved.shape
    reach = dilation * (KERNEL_SIZE // 2)
    out = np.empty((n_windows, n_kernels, biases.shape[1]), dtype=np.float32)
    for parity in (0, 1):
        kernels = slice((order + parity) % 2, None, 2)
        part = convolved[kernels]
        if parity and n_timepoints > 2 * reach:
            part = part[:, :, reach : n_timepoints - reach]
        length = part.shape[2]
        # Counted as 64-bit words of packed bits; the last word is filled with zeros.
        n_bytes = -(-length // 8)
        packed = np.zeros((*part.shape[:2], -(-n_bytes // 8) * 8), dtype=np.uint8)
        for j in range(biases.shape[1]):
            is_above = part > biases[kernels, j, None, None]
            packed[:, :, :n_bytes] = np.packbits(is_above, axis=2)
            words = np.bitwise_count(packed.view(np.uint64))
            counts = words[:, :, 0].astype(np.int32)
            for word in range(1, words.shape[2]):
                counts += words[:, :, word]
            out[:, kernels, j] = counts.T / np.float32(length)
    return out
