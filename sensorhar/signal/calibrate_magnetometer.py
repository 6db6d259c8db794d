"""Find the hard and the soft iron around a magnetometer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import as_float

__all__ = ["MagnetometerCalibration", "calibrate_magnetometer"]

#: In every direction some reading must lie this far out, in field strengths: less
#: than a ball's worth of directions leaves the ellipsoid's far side to chance.
COVERAGE = 0.3

#: Longest over shortest axis of an ellipsoid that iron in a device may still make.
MAX_STRETCH = 3.0

#: Cells along an edge of the cube of directions. All cells count the same, and so many
#: readings of each are enough.
N_CELLS = 6
N_PER_CELL = 100

#: Ten unknowns ask for some more directions.
MIN_DIRECTIONS = 20

#: On Earth the field is 25 to 65 uT; with doubt about scales, no other is found. What
#: a resting device's noise makes looks like a ball as well, a tiny one.
FIELD_UT = (12.0, 130.0)

#: The field may vary by this share around a well calibrated magnetometer; indoors it
#: truly does, by steel in floors and furniture.
MAX_RESIDUAL_SHARE = 0.15


@dataclass(frozen=True)
class MagnetometerCalibration:
    """How to correct a magnetometer: ``matrix @ (reading - offset)``.

    Attributes
    ----------
    offset : tuple of three floats, in uT
        Hard iron: what magnets that turn with the device add.
    matrix : tuple of three tuples of three floats
        Soft iron: symmetric, of determinant one, so it turns and swells nothing.
    field_ut : float, in uT
        Strength of the field after correction; 25 to 65 on Earth.
    n_directions : int
        Directions the fit stands on.
    residual_before_ut, residual_after_ut : float, in uT
        Mean distance of the strength from its median.
    """

    offset: tuple[float, float, float]
    matrix: tuple[tuple[float, float, float], ...] = (
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
        (0.0, 0.0, 1.0),
    )
    field_ut: float = float("nan")
    n_directions: int = 0
    residual_before_ut: float = float("nan")
    residual_after_ut: float = float("nan")

    def apply(self, values: ArrayLike) -> NDArray[np.floating]:
        """Return corrected readings, in the dtype of those given.

        Parameters
        ----------
        values : array of shape (n_samples, 3), in uT
            Readings.

        Returns
        -------
        array of shape (n_samples, 3), in uT
        """
        array = as_float(values)
        centred = array - np.asarray(self.offset)
        result = centred @ np.asarray(self.matrix).T
        return np.asarray(result, dtype=array.dtype)


def calibrate_magnetometer(
    values: ArrayLike, *, soft_iron: bool = True
) -> MagnetometerCalibration:
    r"""Fit the ellipsoid on which a turned magnetometer's readings lie.

    The Earth's field is the same however the device is turned, so readings should lie
    on a ball around zero. Iron in the device moves the ball (hard iron) and squeezes
    it (soft iron):

    .. math:: (m - o)^T Q \, (m - o) = 1, \qquad
              m' = \lambda \, Q^{1/2} (m - o)

    Parameters
    ----------
    values : array of shape (n_samples, 3), in uT
        Readings while the device was turned about; rows with NaN are left out.
    soft_iron : bool, default=True
        False fits a ball, which needs less turning and corrects the larger part.

    Returns
    -------
    MagnetometerCalibration
        What to apply, and the residual before and after.

    Raises
    ------
    ValueError
        When the device was not turned through enough directions, or the readings lie
        on no ellipsoid that iron in a device could make of the Earth's field.

    Notes
    -----
    A linear least squares fit of a quadric. Each of 216 cells of direction weighs the
    same, so that a long rest counts no more than a moment; readings far off, near a
    radiator say, lose weight in two further rounds.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> true = rng.normal(size=(2000, 3))
    >>> true *= 48 / np.linalg.norm(true, axis=1, keepdims=True)
    >>> seen = true * [1.1, 1.0, 1 / 1.1] + [20.0, -35.0, 5.0]
    >>> result = calibrate_magnetometer(seen)
    >>> [round(value, 2) for value in result.offset], round(result.field_ut, 1)
    ([20.0, -35.0, 5.0], 48.0)
    """
    array = as_float(values)
    if array.ndim != 2 or array.shape[1] != 3:
        raise ValueError(
            f"values must have shape (n_samples, 3), got {array.shape!r}; pick the "
            "three axes of one magnetometer."
        )
    known = array[np.isfinite(array).all(axis=1)].astype(np.float64)
    if len(known) < MIN_DIRECTIONS:
        raise ValueError(
            f"calibration needs at least {MIN_DIRECTIONS} readings, got {len(known)}; "
            "turn the device about all its axes for half a minute."
        )
    centre, unit = known.mean(axis=0), float(known.std()) or 1.0
    scaled = (known - centre) / unit
    middle, _ = _fit_ball(scaled, np.ones(len(scaled)))
    points, share = _thin(scaled, middle)
    n_directions = round(float(share.sum()))
    offset, root = _fit_robustly(points, share, soft_iron)
    _check_shape(points, n_directions, offset, root)
    strength = float(np.linalg.det(root) ** (-1 / 3))
    matrix = root * strength
    offset_ut = centre + unit * offset
    corrected = np.linalg.norm((known - offset_ut) @ matrix.T, axis=1)
    field_ut, residual_ut = strength * unit, _residual(corrected)
    if not FIELD_UT[0] < field_ut < FIELD_UT[1]:
        raise ValueError(
            f"the field must come out between {FIELD_UT[0]:g} and {FIELD_UT[1]:g} uT; "
            f"got {field_ut:.3g}. Turn the device about all its axes, and state the "
            "unit of the file if it is not uT."
        )
    if residual_ut > MAX_RESIDUAL_SHARE * field_ut:
        raise ValueError(
            f"corrected readings must differ by less than {MAX_RESIDUAL_SHARE:.0%} of "
            f"the field; got {residual_ut:.1f} of {field_ut:.1f} uT. Iron nearby "
            "disturbed them: calibrate away from it, or on a part of the recording."
        )
    x, y, z = offset_ut.tolist()
    return MagnetometerCalibration(
        offset=(x, y, z),
        matrix=tuple((a, b, c) for a, b, c in matrix.tolist()),
        field_ut=field_ut,
        n_directions=n_directions,
        residual_before_ut=_residual(np.linalg.norm(known, axis=1)),
        residual_after_ut=residual_ut,
    )


def _fit_ball(
    points: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the centre, and the square root of Q, of the best ball."""
    # |p|^2 = 2 c.p + (r^2 - |c|^2) is linear in c and the bracket.
    table = np.column_stack([2 * points, np.ones(len(points))])
    table *= weight[:, None]
    solution, *_ = np.linalg.lstsq(table, weight * (points**2).sum(axis=1), rcond=None)
    centre = solution[:3]
    radius = np.sqrt(max(float(solution[3] + centre @ centre), 1e-12))
    return centre, np.eye(3) / radius


