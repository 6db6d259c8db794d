"""What a phone in a pocket feels on foot and in vehicles, besides speed and turns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHAKES", "Shake", "shake_mps2"]


@dataclass(frozen=True)
class Shake:
    """How one means of transport shakes; RMS in m/s².

    Attributes
    ----------
    idle : float
        While standing, all of it from engine and people.
    moving : float
        At the reference speed, growing with the root of the speed.
    reference_mps : float
        That speed.
    bounce_hz : tuple of two float
        Between what the body of the vehicle bounces.
    bounce_share : float
        Part of the power that lies there; the rest is from 5 Hz up, of the wheels.
    sideways : float
        Size along and across the way over that upwards.
    """

    idle: float
    moving: float
    reference_mps: float
    bounce_hz: tuple[float, float]
    bounce_share: float
    sideways: float


# Assumptions, all of them: sizes of some tenths of a m/s² on the seats of road
# vehicles and less in trains, suspensions that bounce at 1 to 2 Hz, wheels that hop at
# 8 to 12 Hz. Rides of one kind differ by a factor of two either way, as roads and
# vehicles do, so that kinds overlap.
SHAKES: dict[str, Shake] = {
    "walk": Shake(0.06, 0.5, 1.35, (0.5, 1.0), 0.1, 0.9),
    "bike": Shake(0.10, 1.3, 5.0, (2.0, 3.5), 0.25, 0.7),
    "bus": Shake(0.12, 0.55, 10.0, (1.0, 1.7), 0.45, 0.55),
    "car": Shake(0.06, 0.45, 14.0, (1.1, 1.9), 0.40, 0.5),
    "train": Shake(0.05, 0.22, 20.0, (0.7, 1.6), 0.50, 1.0),
}
RIDE_LOG_SD = 0.35  # a factor of two is two of these

# The first three harmonics of the stride (two steps) in walking, upwards, forwards
# and left, for 1.35 m/s: of the size of the WALKING table of simulate/gait.py.
STRIDE_MPS2 = np.array([[0.4, 0.5, 0.9], [2.4, 1.5, 0.4], [0.3, 0.4, 0.5]])


def shake_mps2(
    mode: str,
    speed_mps: NDArray[np.float64],
    time_s: NDArray[np.float64],
    style: dict[str, float],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the acceleration of the phone relative to the ride.

    Parameters
    ----------
    mode : str
        A row of ``SHAKES``.
    speed_mps : array of shape (n_times,)
        Of the ride.
    time_s : array of shape (n_times,), in s
        Regular.
    style : dict of str to float
        ``"cadence"`` and ``"stride"`` of the person, about 1.
    rng : Generator
        Draws all that is random.

    Returns
    -------
    array of shape (n_times, 3), in m/s^2
        Forward, left and up.
    """
    shake = SHAKES[mode]
    rate_hz = 1 / (time_s[1] - time_s[0])
    n_times = len(time_s)
    bounce_hz = rng.uniform(*shake.bounce_hz)
    noise = np.zeros((n_times, 3))
    for column, ratio in enumerate((shake.sideways, shake.sideways, 1.0)):
        slow = _ringing(n_times, bounce_hz, 0.35, rate_hz, rng)
        quick = _ringing(n_times, rng.uniform(8, 12), 0.5, rate_hz, rng)
        share = shake.bounce_share
        noise[:, column] = ratio * (np.sqrt(share) * slow + np.sqrt(1 - share) * quick)
    # Roads are rough in places.
    rough = np.exp(0.3 * _drift(n_times, 8.0, rate_hz, rng))
    size = shake.moving * np.sqrt(speed_mps / shake.reference_mps) * rough
    size = np.hypot(size, shake.idle) * np.exp(RIDE_LOG_SD * rng.normal())
    moved = noise * size[:, None]
    if mode == "walk":
        moved += _stride(speed_mps, rate_hz, style, rng)
    elif mode == "bike":
        moved += _pedals(speed_mps, rate_hz, style, rng)
    elif rng.uniform() < 0.7:
        moved += _handling(n_times, rate_hz, rng)
    return np.asarray(moved)


