"""Examples that several kinds of sensors saw at once, matched by their names."""

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.examples import Examples, Index, as_labels

__all__ = ["Modalities"]


class Modalities(Examples):
    """Windows, poses or clips of the same moments side by side, some of them missing.

    ::

        sensor   w0  w1  w2  w3          both["sensor"]  is  w0 w1 w2 w3
        pose     p0      p2  p3          both["pose"]    is  p0 p2 p3
                     ^ not seen          both.has("pose")    yes no yes yes

    A slice, integers or a mask choose moments, a name chooses a modality.

    Parameters
    ----------
    parts : mapping of str to Windows, Poses or Clips
        The modalities by name.
    rows : mapping of str to array of int of shape (n,), or None, default=None
        Which example of a part belongs to each moment, and -1 where it is missing. None
        takes parts of one length as they stand.
    y, groups : sequence of str of length n, or None, default=None
        Labels and subjects. None takes those of the parts, which must agree.

    Attributes
    ----------
    modalities : tuple of str
        Names of the parts.
    y, groups : object array of str of shape (n,), or None
        Labels and subjects.
    recording : object array of str of shape (n,)
        Where each moment comes from.

    Raises
    ------
    ValueError
        When parts differ in length, labels or subjects, or a moment has no part.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar import Channel, Windows, WindowSpec
    >>> def windows(kind, n):
    ...     spec = WindowSpec((Channel(kind, "bpm", "heart_rate"),), 1.0, 60)
    ...     return Windows.from_array(np.zeros((n, 60, 1)), spec=spec, y=["a"] * n)
    >>> both = Modalities({"left": windows("l", 3), "right": windows("r", 2)},
    ...     rows={"left": [0, 1, 2], "right": [0, -1, 1]})
    >>> both
    <Modalities 3 | left 3 x 60 x 1, right 2 x 60 x 1 | 1 label>
    >>> both.has("right")
    array([ True, False,  True])
    """

    __slots__ = ("_parts", "_rows", "recording")

    spec = None
    recording: NDArray[np.object_]
    _parts: dict[str, Examples]
    _rows: dict[str, NDArray[np.intp]]

    def __init__(
        self,
        parts: Mapping[str, Examples],
        *,
        rows: Mapping[str, ArrayLike] | None = None,
        y: Any = None,
        groups: Any = None,
    ) -> None:
        own = {str(name): part for name, part in parts.items()}
        strange = [n for n, part in own.items() if not isinstance(part, Examples)]
        if not own or strange:
            raise ValueError(
                "parts must be Windows, Poses or Clips by name, at least one; got "
                f"{listing(strange) if strange else 'none'} of another type."
            )
        at = _rows_of(own, rows)
        there = np.array([index >= 0 for index in at.values()])
        if not there.any(axis=0).all():
            raise ValueError(
                "every moment must have at least one modality; got "
                f"{int((~there.any(axis=0)).sum())} with none. Leave them out."
            )
        n = there.shape[1]
        fields = {
            "y": as_labels(y, n, "y", may_be_none=True),
            "groups": as_labels(groups, n, "groups", may_be_none=False),
            "recording": None,
        }
        for field, given in fields.items():
            value = _agreed(own, at, field) if given is None else given
            if field == "recording" and value is None:
                value = np.full(n, "", dtype=object)
            object.__setattr__(self, field, value)
        object.__setattr__(self, "_parts", own)
        object.__setattr__(self, "_rows", at)

    @classmethod
    def matched(
        cls,
        parts: Mapping[str, Examples],
        *,
        missing: Literal["drop", "keep"] = "drop",
    ) -> Self:
        """Match parts by the names of their recordings.

        Parameters
        ----------
        parts : mapping of str to Windows, Poses or Clips
            The modalities by name, with one example a recording: see
            :func:`sensorhar.make_event_windows`.
        missing : {"drop", "keep"}, default="drop"
            What becomes of moments that some modality lacks.

        Returns
        -------
        Modalities
            In the order of the first part, then of the others.

        Raises
        ------
        ValueError
            When a name occurs twice in a part, or no name in all of them.
        """
        check_choice(missing, "missing", ["drop", "keep"])
        places: dict[str, dict[str, int]] = {}
        for name, part in parts.items():
            files = [str(file) for file in getattr(part, "recording", [])]
            places[name] = {file: i for i, file in enumerate(files)}
            if len(places[name]) < len(part):
                raise ValueError(
                    f"matching needs one example of {name!r} a recording; got "
                    f"{len(part)} of {len(places[name])}. Make one window an event "
                    "with make_event_windows, or name the recordings."
                )
        order = list(dict.fromkeys(file for own in places.values() for file in own))
        shared = [file for file in order if all(file in own for own in places.values())]
        if not shared:
            first = [next(iter(own), "nothing") for own in places.values()]
            raise ValueError(
                "the modalities must share names of recordings; got none that occurs "
                f"in all, the first ones being {listing(first)}."
            )
        chosen = shared if missing == "drop" else order
        rows = {n: [own.get(file, -1) for file in chosen] for n, own in places.items()}
        return cls(parts, rows=rows)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names of the parts."""
        return tuple(self._parts)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of moments, and of modalities."""
        return len(next(iter(self._rows.values()))), len(self._parts)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of what a moment holds: arrays of different shapes."""
        return np.dtype(object)

    def has(self, modality: str) -> NDArray[np.bool_]:
        """Say which moments a modality saw.

        Parameters
        ----------
        modality : str
            Its name.

        Returns
        -------
        array of bool of shape (n,)
            Whether it is there.
        """
        check_choice(modality, "modality", list(self._parts))
        return self._rows[modality] >= 0

    def only(self, *modalities: str) -> Self:
        """Return the same moments as fewer modalities saw them.

        Parameters
        ----------
        *modalities : str
            Their names.

        Returns
        -------
        Modalities
            The moments that at least one of these saw.
        """
        for modality in modalities:
            check_choice(modality, "modality", list(self._parts))
        seen = np.flatnonzero(np.any([self.has(name) for name in modalities], axis=0))
        return type(self)(
            {name: self._parts[name] for name in modalities},
            rows={name: self._rows[name][seen] for name in modalities},
            y=None if self.y is None else self.y[seen],
            groups=None if self.groups is None else self.groups[seen],
        )

    def with_labels(self, y: Any, groups: Any = None) -> Self:
        """Return the same moments with other labels, and other groups if given."""
        groups = self.groups if groups is None else groups
        return type(self)(self._parts, rows=self._rows, y=y, groups=groups)

    def batch(self, indices: ArrayLike) -> NDArray[np.float32]:
        """Refuse: there is no single array of several shapes."""
        raise ValueError(
            "Modalities are no single array; take one of them, such as "
            f"modalities[{self.modalities[0]!r}], or fuse them by "
            "ScoreFusionClassifier or FeatureFusionClassifier."
        )

    def _take(self, index: NDArray[np.intp]) -> Self:
        return type(self)(
            self._parts,
            rows={name: own[index] for name, own in self._rows.items()},
            y=None if self.y is None else self.y[index],
            groups=None if self.groups is None else self.groups[index],
        )

    def __getitem__(self, index: Index) -> Any:
        if isinstance(index, str):
            rows = self._rows[index][self.has(index)]
            return self._parts[index][rows]
        if isinstance(index, tuple) and len(index) == 2 and index[1] is Ellipsis:
            index = index[0]  # how scikit-learn takes rows
        if isinstance(index, (int, np.integer)):
            index = [int(index)]
        return self._take(self._normal_index(index))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return self.batch([])

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self._parts, self._rows, self.y, self.groups)

    def __repr__(self) -> str:
        sizes = [
            f"{name} {' x '.join(map(str, (self.has(name).sum(), *part.shape[1:])))}"
            for name, part in self._parts.items()
        ]
        parts = [str(len(self)), ", ".join(sizes)]
        for n, what in (
            (len(self.classes), "label"),
            (len(set([] if self.groups is None else self.groups)), "subject"),
        ):
            if n:
                parts.append(f"{n} {what}{'s' * (n != 1)}")
        return f"<Modalities {' | '.join(parts)}>"


def _rebuild(cls: type, parts: Any, rows: Any, y: Any, groups: Any) -> Any:
    """Build them again when they are unpickled."""
    return cls(parts, rows=rows, y=y, groups=groups)


def _rows_of(
    parts: dict[str, Examples], rows: Mapping[str, ArrayLike] | None
) -> dict[str, NDArray[np.intp]]:
    """Return where each part holds each moment, checked."""
    if rows is None:
        rows = {name: np.arange(len(part)) for name, part in parts.items()}
    if set(rows) != set(parts):
        raise ValueError(
            f"rows must be given for each of {listing(parts)}; got {listing(rows)}."
        )
    at = {name: np.asarray(rows[name], dtype=np.intp) for name in parts}
    if len({index.shape for index in at.values()}) > 1:
        sizes = ", ".join(f"{len(index)} of {name!r}" for name, index in at.items())
        raise ValueError(
            f"modalities must have one row for each moment; got {sizes}. Match them by "
            "name with Modalities.matched(parts)."
        )
    for name, index in at.items():
        if index.ndim != 1 or (index >= len(parts[name])).any() or (index < -1).any():
            raise ValueError(
                f"rows of {name!r} must lie in -1 to {len(parts[name]) - 1}; got "
                f"{index.min(initial=0)} to {index.max(initial=0)}."
            )
    return at


def _agreed(
    parts: dict[str, Examples], at: dict[str, NDArray[np.intp]], field: str
) -> NDArray[np.object_] | None:
    """Return the labels, groups or names that all parts agree on, where known."""
    agreed: NDArray[np.object_] | None = None
    for name, part in parts.items():
        own = getattr(part, field, None)
        if own is None:
            continue
        seen = at[name] >= 0
        if agreed is None:
            agreed = np.full(len(seen), None, dtype=object)
        known = seen & np.array([value is not None for value in agreed], dtype=np.bool_)
        mine = np.full(len(seen), None, dtype=object)
        mine[seen] = own[at[name][seen]]
        n_other = int((mine[known] != agreed[known]).sum())
        if n_other and field == "recording":
            continue  # parts matched by hand may come from files of other names
        if n_other:
            raise ValueError(
                f"modalities of one moment must agree in {field}; {n_other} differ at "
                f"{name!r}. Pass {field}=..., or match them by name with "
                "Modalities.matched(parts)."
            )
        agreed[seen] = mine[seen]
    if agreed is not None and field != "y" and any(value is None for value in agreed):
        return None
    return agreed
