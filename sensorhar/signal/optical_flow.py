"""Optical flow: where each pixel goes from one frame to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_choice
from sensorhar.signal._flow_methods import flow_function, grey_frames
from sensorhar.signal._inputs import as_float, check_count, check_positive

__all__ = [
    "flow_from_bytes",
    "flow_to_bytes",
    "optical_flow",
    "scale_flow",
    "stack_flow",
]

Flow = NDArray[np.float32]
#: Bound of flow in px, of I3D and TSN.
LIMIT_PX = 20.0


def optical_flow(
    frames: ArrayLike, *, method: Literal["tvl1", "farneback", "dis"] = "tvl1"
) -> Flow:
    """Return how far each pixel moves to the next frame.

    OpenCV computes it on brightness, with the settings it comes with for ``"tvl1"``
    [1]_, those of dense trajectories for ``"farneback"`` [2]_, and its medium ones for
    ``"dis"`` [3]_. TV-L1 is what published networks were trained on, and keeps edges
    best; Farnebäck's takes a fiftieth of its time, DIS a hundredth.

    Parameters
    ----------
    frames : array of shape (n_frames, height, width) or (..., 1 or 3)
        Grey, or red, green and blue: uint8, or numbers from 0 to 1. At least 16 px a
        side.
    method : {"tvl1", "farneback", "dis"}, default="tvl1"
        Whose flow.

    Returns
    -------
    array of float32 of shape (n_frames - 1, height, width, 2), in px per frame
        x, to the right, then y, down.

    Raises
    ------
    MissingPackageError
        Without OpenCV, or for TV-L1 without its contributed modules.
    ValueError
        When frames have another shape or range, or there are fewer than two.

    References
    ----------
    .. [1] C. Zach, T. Pock and H. Bischof, A Duality Based Approach for Realtime TV-L1
       Optical Flow, DAGM 2007.
    .. [2] G. Farnebäck, Two-Frame Motion Estimation Based on Polynomial Expansion,
       SCIA 2003.
    .. [3] T. Kroeger et al., Fast Optical Flow Using Dense Inverse Search, ECCV 2016.

    Examples
    --------
    >>> y, x = np.mgrid[:48, :64]
    >>> waves = [np.sin((x - 2 * i) / 5) * np.sin(y / 5) for i in range(3)]
    >>> flow = optical_flow(0.5 + 0.4 * np.array(waves), method="dis")
    >>> flow.shape, float(np.median(flow[..., 0]).round(1))
    ((2, 48, 64, 2), 2.0)
    """
    grey = grey_frames(frames)
    if len(grey) < 2:
        raise ValueError(
            f"flow needs at least two frames, got {len(grey)}; pass more of the video."
        )
    between = flow_function(method)
    flow = np.empty((len(grey) - 1, *grey.shape[1:], 2), dtype=np.float32)
    for i, out in enumerate(flow):
        out[...] = between(grey[i], grey[i + 1])
    return flow


def scale_flow(flow: ArrayLike, *, limit_px: float = LIMIT_PX) -> Flow:
    """Clip flow and divide it by the bound, as networks read it.

    I3D takes TV-L1 truncated to 20 px either way, scaled to -1 to 1 [1]_.

    Parameters
    ----------
    flow : array of any shape, in px per frame
        As of :func:`optical_flow`.
    limit_px : float, default=20
        The bound.

    Returns
    -------
    array of float32 of the same shape, from -1 to 1

    Raises
    ------
    ValueError
        If the bound is not above 0.

    References
    ----------
    .. [1] J. Carreira and A. Zisserman, Quo Vadis, Action Recognition?, CVPR 2017, and
       the README of the authors' kinetics-i3d.

    Examples
    --------
    >>> scale_flow([-30.0, 0.0, 5.0]).tolist()
    [-1.0, 0.0, 0.25]
    """
    limit_px = check_positive(limit_px, "limit_px", "px")
    clipped = np.clip(as_float(flow, "flow"), -limit_px, limit_px)
    scaled: Flow = (clipped / limit_px).astype(np.float32)
    return scaled


def flow_to_bytes(flow: ArrayLike, *, limit_px: float = LIMIT_PX) -> NDArray[np.uint8]:
    """Store flow in bytes, as it is kept in pictures.

    The bound is that of the tool which wrote the flow of TSN: -20 px is 0, 20 px is
    255, and 0 px is rounded to 128. Read back, each number is off by at most
    ``limit_px / 255``, 0.08 px by default, within the bound.

    Parameters
    ----------
    flow : array of any shape, in px per frame
        As of :func:`optical_flow`.
    limit_px : float, default=20
        Flow beyond it is clipped.

    Returns
    -------
    array of uint8 of the same shape
        Read it by :func:`flow_from_bytes`.

    Raises
    ------
    ValueError
        If the bound is not above 0.

    References
    ----------
    L. Wang et al., Temporal Segment Networks, ECCV 2016, and the authors' dense_flow.
    Simonyan & Zisserman (NIPS 2014) kept flow so, too, with a range of its own for each
    field.

    Examples
    --------
    >>> flow_to_bytes([-20.0, 0.0, 10.0, 50.0]).tolist()
    [0, 128, 191, 255]
    """
    scaled = scale_flow(flow, limit_px=limit_px)
    stored: NDArray[np.uint8] = np.rint((scaled + 1) * 127.5).astype(np.uint8)
    return stored


def flow_from_bytes(stored: ArrayLike, *, limit_px: float = LIMIT_PX) -> Flow:
    """Read flow that was stored in bytes.

    Parameters
    ----------
    stored : array of uint8 of any shape
        As of :func:`flow_to_bytes`, or of the pictures of TSN and MMAction2.
    limit_px : float, default=20
        The bound they were written with.

    Returns
    -------
    array of float32 of the same shape, in px per frame

    Raises
    ------
    TypeError
        If they are no bytes.

    Examples
    --------
    >>> back = flow_from_bytes(flow_to_bytes([-20.0, 10.0]))
    >>> [round(float(value), 2) for value in back]
    [-20.0, 9.96]
    """
    limit_px = check_positive(limit_px, "limit_px", "px")
    array = np.asarray(stored)
    if array.dtype != np.uint8:
        raise TypeError(
            f"stored must be an array of uint8, got {array.dtype!s}; flow in px is "
            f"what flow_to_bytes takes."
        )
    return array.astype(np.float32) * np.float32(limit_px / 127.5) - np.float32(
        limit_px
    )


def stack_flow(
    flow: ArrayLike,
    *,
    length: int = 10,
    starts: Sequence[int] | None = None,
    along: Literal["position", "trajectory"] = "position",
    subtract_mean: bool = True,
) -> Flow:
    r"""Stack the flow of neighbouring frames as channels: x, y, x, y, ...

    With :math:`d_t` the flow of frame t, the stack that starts at :math:`\tau` holds at
    each position, with k from 1 to L (equations 1 and 2 of [1]_):

    .. math::
        I(u, v, 2k - 1) = d^x_{\tau + k - 1}(p_k), \quad
        I(u, v, 2k) = d^y_{\tau + k - 1}(p_k)

    where :math:`p_k = (u, v)` for ``"position"``, and for ``"trajectory"`` follows the
    pixel: :math:`p_1 = (u, v)`, :math:`p_k = p_{k-1} + d_{\tau + k - 2}(p_{k-1})`.
    Between pixels flow is interpolated; beyond the border the nearest counts.

    Parameters
    ----------
    flow : array of shape (n_flows, height, width, 2), in px per frame
        As of :func:`optical_flow`.
    length : int, default=10
        Flows of a stack, L: 10 in [1]_, 5 in SSN.
    starts : sequence of int or None, default=None
        First flow of each stack; None makes all there are.
    along : {"position", "trajectory"}, default="position"
        Stay at a pixel, or go with what it shows.
    subtract_mean : bool, default=True
        Whether to take the mean of each flow from it (section 3.1 of [1]_): a plain
        remedy for a camera that moves. Paths follow the flow as it is.

    Returns
    -------
    array of float32 of shape (n_stacks, height, width, 2 * length), in px per frame

    Raises
    ------
    ValueError
        When there are fewer flows than a stack holds, or a start leaves too few.

    References
    ----------
    .. [1] K. Simonyan and A. Zisserman, Two-Stream Convolutional Networks for Action
       Recognition in Videos, NIPS 2014.

    Examples
    --------
    >>> flow = np.arange(6.0).reshape(3, 1, 1, 2)
    >>> stack_flow(flow, length=2, subtract_mean=False)[:, 0, 0].tolist()
    [[0.0, 1.0, 2.0, 3.0], [2.0, 3.0, 4.0, 5.0]]
    """
    fields = as_float(flow, "flow").astype(np.float32, copy=False)
    length = check_count(length, "length")
    check_choice(along, "along", ["position", "trajectory"])
    if fields.ndim != 4 or fields.shape[3] != 2:
        raise ValueError(
            f"flow must have shape (n_flows, height, width, 2), got {fields.shape!r}; "
            f"optical_flow gives it."
        )
    last = len(fields) - length
    first = range(last + 1) if starts is None else [int(start) for start in starts]
    if last < 0 or not all(0 <= start <= last for start in first):
        raise ValueError(
            f"a stack of {length} must lie within {len(fields)} flows, got starts "
            f"{list(first)[:5]!r}; pass a smaller length, or starts from 0 to "
            f"{max(last, 0)}."
        )
    shown = fields
    if subtract_mean:
        shown = fields - fields.mean(axis=(1, 2), keepdims=True)
    stacks = np.empty((len(first), *fields.shape[1:3], length, 2), dtype=np.float32)
    for stack, start in zip(stacks, first, strict=True):
        if along == "position":
            stack[...] = np.moveaxis(shown[start : start + length], 0, 2)
        else:
            _follow(fields, shown, start, stack)
    return stacks.reshape(*stacks.shape[:3], 2 * length)


def _follow(fields: Flow, shown: Flow, start: int, stack: Flow) -> None:
    """Fill a stack along the paths of the pixels of its first flow."""
    from scipy.ndimage import map_coordinates

    height, width, length = stack.shape[:3]
    row, column = np.mgrid[:height, :width].astype(np.float64)

    def at(field: Flow) -> Flow:
        parts = [
            map_coordinates(field[..., i], [row, column], order=1, mode="nearest")
            for i in range(2)
        ]
        return np.stack(parts, axis=-1)

    for k in range(length):
        stack[:, :, k] = at(shown[start + k])
        step = at(fields[start + k])
        column, row = column + step[..., 0], row + step[..., 1]
