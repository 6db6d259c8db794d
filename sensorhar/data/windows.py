"""Windows of equal length as one array-like that copies nothing until it must."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_finite
from sensorhar.data.examples import Examples, Index, as_labels
from sensorhar.data.spec import WindowSpec

__all__ = ["Source", "Windows", "select_columns"]

#: Side-by-side arrays of equal length; together their columns are the channels.
Source = tuple[NDArray[Any], ...]


class Windows(Examples):
    """Windows of shape (n_windows, n_timepoints, n_channels), with labels and groups.

    An array-like: it has ``shape``, ``len``, slices and ``np.asarray``, and passes
    through scikit-learn's splitters, searches and pipelines unchanged. The numbers
    stay where they are, in the recordings; a window is a view on them.

    Made by :func:`sensorhar.make_windows` or :meth:`Windows.from_array`.

    Attributes
    ----------
    y : object array of str of shape (n_windows,), or None
        Labels; None in it marks a window without one.
    groups : object array of str of shape (n_windows,), or None
        The subject of each window; scikit-learn's word for it.
    recording : object array of str of shape (n_windows,)
        Name of the recording each was cut from.
    start_s : array of shape (n_windows,), in s
        Time of the first sample in its recording; NaN when unknown.
    purity : array of shape (n_windows,)
        Share of the window that carries its label, in [0, 1].
    spec : WindowSpec
        Channels, units, rate and length.
    null_label : str or None
        The label that means "none of the activities", if there is one.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar import Channel
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((4, 60, 1)), spec=spec, y=list("abab"))
    >>> windows
    <Windows 4 x 60 x 1 | 1 Hz | hr_bpm [bpm] | a 2, b 2>
    >>> windows[1:3].y
    array(['b', 'a'], dtype=object)
    """

    __slots__ = (
        "_source",
        "_sources",
        "_start",
        "null_label",
        "purity",
        "recording",
        "spec",
        "start_s",
    )

    spec: WindowSpec
    null_label: str | None
    recording: NDArray[np.object_]
    start_s: NDArray[np.float64]
    purity: NDArray[np.float64]
    _sources: tuple[Source, ...]
    _source: NDArray[np.intp]
    _start: NDArray[np.int64]

    def __init__(
        self,
        sources: Sequence[Source],
        source: NDArray[np.intp],
        start: NDArray[np.int64],
        *,
        spec: WindowSpec,
        y: Any = None,
        groups: Any = None,
        start_s: ArrayLike | None = None,
        recording: Any = None,
        purity: ArrayLike | None = None,
        null_label: str | None = None,
    ) -> None:
        n = len(start)
        none = np.full(n, np.nan)
        for field, value in (
            ("spec", spec),
            ("null_label", null_label),
            ("y", as_labels(y, n, "y", may_be_none=True)),
            ("groups", as_labels(groups, n, "groups", may_be_none=False)),
            ("start_s", none if start_s is None else np.asarray(start_s, float)),
            ("purity", none if purity is None else np.asarray(purity, float)),
            (
                "recording",
                np.full(n, "", dtype=object)
                if recording is None
                else np.asarray(recording, dtype=object),
            ),
            ("_sources", tuple(sources)),
            ("_source", source),
            ("_start", start),
        ):
            object.__setattr__(self, field, value)

    @classmethod
    def from_array(
        cls,
        values: ArrayLike,
        *,
        spec: WindowSpec,
        y: Any = None,
        groups: Any = None,
        start_s: ArrayLike | None = None,
        recording: Any = None,
        purity: ArrayLike | None = None,
        null_label: str | None = None,
    ) -> Self:
        """Make windows from an array that is cut already, without copying it.

        Parameters
        ----------
        values : array-like of shape (n_windows, n_timepoints, n_channels)
            Readings in the units of the spec.
        spec : WindowSpec
            What the axes mean.
        y, groups : sequence of str of length n_windows, or None, default=None
            Labels and subjects.
        start_s, purity : array-like of shape (n_windows,), or None, default=None
            Start in its recording in s, and share that carries the label.
        recording : sequence of str of length n_windows, or None, default=None
            Name of the recording of each.
        null_label : str or None, default=None
            The label that means none of the activities.

        Returns
        -------
        Windows
            Views on the array.

        Raises
        ------
        ValueError
            When shapes disagree or values are NaN or infinite.
        """
        array = np.asarray(values)
        if array.dtype not in (np.float32, np.float64):
            array = array.astype(np.float32)
        wanted = (spec.n_timepoints, len(spec.channels))
        if array.ndim != 3 or array.shape[1:] != wanted:
            raise ValueError(
                f"values must have shape (n_windows, {wanted[0]}, {wanted[1]}) as the "
                f"spec says; got shape {array.shape}."
            )
        # A channel that is NaN over a whole window is masked: its sensor was absent.
        known = array
        if not np.isfinite(np.sum(array)):
            known = np.where(np.isnan(array).all(axis=1, keepdims=True), 0, array)
        check_finite(known, "values", "Leave out the windows that hold them.")
        n_windows, n_timepoints, n_channels = array.shape
        flat = np.ascontiguousarray(array).reshape(-1, n_channels)
        flat.flags.writeable = False
        return cls(
            [(flat,)],
            np.zeros(n_windows, dtype=np.intp),
            np.arange(n_windows, dtype=np.int64) * n_timepoints,
            spec=spec,
            y=y,
            groups=groups,
            start_s=start_s,
            recording=recording,
            purity=purity,
            null_label=null_label,
        )

    @classmethod
    def concat(cls, parts: Sequence[Self]) -> Self:
        """Join windows of one spec, without copying numbers.

        Parameters
        ----------
        parts : sequence of Windows
            In the order wanted.

        Returns
        -------
        Windows
            All of them.

        Raises
        ------
        ValueError
            When there are none, or specs, or the presence of labels, differ.
        """
        if not parts:
            raise ValueError("concat needs at least one Windows; got none.")
        first = parts[0]
        for part in parts[1:]:
            if part.spec != first.spec:
                raise ValueError(
                    f"windows to concat must share one spec; got {first.spec!r} and "
                    f"{part.spec!r}."
                )
        sources: list[Source] = []
        source = []
        for part in parts:
            source.append(part._source + len(sources))
            sources.extend(part._sources)

        def join(name: str) -> Any:
            columns = [getattr(part, name) for part in parts]
            n_missing = sum(column is None for column in columns)
            if n_missing == len(columns):
                return None
            if n_missing:
                raise ValueError(
                    f"windows to concat must all have {name} or none; got it in "
                    f"{len(columns) - n_missing} of {len(columns)}."
                )
            return np.concatenate(columns)

        return cls(
            sources,
            np.concatenate(source),
            np.concatenate([part._start for part in parts]),
            spec=first.spec,
            y=join("y"),
            groups=join("groups"),
            start_s=join("start_s"),
            recording=join("recording"),
            purity=join("purity"),
            null_label=first.null_label,
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(n_windows, n_timepoints, n_channels)``."""
        return len(self._start), self.spec.n_timepoints, len(self.spec.channels)

    @property
    def stop_s(self) -> NDArray[np.float64]:
        """Time just after the last sample of each in s; NaN when it was stretched."""
        length_s = np.nan if self.spec.is_stretched else self.spec.length_s
        return self.start_s + length_s

    def batch(self, indices: ArrayLike) -> NDArray[np.float32]:
        """Return the numbers of some windows as one new float32 array.

        Parameters
        ----------
        indices : array-like of int of shape (n_chosen,)
            Which windows, in the order wanted.

        Returns
        -------
        array of shape (n_chosen, n_timepoints, n_channels), float32
            In the units of the spec.
        """
        chosen = np.asarray(indices, dtype=np.intp)
        n_timepoints = self.spec.n_timepoints
        out = np.empty((len(chosen), *self.shape[1:]), dtype=np.float32)
        which = self._source[chosen]
        for source in np.unique(which):
            rows = np.flatnonzero(which == source)
            start = self._start[chosen[rows]]
            column = 0
            for part in self._sources[source]:
                columns = slice(column, column + part.shape[1])
                frames = sliding_window_view(part, n_timepoints, axis=0)
                out[rows, :, columns] = frames[start].transpose(0, 2, 1)
                column = columns.stop
        return out

    def _take(self, index: NDArray[np.intp]) -> Self:
        return type(self)(
            self._sources,
            self._source[index],
            self._start[index],
            spec=self.spec,
            y=None if self.y is None else self.y[index],
            groups=None if self.groups is None else self.groups[index],
            start_s=self.start_s[index],
            recording=self.recording[index],
            purity=self.purity[index],
            null_label=self.null_label,
        )

    def with_labels(self, y: Any, groups: Any = None) -> Self:
        """Return the same windows with other labels, and other groups if given."""
        return type(self)(
            self._sources,
            self._source,
            self._start,
            spec=self.spec,
            y=y,
            groups=self.groups if groups is None else groups,
            start_s=self.start_s,
            recording=self.recording,
            purity=self.purity,
            null_label=self.null_label,
        )

    def select_channels(self, names: Sequence[str]) -> Self:
        """Return windows with some channels in the order given, as views.

        Raises
        ------
        ValueError
            When a channel is not there.
        """
        have = self.spec.channel_names
        missing = [name for name in names if name not in have]
        if missing:
            raise ValueError(
                f"channels must be among {', '.join(have)}; got {missing!r}."
            )
        columns = [have.index(name) for name in names]
        sources = [select_columns(parts, columns) for parts in self._sources]
        channels = tuple(self.spec.channels[i] for i in columns)
        return type(self)(
            sources,
            self._source,
            self._start,
            spec=self.spec.with_channels(channels),
            y=self.y,
            groups=self.groups,
            start_s=self.start_s,
            recording=self.recording,
            purity=self.purity,
            null_label=self.null_label,
        )

    def save(self, path: Any, *, overwrite: bool = False) -> Any:
        """Write the windows to one ``.npz`` file, bit-exact and without pickle.

        Read it with :func:`sensorhar.read`.

        Raises
        ------
        FileExistsError
            When the file exists and must not be replaced.
        """
        from sensorhar.data.archive import save_windows

        return save_windows(self, path, overwrite=overwrite)

    def __getitem__(self, index: Index) -> Any:
        if isinstance(index, tuple) and len(index) == 2 and index[1] is Ellipsis:
            index = index[0]  # how scikit-learn takes rows
        if isinstance(index, (int, np.integer)):
            return self._one(int(index))
        return self._take(self._normal_index(index))

    def _one(self, index: int) -> NDArray[Any]:
        """Return one window: a view when its channels lie side by side."""
        i = int(self._normal_index(np.array([index]))[0])
        rows = slice(int(self._start[i]), int(self._start[i]) + self.spec.n_timepoints)
        parts = [part[rows] for part in self._sources[self._source[i]]]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError(
                "an array of windows needs a copy; np.asarray(windows) makes one."
            )
        array = self.batch(np.arange(len(self)))
        return array if dtype is None else array.astype(dtype, copy=False)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {
            name: getattr(self, name)
            for name in ("spec", "y", "groups", "start_s", "recording", "purity")
        }
        fields["null_label"] = self.null_label
        return _rebuild, (self._sources, self._source, self._start, fields)

    def __repr__(self) -> str:
        n_windows, n_timepoints, n_channels = self.shape
        units = ", ".join(dict.fromkeys(c.unit for c in self.spec.channels))
        parts = [
            f"<Windows {n_windows} x {n_timepoints} x {n_channels}",
            f"{self.spec.rate_hz:g} Hz",
            f"{' '.join(self.spec.channel_names)} [{units}]",
        ]
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
            n_subjects = len(set(self.groups))
            parts.append(f"{n_subjects} subject{'s' * (n_subjects != 1)}")
        return " | ".join(parts) + ">"


def _rebuild(
    sources: tuple[Source, ...],
    source: NDArray[np.intp],
    start: NDArray[np.int64],
    fields: dict[str, Any],
) -> Windows:
    """Build windows again when they are unpickled."""
    return Windows(sources, source, start, **fields)


def select_columns(parts: Source, columns: Sequence[int]) -> Source:
    """Return views on some columns of side-by-side arrays, in the order given."""
    home = [(part, i) for part in parts for i in range(part.shape[1])]
    views: list[NDArray[Any]] = []
    run: list[tuple[NDArray[Any], int]] = []
    for column in columns:
        part, i = home[column]
        if run and run[-1][0] is part and run[-1][1] + 1 == i:
            run.append((part, i))
            continue
        if run:
            views.append(run[0][0][:, run[0][1] : run[-1][1] + 1])
        run = [(part, i)]
    views.append(run[0][0][:, run[0][1] : run[-1][1] + 1])
    return tuple(views)
