"""One window for each event, however long it lasts."""

import warnings
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.data.events import Event
from sensorhar.data.labels import SLACK_S
from sensorhar.data.recording import Recording
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Source, Windows
from sensorhar.errors import SensorharWarning
from sensorhar.preprocess import Step, build, describe
from sensorhar.windowing._columns import (
    check_columns,
    choose_channels,
    columns_of,
    common_rate,
    prepare,
    refuse_beside_spec,
    unique_names,
)
from sensorhar.windowing._cutting import Laid, lay_out

__all__ = ["make_event_windows"]

Fit = Literal["centre", "stretch"]


class _Span(NamedTuple):
    """Samples of an event, and of the unbroken stretch around it; stops excluded."""

    first: int
    stop: int
    low: int
    high: int


def make_event_windows(
    recordings: Sequence[Recording],
    *,
    length_s: float | None = None,
    fit: Fit | None = None,
    rate_hz: float | None = None,
    channels: Sequence[str] | None = None,
    steps: Sequence[Step] = (),
    spec: WindowSpec | None = None,
    max_gap_s: float | None = None,
    missing: Literal["refuse", "mask"] = "refuse",
) -> Windows:
    """Make one window of each event, whatever its length.

    For gestures, trials and whatever else is done once, from start to stop.

    ::

        recording    -------------------------------------------------------------
        events            |---|                    |---------------|
        "centre"         [-----]                        [-----]
        "stretch"         [---] drawn out to n     [---------------] shrunk to n

    A window in the centre of a longer event leaves out its beginning and end; around a
    shorter one it shows what the recording holds there, and where that ends, or at a
    gap, the last sample is held. A stretched window shows every event from start to
    stop at the same number of timepoints: how fast it was done is lost, and what
    remains is its course. When events are whole motions, cut out by hand or by a
    detector, that helps.

    Parameters
    ----------
    recordings : sequence of Recording
        Each with the channels wanted. One without events (None) counts as a single
        event without a label, from its first to its last sample.
    length_s : float or None, default=None
        Length of a window in s, rounded to whole samples. Needed unless ``spec`` says
        it. Stretched windows have as many timepoints as an event of this length.
    fit : {"centre", "stretch"} or None, default=None
        What is done about the lengths of events; None is the centre, or what ``spec``
        says.
    rate_hz : float or None, default=None
        Rate in Hz. None takes that of the recordings when they agree.
    channels : sequence of str or None, default=None
        Channels in order. None takes all of the first recording, or with
        ``missing="mask"`` all that any recording has.
    steps : sequence of Step, default=()
        Preparation of each recording, in order; kept in the spec.
    spec : WindowSpec or None, default=None
        Make windows exactly as these, such as ``clf.spec_``; then length, fit, rate,
        channels and steps must not be given.
    max_gap_s : float or None, default=None
        Longer pauses between samples are gaps. None asks the rate.
    missing : {"refuse", "mask"}, default="refuse"
        What to do with a recording that lacks some of the channels: refuse it, or
        fill them with NaN; see :func:`sensorhar.make_windows`.

    Returns
    -------
    Windows
        Of shape (n_events, n_timepoints, n_channels), in SI units, in the order of
        recordings and, within one, of time. ``recording`` and ``start_s`` tell which
        event each is of; ``start_s`` lies before the recording where the first sample
        is held.

    Raises
    ------
    ValueError
        When parameters contradict each other, a channel is missing, rates differ and
        none is asked for, values are missing, or there is no event.
    SpecMismatchError
        When recordings cannot give windows of the ``spec``.

    Warns
    -----
    SensorharWarning
        When events are left out because samples of them are missing.
    UnitWarning
        When an accelerometer's numbers look like another unit.

    See Also
    --------
    make_windows : Windows side by side, for what goes on and on.

    Examples
    --------
    >>> import sensorhar as sh
    >>> recordings = sh.simulate_recordings(2, random_state=0)
    >>> windows = make_event_windows(recordings, length_s=2, fit="stretch",
    ...     channels=["acc_x", "acc_y", "acc_z"])
    >>> windows.shape[1:], len(windows) == sum(len(r.events) for r in recordings)
    ((100, 3), True)
    >>> windows.spec.is_stretched
    True
    """
    recordings = list(recordings)
    if not recordings:
        raise ValueError("make_event_windows needs at least one recording; got none.")
    check_choice(missing, "missing", ["refuse", "mask"])
    if fit is not None:
        check_choice(fit, "fit", ["centre", "stretch"])
    if spec is not None:
        taken = {"length_s": length_s, "fit": fit, "rate_hz": rate_hz}
        refuse_beside_spec({**taken, "channels": channels, "steps": steps or None})
        steps = [build(step) for step in spec.steps]
        fit = "stretch" if spec.is_stretched else "centre"
        rate_hz, length_s = spec.rate_hz, spec.length_s
        channels = spec.channel_names
    if length_s is None:
        raise ValueError("make_event_windows needs length_s, the window's length in s.")
    check_positive(length_s, "length_s", "s")
    prepared = [prepare(recording, steps) for recording in recordings]
    is_masked = missing == "mask"
    chosen = choose_channels(prepared, channels, is_masked)
    if rate_hz is None:
        rate_hz = common_rate(prepared, chosen, is_masked, "make_event_windows")
    check_positive(rate_hz, "rate_hz", "Hz")
    made = WindowSpec(
        columns_of(prepared, chosen, spec, is_masked),
        float(rate_hz),
        max(1, round(length_s * rate_hz)),
        steps=spec.steps if spec is not None else tuple(map(describe, steps)),
        is_stretched=fit == "stretch",
    )
    check_columns(prepared, made, spec, is_masked)
    names = unique_names(prepared)
    cut: list[NDArray[np.floating]] = []
    found: list[tuple[Recording, str, float, float, str | None]] = []
    lost: list[tuple[Event, str]] = []
    for recording, name in zip(prepared, names, strict=True):
        laid = lay_out(recording, name, made, max_gap_s, is_masked)
        for event in _events_of(recording):
            span = _samples_of(event, laid, made.rate_hz)
            if span is None:
                lost.append((event, name))
                continue
            values, start_s, purity = _fit(span, laid, made)
            cut.append(values)
            label = None if recording.events is None else event.label
            found.append((recording, name, start_s, purity, label))
    _tell_lost(lost, len(cut))
    rows = [recording for recording, *_ in found]
    is_labelled = any(recording.events is not None for recording in rows)
    subjects = [recording.subject for recording in rows]
    return Windows.from_array(
        np.stack(cut),
        spec=made,
        y=[label for *_, label in found] if is_labelled else None,
        groups=subjects if all(subjects) else None,
        start_s=[start_s for _, _, start_s, _, _ in found],
        recording=[name for _, name, _, _, _ in found],
        purity=[purity for _, _, _, purity, _ in found] if is_labelled else None,
    )