def _fit_ellipsoid(
    points: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the centre, and the square root of Q, of the best ellipsoid."""
    x, y, z = points.T
    # The trace of the quadric is fixed to three, which no shift of the points can
    # make impossible, unlike a constant of one.
    table = np.column_stack(
        [
            x * x + y * y - 2 * z * z,
            x * x + z * z - 2 * y * y,
            2 * x * y,
            2 * x * z,
            2 * y * z,
            2 * x,
            2 * y,
            2 * z,
            np.ones(len(points)),
        ]
    )
    square = (points**2).sum(axis=1)
    u, *_ = np.linalg.lstsq(table * weight[:, None], square * weight, rcond=None)
    quadric = np.array(
        [
            [1 - u[0] - u[1], -u[2], -u[3]],
            [-u[2], 1 - u[0] + 2 * u[1], -u[4]],
            [-u[3], -u[4], 1 + 2 * u[0] - u[1]],
        ]
    )
    values, vectors = np.linalg.eigh(quadric)
    if values.min() <= 1e-6 * values.max():
        raise ValueError(
            "readings must lie on an ellipsoid; they fit none. Turn the device about "
            "all its axes, or pass soft_iron=False."
        )
    centre = np.linalg.solve(quadric, u[5:8])
    size = float(u[8] + centre @ quadric @ centre)
    root = (vectors * np.sqrt(values / max(size, 1e-12))) @ vectors.T
    return centre, root


def _fit_robustly(
    points: NDArray[np.float64], share: NDArray[np.float64], soft_iron: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit three times; what was far off the last time weighs less."""
    weight = np.sqrt(share)
    fit = _fit_ellipsoid if soft_iron else _fit_ball
    for _ in range(3):
        offset, root = fit(points, weight)
        away = np.abs(np.linalg.norm((points - offset) @ root.T, axis=1) - 1)
        limit = max(3 * float(np.median(away)), 1e-9)
        weight = np.sqrt(share * np.minimum(1.0, limit / np.maximum(away, 1e-12)))
    return offset, root


def _thin(
    points: NDArray[np.float64], centre: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return some readings of each cell of direction, and their shares of a cell."""
    away = points - centre
    largest = np.abs(away).max(axis=1, keepdims=True)
    on_cube = away / np.maximum(largest, 1e-12)
    cell = np.floor((on_cube + 1) / 2 * (N_CELLS - 1e-9)).astype(np.int64)
    key = (cell * [1, N_CELLS, N_CELLS**2]).sum(axis=1)
    order = np.argsort(key, kind="stable")
    _, first, counts = np.unique(key[order], return_index=True, return_counts=True)
    # Spread over the cell's readings, which are in order of time.
    place = (np.arange(len(key)) - np.repeat(first, counts)) * N_PER_CELL
    size = np.repeat(counts, counts)
    is_kept = (size <= N_PER_CELL) | (place // size != (place - N_PER_CELL) // size)
    kept_of = np.minimum(size, N_PER_CELL)
    return points[order][is_kept], 1.0 / kept_of[is_kept]


def _check_shape(
    points: NDArray[np.float64],
    n_directions: int,
    offset: NDArray[np.float64],
    root: NDArray[np.float64],
) -> None:
    """Refuse too few directions, and shapes that no iron makes."""
    axes = np.array([a for a in product((-1, 0, 1), repeat=3) if any(a)], dtype=float)
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    on_ball = (points - offset) @ root.T
    reach = (on_ball @ axes.T).max(axis=0)
    n_poor = int((reach < COVERAGE).sum())
    if n_poor or n_directions < MIN_DIRECTIONS:
        raise ValueError(
            "the device must be turned through all directions to be calibrated; "
            f"{n_poor} of {len(axes)} directions are bare ({n_directions} of "
            f"{N_CELLS**2 * 6} cells visited). Turn it about all its axes, as if "
            "drawing a lying eight, for half a minute."
        )
    values = np.linalg.eigvalsh(root)
    if values[-1] > MAX_STRETCH * values[0]:
        raise ValueError(
            f"an ellipsoid's axes must differ by less than {MAX_STRETCH:g} times; got "
            f"{values[-1] / values[0]:.1f}. Turn the device about all its axes and "
            "away from iron, or pass soft_iron=False."
        )


def _residual(norm: NDArray[np.float64]) -> float:
    return float(np.abs(norm - np.median(norm)).mean())