def _stride(
    speed: NDArray[Any], rate_hz: float, style: dict[str, float], rng: Any
) -> NDArray[Any]:
    """Return the swing of a stride; pace and size grow with the speed."""
    pace = np.sqrt(np.maximum(speed, 0.05) / 1.35)
    turns = np.cumsum(0.9 * style["cadence"] * pace) / rate_hz
    size = style["stride"] * np.clip(speed / 1.35, 0, 1.3)
    phase = rng.uniform(0, 2 * np.pi, STRIDE_MPS2.shape)
    swing = np.zeros((len(speed), 3))
    for way, column in enumerate((2, 0, 1)):  # up, forward, left
        for k in range(3):
            angle = 2 * np.pi * (k + 1) * turns + phase[way, k]
            # Rows are harmonics: stride, step, and the one above.
            swing[:, column] += STRIDE_MPS2[k, way] * np.cos(angle)
    return np.asarray(swing * size[:, None])


def _pedals(
    speed: NDArray[Any], rate_hz: float, style: dict[str, float], rng: Any
) -> NDArray[Any]:
    """Return the thigh's swing at the pace of the crank; one rests now and then."""
    turns = np.cumsum(1.15 * style["cadence"] * np.clip(speed / 4.5, 0.6, 1.2))
    is_pedalling = (_drift(len(speed), 6.0, rate_hz, rng) > -0.8) & (speed > 0.5)
    angle = 2 * np.pi * turns / rate_hz + rng.uniform(0, 2 * np.pi)
    swing = np.stack([1.6 * np.cos(angle), 0 * angle, 0.9 * np.sin(angle)], axis=1)
    return np.asarray(style["stride"] * swing * is_pedalling[:, None])


def _handling(n_times: int, rate_hz: float, rng: Any) -> NDArray[Any]:
    """Return the motion of a phone that is taken to hand for a while."""
    is_used = _drift(n_times, 40.0, rate_hz, rng) > rng.uniform(-0.2, 1.5)
    slow = [_ringing(n_times, 2.5, 1.5, rate_hz, rng) for _ in range(3)]
    return np.asarray(0.35 * np.stack(slow, axis=1) * is_used[:, None])


def _ringing(
    n_times: int, centre_hz: float, width: float, rate_hz: float, rng: Any
) -> NDArray[Any]:
    """Return noise around a frequency, of RMS 1; width is relative.

    What lies beyond half the rate was there before sampling and is let go, as a
    sensor's own filter does.
    """
    frequency = np.fft.rfftfreq(n_times, 1 / rate_hz)
    shape = np.exp(-0.5 * ((frequency - centre_hz) / (width * centre_hz)) ** 2)
    whole = np.arange(0.0, 4 * centre_hz + 1, max(rate_hz / n_times, 1e-3))
    full = np.exp(-0.5 * ((whole - centre_hz) / (width * centre_hz)) ** 2)
    white = rng.normal(size=(2, len(frequency)))
    spectrum = shape * (white[0] + 1j * white[1]) / 2
    power = np.sum(full**2) * (whole[1] - whole[0]) / (rate_hz / n_times)
    scale = n_times / np.sqrt(power)
    return np.fft.irfft(spectrum * scale, n_times)


def _drift(n_times: int, tau_s: float, rate_hz: float, rng: Any) -> NDArray[Any]:
    """Return noise of spread 1 that forgets itself after tau, one value a second."""
    from scipy.signal import lfilter

    n_slow = int(n_times / rate_hz) + 2
    keep = np.exp(-1 / tau_s)
    white = np.sqrt(1 - keep**2) * rng.normal(size=n_slow)
    white[0] /= np.sqrt(1 - keep**2)
    slow = lfilter([1.0], [1.0, -keep], white)
    return np.interp(np.arange(n_times) / rate_hz, np.arange(n_slow), slow)
