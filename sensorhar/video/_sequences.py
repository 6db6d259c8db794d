"""What clips and poses share: examples that are made when they are asked for."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.data.examples import Examples, Index, as_labels

__all__ = ["Held", "Maker", "Sequences"]

#: Gives the numbers of one example, of the shape its spec states, when called.
Maker = Callable[[], NDArray[Any]]


class Sequences(Examples):
    """Named examples, each given by something that makes its numbers."""

    __slots__ = ("_makers", "_n_workers", "names", "skipped", "spec", "start_s")

    spec: Any
    names: NDArray[np.object_]
    start_s: NDArray[np.float64]
    skipped: tuple[tuple[str, str], ...]
    _makers: tuple[Maker, ...]
    _n_workers: int

    def __init__(
        self,
        makers: Sequence[Maker],
        *,
        spec: Any,
        y: Any = None,
        groups: Any = None,
        names: Any = None,
        start_s: ArrayLike | None = None,
        n_workers: int = 1,
        skipped: Sequence[tuple[str, str]] = (),
    ) -> None:
        n = len(makers)
        named = [""] * n if names is None else names
        start = np.full(n, np.nan) if start_s is None else np.array(start_s, float)
        if start.shape != (n,):
            raise ValueError(f"start_s must have shape ({n},); got {start.shape}.")
        for field, value in (
            ("spec", spec),
            ("y", as_labels(y, n, "y", may_be_none=True)),
            ("groups", as_labels(groups, n, "groups", may_be_none=False)),
            ("names", as_labels(named, n, "names", may_be_none=False)),
            ("start_s", start),
            ("skipped", tuple(skipped)),
            ("_makers", tuple(makers)),
            ("_n_workers", n_workers),
        ):
            object.__setattr__(self, field, value)

    @property
    def recording(self) -> NDArray[np.object_]:
        """The names: clips of one file are cut from one recording."""
        return self.names

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the whole, axis 0 being the example."""
        return (len(self._makers), *self.spec.shape)

    def batch(self, indices: ArrayLike) -> NDArray[np.float32]:
        """Return the numbers of some examples as one new float32 array.

        Parameters
        ----------
        indices : array-like of int of shape (n_chosen,)
            Which, in the order wanted.

        Returns
        -------
        array of shape (n_chosen, n_frames, ...), float32
            Frames stored as uint8 are divided by 255.
        """
        chosen = self._normal_index(np.asarray(indices, dtype=np.intp))
        out = np.empty((len(chosen), *self.spec.shape), dtype=np.float32)

        def fill(places: Sequence[int]) -> None:
            for place in places:
                self._fill(out[place], self._makers[chosen[place]]())

        strands = self._strands(chosen)
        if self._n_workers == 1 or len(strands) < 2:
            for places in strands:
                fill(places)
        else:
            with ThreadPoolExecutor(self._n_workers) as pool:
                list(pool.map(fill, strands))
        return out

    def _strands(self, chosen: NDArray[np.intp]) -> list[list[int]]:
        """Return places in a batch, those cut from one video together and in order."""
        strands: dict[int, list[int]] = {}
        for place, i in enumerate(chosen.tolist()):
            maker: Any = self._makers[i]
            strands.setdefault(id(getattr(maker, "reel", maker)), []).append(place)
        for places in strands.values():
            places.sort(key=lambda place: _begins(self._makers[chosen[place]]))
        return list(strands.values())

    def with_labels(self, y: Any, groups: Any = None) -> Self:
        """Return the same examples with other labels, and other groups if given."""
        return self._like(y=y, groups=self.groups if groups is None else groups)

    @classmethod
    def concat(cls, parts: Sequence[Self]) -> Self:
        """Join parts of one spec, without copying numbers.

        Parameters
        ----------
        parts : sequence
            In the order wanted.

        Returns
        -------
        Self
            All of them; what they skipped is joined too.

        Raises
        ------
        ValueError
            When there are none, or specs, or the presence of labels, differ.
        """
        what = cls.__name__.lower()
        if not parts:
            raise ValueError(f"concat needs at least one {cls.__name__}; got none.")
        for part in parts[1:]:
            if part.spec != parts[0].spec:
                raise ValueError(
                    f"{what} to concat must share one spec; got {parts[0].spec!r} and "
                    f"{part.spec!r}."
                )
        joined: dict[str, Any] = {}
        for field in ("y", "groups", "names", "start_s"):
            columns = [getattr(part, field) for part in parts]
            n_missing = sum(column is None for column in columns)
            if 0 < n_missing < len(columns):
                raise ValueError(
                    f"{what} to concat must all have {field} or none; got it in "
                    f"{len(columns) - n_missing} of {len(columns)}."
                )
            joined[field] = None if n_missing else np.concatenate(columns)
        joined["skipped"] = [pair for part in parts for pair in part.skipped]
        makers = [maker for part in parts for maker in part._makers]
        return cls(makers, spec=parts[0].spec, n_workers=parts[0]._n_workers, **joined)

    def _fill(self, out: NDArray[np.float32], numbers: NDArray[Any]) -> None:
        """Put one example in its place."""
        if numbers.dtype == np.uint8:
            np.divide(numbers, np.float32(255), out=out)
        else:
            out[...] = numbers

    def _like(self, **changed: Any) -> Self:
        fields = {
            "makers": self._makers,
            "spec": self.spec,
            "y": self.y,
            "groups": self.groups,
            "names": self.names,
            "start_s": self.start_s,
            "n_workers": self._n_workers,
            "skipped": self.skipped,
        }
        return type(self)(**{**fields, **changed})

    def _take(self, index: NDArray[np.intp]) -> Self:
        return self._like(
            makers=[self._makers[i] for i in index],
            y=None if self.y is None else self.y[index],
            groups=None if self.groups is None else self.groups[index],
            names=self.names[index],
            start_s=self.start_s[index],
        )

    def __getitem__(self, index: Index) -> Any:
        if isinstance(index, tuple) and len(index) == 2 and index[1] is Ellipsis:
            index = index[0]  # how scikit-learn takes rows
        if isinstance(index, (int, np.integer)):
            return self.batch([int(index)])[0]
        return self._take(self._normal_index(index))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            name = type(self).__name__
            raise ValueError(
                f"an array of {name} needs a copy; np.asarray(...) makes one."
            )
        array = self.batch(np.arange(len(self)))
        return array if dtype is None else array.astype(dtype, copy=False)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = ("y", "groups", "names", "start_s", "spec", "skipped")
        rest = {field: getattr(self, field) for field in fields}
        rest["n_workers"] = self._n_workers
        return _rebuild, (type(self), self._makers, rest)

    def __repr__(self) -> str:
        parts = [" x ".join(str(n) for n in self.shape), self.spec.brief()]
        if self.y is None:
            parts.append("no labels")
        else:
            known = self.y[[label is not None for label in self.y]].astype(str)
            names, counts = np.unique(known, return_counts=True)
            tally = [f"{n} {c}" for n, c in zip(names, counts, strict=True)]
            if len(known) < len(self.y):
                tally.append(f"unlabelled {len(self.y) - len(known)}")
            parts.append(", ".join(tally))
        if self.groups is not None:
            n_groups = len(set(self.groups))
            parts.append(f"{n_groups} group{'s' * (n_groups != 1)}")
        return f"<{type(self).__name__} {' | '.join(parts)}>"


def _begins(maker: Any) -> int:
    """Return the frame that an example begins with in its video."""
    indices = getattr(maker, "indices", None)
    return 0 if indices is None else int(indices.min())


def _rebuild(cls: type, makers: tuple[Maker, ...], fields: dict[str, Any]) -> Any:
    """Build them again when they are unpickled."""
    return cls(makers, **fields)


class Held:
    """The numbers of one example that lie in memory."""

    __slots__ = ("values",)

    def __init__(self, values: NDArray[Any]) -> None:
        self.values = values

    def __call__(self) -> NDArray[Any]:
        return self.values
