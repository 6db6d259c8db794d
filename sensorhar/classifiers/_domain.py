"""Whether numbers look like those a classifier was fitted on, in size and direction."""

import itertools
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.spec import WindowSpec
from sensorhar.errors import SensorharWarning, SpecMismatchError

__all__ = ["Domain"]

#: Fewer windows may be an odd moment, such as a fall, and prove nothing.
MIN_WINDOWS = 20

#: Within this share of the trained size a reading is in the trained unit; sensors'
#: scale errors are a few percent, and a mean over a window is shorter when one turns.
SIZE_SHARES = (0.6, 1.6)

#: A window whose |acc| varies by more than this, in m/s^2, moves. Sensor noise is a
#: twentieth of it, slow walking four times it.
MOVING_MPS2 = 0.5

#: Directions of gravity that training saw are kept to this angle, and one within
#: ``FAR_DEG`` of them counts as seen: nobody wears a sensor twice at the same angle.
NEAR_DEG = 20.0
FAR_DEG = 50.0
MAX_DIRECTIONS = 64

#: Shares of windows in unseen directions at which to warn and to refuse.
WARN_SHARE = 0.5
REFUSE_SHARE = 0.7

#: Deg/s are 57 rad/s; people differ by a factor of five.
TURN_FACTOR = 15.0

_CURE = "To classify them as they are, set clf.domain_ = None."


@dataclass(frozen=True)
class _Profile:
    """What training saw of one accelerometer and the gyroscope beside it."""

    columns: tuple[int, int, int]
    turns: tuple[int, int, int] | None
    place: str
    size: float
    still: list[list[float]]
    moving: list[list[float]]
    still_turn: float
    moving_turn: float


