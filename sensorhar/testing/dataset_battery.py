"""What every data set must fulfil once loaded: units, times, labels, a whole card."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.windows import Windows
from sensorhar.datasets import Card
from sensorhar.sensors import SENSORS
from sensorhar.units import STANDARD_GRAVITY, si_unit_of

__all__ = ["check_card", "check_recordings", "check_windows"]

#: Share by which the median size of a resting accelerometer may differ from gravity:
#: phones are off by up to 4 % (HAPT: 1.02 to 1.04 g), cheap tags by more.
GRAVITY_SHARE = 0.12

#: Postures in which the body rests, so that an accelerometer reads gravity alone.
AT_REST = ("lying", "sitting", "standing")

_MAY_BE_MISSING = (
    "url",
    "how_to_get",
    "sha256",
    "size_bytes",
    "n_windows",
    "n_recordings",
    "inner_folder",
)


def check_card(card: Card) -> None:
    """Check that a card is filled in and printable.

    Parameters
    ----------
    card : Card
        The card.

    Raises
    ------
    AssertionError
        When a field is empty or contradicts another.

    Examples
    --------
    >>> import sensorhar as sh
    >>> check_card(sh.datasets.cards()["hapt"])
    """
    fields = card.to_dict()
    empty = [
        key
        for key, value in fields.items()
        if value in ("", [], None) and key not in _MAY_BE_MISSING
    ]
    _demand(not empty, f"card {card.name!r} must fill in {listing(empty)}.")
    for unit in card.units:
        _demand(
            si_unit_of(unit) == unit,
            f"card {card.name!r} must state units as loaded, in SI; got {unit!r}.",
        )
    for label in card.activities:
        _demand(
            label == label.lower() and label.replace("_", "").isalnum(),
            f"activities of card {card.name!r} must be lower-case words joined by '_'; "
            f"got {label!r}.",
        )
    for text in (str(card), card.to_markdown()):
        _demand(
            card.title in text and all(trap.split()[0] in text for trap in card.traps),
            f"card {card.name!r} must print its title and traps; got {text[:80]!r}.",
        )


def check_recordings(recordings: Sequence[Recording], card: Card) -> None:
    """Check recordings against their card, and against physics.

    Parameters
    ----------
    recordings : sequence of Recording
        What the loader returned.
    card : Card
        The card of the set.

    Raises
    ------
    AssertionError
        When names, subjects, labels, channels or rate are not those of the card,
        readings are no SI, or an accelerometer at rest does not read gravity.

    Examples
    --------
    >>> import sensorhar as sh
    >>> from dataclasses import replace
    >>> recordings = sh.simulate_recordings(2, random_state=0)
    >>> card = replace(sh.datasets.cards()["hapt"], n_recordings=3)
    >>> check_recordings(recordings, card)
    Traceback (most recent call last):
    AssertionError: data set 'hapt' must hold 3 recordings; got 2.
    """
    check_card(card)
    called = f"data set {card.name!r}"
    _demand(
        card.n_recordings in (None, len(recordings)),
        f"{called} must hold {card.n_recordings} recordings; got {len(recordings)}.",
    )
    names = [recording.name for recording in recordings]
    _demand(
        len(set(names)) == len(names) and all(names),
        f"recordings of {called} must have names that differ; got {listing(names)}.",
    )
    _same_words({r.subject for r in recordings}, card.subjects, called, "subjects")
    labels = [r.events.classes for r in recordings if r.events is not None]
    _demand(bool(labels), f"{called} must have events; got none.")
    _same_words(
        {w for words in labels for w in words}, card.activities, called, "labels"
    )
    _same_words(
        {name for r in recordings for name in r.channel_names},
        card.channels,
        called,
        "channels",
    )
    for recording in recordings:
        _check_recording(recording, card)


def check_windows(windows: Windows | Sequence[Windows], card: Card) -> None:
    """Check windows, or the official parts together, against their card.

    Parameters
    ----------
    windows : Windows or sequence of Windows
        What the loader returned.
    card : Card
        The card of the set.

    Raises
    ------
    AssertionError
        When labels, subjects, channels, rate or number are not those of the card,
        parts share a subject, or an accelerometer at rest does not read gravity.

    Examples
    --------
    >>> import sensorhar as sh
    >>> recordings = sh.simulate_recordings(2, random_state=0)
    >>> windows = sh.make_windows(recordings, length_s=2, channels=["acc_x"])
    >>> check_windows(windows, sh.datasets.cards()["hapt"])
    Traceback (most recent call last):
    AssertionError: card 'hapt' must say it holds windows; got 'recordings'.
    """
    check_card(card)
    parts = [windows] if isinstance(windows, Windows) else list(windows)
    called = f"data set {card.name!r}"
    _demand(
        card.holds == "windows",
        f"card {card.name!r} must say it holds windows; got {card.holds!r}.",
    )
    n_windows = sum(len(part) for part in parts)
    _demand(
        n_windows == card.n_windows,
        f"{called} must hold {card.n_windows} windows; got {n_windows}.",
    )
    seen: set[str] = set()
    labels: set[str] = set()
    for part in parts:
        _demand(
            part.y is not None and part.groups is not None,
            f"{called} must have labels and subjects; got y={part.y is not None}, "
            f"groups={part.groups is not None}.",
        )
        assert part.y is not None
        assert part.groups is not None
        shared = seen & set(part.groups)
        _demand(
            not shared,
            f"parts of {called} must not share subjects; got {listing(shared)} in two.",
        )
        seen |= set(part.groups)
        labels |= set(part.y)
        _check_part(part, card)
    _same_words(seen, card.subjects, called, "subjects")
    _same_words(labels, card.activities, called, "labels")


def _check_recording(recording: Recording, card: Card) -> None:
    called = f"recording {recording.name!r}"
    for stream in recording.streams:
        _demand(
            bool((np.diff(stream.time_s) > 0).all()),
            f"times of {called} must increase; {stream.kind} does not.",
        )
        for channel in stream.channels:
            unit = dict(zip(card.channels, card.units, strict=True))[channel.name]
            _demand(
                channel.unit == unit and channel.place in card.places,
                f"{channel.name!r} of {called} must be [{unit}] at "
                f"{listing(card.places)}; got {channel!r}.",
            )
        _check_size(stream.values, stream.kind, called)
        if stream.kind == "accelerometer" and stream.channels[0].has_gravity:
            events = recording.events
            rest = [] if events is None else list(events.select(AT_REST))
            parts = [
                stream.crop(event.start_s, event.stop_s).values
                for event in rest
                if event.stop_s > stream.start_s and event.start_s < stream.stop_s
            ]
            if parts:
                _check_rest(np.concatenate(parts), called)
    fastest = max(stream.rate_hz for stream in recording.streams)
    _demand(
        abs(fastest / card.rate_hz - 1) < 0.05
        or (card.rate_varies and fastest < card.rate_hz),
        f"{called} must run at {card.rate_hz:g} Hz; got {fastest:.4g} Hz.",
    )


def _check_part(windows: Windows, card: Card) -> None:
    called = f"data set {card.name!r}"
    spec = windows.spec
    _demand(
        spec.channel_names == card.channels
        and tuple(c.unit for c in spec.channels) == card.units
        and {c.place for c in spec.channels} <= set(card.places),
        f"windows of {called} must have the card's channels, units and places; got "
        f"{spec.channels!r}.",
    )
    _demand(
        spec.rate_hz == card.rate_hz,
        f"windows of {called} must run at {card.rate_hz:g} Hz; got "
        f"{spec.rate_hz:g} Hz.",
    )
    values = np.asarray(windows)
    assert windows.y is not None
    rest = np.isin(windows.y.astype(str), AT_REST)
    for x, y, z in spec.triples():
        channel = spec.channels[x]
        triple = values[:, :, [x, y, z]].reshape(-1, 3)
        _check_size(triple, channel.kind, called)
        if channel.kind == "accelerometer" and channel.has_gravity and rest.any():
            _check_rest(values[rest][:, :, [x, y, z]].reshape(-1, 3), called)


def _check_size(values: NDArray[Any], kind: str, called: str) -> None:
    """Demand readings within what the sensor can give."""
    limit = SENSORS[kind].limit if kind in SENSORS else float("inf")
    largest = float(np.nanmax(np.abs(values)))
    _demand(
        largest <= limit,
        f"{kind} of {called} must stay within ±{limit:g}, its SI range; got "
        f"{largest:.4g}.",
    )


def _check_rest(values: NDArray[Any], called: str) -> None:
    """Demand gravity of an accelerometer at rest."""
    size = float(np.nanmedian(np.linalg.norm(values, axis=1)))
    _demand(
        abs(size / STANDARD_GRAVITY - 1) < GRAVITY_SHARE,
        f"the accelerometer of {called} must read about 9.8 m/s^2 at rest; got a "
        f"median of {size:.3g}.",
    )


def _same_words(got: set[Any], stated: tuple[str, ...], called: str, what: str) -> None:
    missing, more = set(stated) - got, got - set(stated)
    _demand(
        not missing and not more,
        f"{what} of {called} must be those of its card; missing "
        f"{listing(missing) or 'none'}, unknown {listing(more) or 'none'}.",
    )


def _demand(is_met: bool, message: str) -> None:
    if not is_met:
        raise AssertionError(message)