def _events_of(recording: Recording) -> list[Event]:
    """Return the events, or the whole recording as one."""
    if recording.events is not None:
        return list(recording.events)
    return [Event(recording.start_s, np.inf, recording.name)]


def _samples_of(event: Event, laid: Laid, rate_hz: float) -> _Span | None:
    """Return where an event lies, or None when samples of it are missing."""
    time_s, edges = laid.time_s, laid.edges
    ends_s = [event.start_s - SLACK_S, event.stop_s - SLACK_S]
    first, stop = (int(sample) for sample in np.searchsorted(time_s, ends_s))
    if first == stop:
        return None
    k = int(np.searchsorted(edges, first, side="right")) - 1
    low, high = edges[k], edges[k + 1]
    pause_s = 1.5 / rate_hz
    begins_in_gap = 0 < low == first and event.start_s < time_s[low] - pause_s
    meets_gap = high < len(time_s) and event.stop_s > time_s[high - 1] + pause_s
    return None if begins_in_gap or meets_gap else _Span(first, stop, low, high)


def _fit(
    span: _Span, laid: Laid, spec: WindowSpec
) -> tuple[NDArray[np.floating], float, float]:
    """Return the window of one event, its start in s and its purity."""
    n_samples, n_timepoints = span.stop - span.first, spec.n_timepoints
    time_s = laid.time_s[span.first : span.stop]
    if spec.is_stretched:
        values = _rows(laid.source, np.arange(span.first, span.stop))
        return _stretched(values, time_s, n_timepoints), float(time_s[0]), 1.0
    offset = (n_samples - n_timepoints) // 2
    wanted = np.arange(n_timepoints) + span.first + offset
    values = _rows(laid.source, np.clip(wanted, span.low, span.high - 1))
    start_s = float(time_s[0] + offset / spec.rate_hz)
    return values, start_s, min(1.0, n_samples / n_timepoints)


def _rows(source: Source, samples: NDArray[np.intp]) -> NDArray[np.floating]:
    return np.concatenate([part[samples] for part in source], axis=1)


def _stretched(
    values: NDArray[np.floating], time_s: NDArray[np.float64], n_timepoints: int
) -> NDArray[np.floating]:
    """Bring samples to another number of them, first and last staying in place."""
    from sensorhar.signal.resample import resample

    if len(values) == 1 or n_timepoints == 1:
        return np.repeat(values[len(values) // 2, None], n_timepoints, axis=0)
    rate_hz = (n_timepoints - 1) / float(time_s[-1] - time_s[0])
    return resample(values, time_s, rate_hz=rate_hz)[0]


def _tell_lost(lost: Sequence[tuple[Event, str]], n_cut: int) -> None:
    """Say which events were left out, and that there must be some."""
    if lost:
        event, name = lost[0]
        warnings.warn(
            f"{len(lost)} of {len(lost) + n_cut} events have no window, as samples of "
            f"them are missing; the first is {event.label!r} of recording {name!r} at "
            f"{event.start_s:g}-{event.stop_s:g} s. A larger max_gap_s bridges longer "
            "pauses.",
            SensorharWarning,
            stacklevel=3,
        )
    if not n_cut:
        raise ValueError(
            "make_event_windows needs at least one event with all its samples; got "
            f"{len(lost)} with some missing. Give recordings their events: "
            "recording.with_events(Events([start_s], [stop_s], [label]))."
        )