@dataclass(frozen=True)
class Domain:
    """Sizes and directions of gravity seen in training, against silent mistakes.

    The commonest reasons why a classifier fails on one's own phone leave shape and
    channel names as they were: readings in g, readings without gravity, a gyroscope in
    degrees, axes swapped or flipped (iOS against Android). They show in where gravity
    lies and how large it is::

        mean of a window  -->  size 9.8?  direction seen in training, when still, when
                                          moving?

    Parameters
    ----------
    profiles : tuple
        One for each accelerometer with gravity.
    """

    profiles: tuple[_Profile, ...]

    @classmethod
    def of(cls, numbers: NDArray[np.float32], spec: WindowSpec | None) -> Self | None:
        """Look at training windows; None when there is no gravity to go by."""
        if spec is None:
            return None
        kinds = [spec.channels[triple[0]].kind for triple in spec.triples()]
        profiles = []
        for triple, kind in zip(spec.triples(), kinds, strict=True):
            channel = spec.channels[triple[0]]
            if kind != "accelerometer" or not channel.has_gravity:
                continue
            turns = next(
                (
                    other
                    for other, its in zip(spec.triples(), kinds, strict=True)
                    if its == "gyroscope"
                    and spec.channels[other[0]].place == channel.place
                ),
                None,
            )
            seen = _look(numbers, triple, turns)
            if seen is None:
                continue
            profiles.append(
                _Profile(
                    triple,
                    turns,
                    channel.place,
                    seen.size,
                    _spread(seen.directions[~seen.is_moving]),
                    _spread(seen.directions[seen.is_moving]),
                    _middle(seen.turn[~seen.is_moving]),
                    _middle(seen.turn[seen.is_moving]),
                )
            )
        return cls(tuple(profiles)) if profiles else None

    def check(self, numbers: NDArray[np.float32], name: str) -> None:
        """Refuse windows in another unit, without gravity, or with other axes.

        Raises
        ------
        SpecMismatchError
            When at least 20 windows say so with one voice.

        Warns
        -----
        SensorharWarning
            When most of them lie in directions unseen in training.
        """
        if len(numbers) < MIN_WINDOWS:
            return
        for profile in self.profiles:
            seen = _look(numbers, profile.columns, profile.turns)
            if seen is None or seen.n_known < MIN_WINDOWS:
                continue
            where = f" at the {profile.place}" if profile.place else ""
            size = seen.size
            low, high = SIZE_SHARES
            if not low < size / profile.size < high:
                raise SpecMismatchError(
                    f"{name} was fitted on an accelerometer{where} that reads about "
                    f"{profile.size:.3g} m/s^2 on average; these windows read "
                    f"{size:.3g}. {_say_size(size)} {_CURE}"
                )
            self._check_turns(profile, seen, name, where)
            self._check_directions(profile, seen, name, where)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return all numbers as plain JSON values."""
        return [asdict(profile) for profile in self.profiles]

    @classmethod
    def from_dict(cls, fields: list[Mapping[str, Any]]) -> Self:
        """Build from what ``to_dict`` returned."""
        profiles = []
        for one in fields:
            turns = None if one["turns"] is None else tuple(one["turns"])
            profiles.append(
                _Profile(**{**one, "columns": tuple(one["columns"]), "turns": turns})
            )
        return cls(tuple(profiles))

    @staticmethod
    def _check_turns(profile: _Profile, seen: "_Seen", name: str, where: str) -> None:
        for known, group in (
            (profile.still_turn, ~seen.is_moving),
            (profile.moving_turn, seen.is_moving),
        ):
            if group.sum() < MIN_WINDOWS or not known > 0:
                continue
            turn = _middle(seen.turn[group])
            if turn > TURN_FACTOR * known:
                raise SpecMismatchError(
                    f"{name} was fitted on a gyroscope{where} that reads about "
                    f"{known:.3g} rad/s; these windows read {turn:.3g}, "
                    f"{turn / known:.0f} times as much. If they are in deg/s, multiply "
                    f"by pi / 180, or state the unit when reading. {_CURE}"
                )

    @staticmethod
    def _check_directions(
        profile: _Profile, seen: "_Seen", name: str, where: str
    ) -> None:
        moving, still = seen.is_moving, ~seen.is_moving
        shares = {}
        is_unseen = np.zeros(len(seen.directions), dtype=np.bool_)
        for known, group in ((profile.still, still), (profile.moving, moving)):
            if known:
                is_unseen[group] = _is_unseen(seen.directions[group], known)
        shares["all"] = float(is_unseen.mean())
        if moving.sum() >= MIN_WINDOWS:
            shares["moving"] = float(is_unseen[moving].mean())
        share = max(shares.values())
        if share < WARN_SHARE:
            return
        message = (
            f"{name} was fitted on gravity{where} in other directions: {share:.0%} of "
            f"these {'moving ' if share > shares['all'] else ''}windows lie more than "
            f"{FAR_DEG:g} degrees from any of them. {_say_turn(profile, seen)} {_CURE}"
        )
        if share >= REFUSE_SHARE:
            raise SpecMismatchError(message)
        warnings.warn(message, SensorharWarning, stacklevel=5)


@dataclass(frozen=True)
class _Seen:
    n_known: int
    size: float
    directions: NDArray[np.float64]
    is_moving: NDArray[np.bool_]
    turn: NDArray[np.float64]


def _look(
    numbers: NDArray[np.float32],
    columns: tuple[int, int, int],
    turns: tuple[int, int, int] | None,
) -> _Seen | None:
    """Return where gravity lies in each window that shows some."""
    mean = numbers[:, :, columns].mean(axis=1, dtype=np.float64)
    size = np.linalg.norm(mean, axis=1)
    is_known = np.isfinite(size)  # others are masked
    if not is_known.any():
        return None
    numbers, mean, size = numbers[is_known], mean[is_known], size[is_known]
    turn = np.zeros(len(numbers))
    if turns is not None:
        turn = np.sqrt((numbers[:, :, turns] ** 2).sum(axis=2).mean(axis=1))
    return _Seen(
        len(numbers),
        float(np.median(size)),
        mean / np.maximum(size, 1e-6)[:, None],
        np.linalg.norm(numbers[:, :, columns], axis=2).std(axis=1) > MOVING_MPS2,
        np.nan_to_num(turn),
    )


def _spread(directions: NDArray[np.float64]) -> list[list[float]]:
    """Return directions such that each given one is near one of them."""
    chosen: list[list[float]] = []
    nearest = np.full(len(directions), -1.0)
    limit = np.cos(np.radians(NEAR_DEG))
    while len(directions) and nearest.min() < limit and len(chosen) < MAX_DIRECTIONS:
        pick = directions[int(nearest.argmin())]
        chosen.append(pick.tolist())
        nearest = np.maximum(nearest, directions @ pick)
    return chosen


def _is_unseen(
    directions: NDArray[np.float64], known: list[list[float]]
) -> NDArray[np.bool_]:
    nearest = (directions @ np.array(known).T).max(axis=1, initial=-1.0)
    return np.asarray(nearest < np.cos(np.radians(FAR_DEG)))


def _middle(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _say_size(size: float) -> str:
    """Say what a size of gravity is the sign of."""
    if abs(size - 1) < 0.4:
        return "That is g: multiply by 9.80665, or state the unit when reading."
    if abs(size / 1000 - 1) < 0.4:
        return "That is mg: multiply by 0.00980665, or state the unit when reading."
    if size < 4:
        return (
            "That is no gravity: take the total acceleration, or add the gravity "
            "stream to the linear one."
        )
    return "State the unit when reading."


def _say_turn(profile: _Profile, seen: _Seen) -> str:
    """Say which change of axes would bring gravity to where training saw it."""
    known = profile.still + profile.moving
    best, fit = None, 0.5
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1, -1), repeat=3):
            is_ios = order == (0, 1, 2) and signs == (-1, -1, -1)
            if (
                np.linalg.det(np.eye(3)[list(order)] * np.array(signs)) < 0
                and not is_ios
            ):
                continue  # no way of wearing it mirrors a sensor
            turned = seen.directions[:, order] * signs
            share = 1 - float(_is_unseen(turned, known).mean())
            # Where gravity cannot tell ways apart, iOS is the commonest, and a step
            # that changes less the likelier.
            share += 0.15 * is_ios - 0.001 * (order != (0, 1, 2))
            if share > fit:
                best, fit = (order, signs), share
    if best is None:
        return "Wear the sensor as in training, or fit on recordings from both."
    order, signs = best
    axes = ", ".join(
        f"'{'-' if sign < 0 else ''}{'xyz'[axis]}'"
        for axis, sign in zip(order, signs, strict=True)
    )
    is_ios = order == (0, 1, 2) and signs == (-1, -1, -1)
    why = " (iOS counts acceleration the other way round than Android)" * is_ios
    kinds = ", kinds=('accelerometer',)" * is_ios
    return f"They would fit after RemapAxes(axes=({axes}){kinds})(recording){why}."
