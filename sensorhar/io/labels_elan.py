"""Labels made with ELAN: tiers of an ``.eaf`` file as events."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import numpy as np

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io._xml import LINE, local_name, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_elan", "read_elan"]

_ROOT = re.compile(rb"<(?:\w+:)?ANNOTATION_DOCUMENT[\s>]")

#: An annotation, in s, its label and its line.
_Span = tuple[float, float]


def is_elan(source: Source) -> bool:
    """Return whether a file is an ELAN file, by its root element.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether an element ``ANNOTATION_DOCUMENT`` opens in it.
    """
    return _ROOT.search(source.head[:4096]) is not None


def read_elan(path: str | Path, *, track: str | None = None) -> Events:
    """Read one tier of an ELAN file.

    Times count from the start of the annotated media; move them onto a recording with
    ``events.shift``. Slots without a time lie evenly between those that have one, as
    ELAN draws them. Annotations that refer to others take their times.

    Parameters
    ----------
    path : str or Path
        The ``.eaf`` file.
    track : str or None, default=None
        Name of the tier (TIER_ID). None takes the only one that holds annotations.

    Returns
    -------
    Events
        One for each annotation that is not empty.

    Raises
    ------
    DataError
        When the file is broken; it names the line. When several tiers hold annotations
        and none is chosen, or there is none of that name.

    Warns
    -----
    SensorharWarning
        When annotations without a label or a duration were left out.

    References
    ----------
    Max Planck Institute for Psycholinguistics, EAF annotation format 3.0.
    """
    source = Source(Path(path))
    named = source.name
    root = parse_xml(source.read(), named)
    if local_name(root) != "ANNOTATION_DOCUMENT":
        raise DataError(
            f"{named} must have the root element 'ANNOTATION_DOCUMENT'; got "
            f"{local_name(root)!r}. Save it again with ELAN."
        )
    tiers = {
        tier.get("TIER_ID", ""): tier
        for tier in _all(root, "TIER")
        if next(_all(tier, "ANNOTATION_VALUE"), None) is not None
    }
    if not tiers:
        return Events.empty()
    if track is None and len(tiers) == 1:
        track = next(iter(tiers))
    if track not in tiers:
        raise DataError(
            f"track must be a tier of {named} with annotations, which are "
            f"{listing(tiers)}; got {track!r}."
        )
    spans = _spans(root, _slots(root, named), named)
    found = [
        (*_span_of(annotation, spans, root, named), _label(annotation))
        for annotation in _annotations(tiers[track])
    ]
    kept = [row for row in found if row[2] and row[1] > row[0]]
    if len(kept) < len(found):
        warnings.warn(
            f"annotations of tier {track!r} in {named} must have a label and a "
            f"duration; {len(found) - len(kept)} of {len(found)} have not and were "
            "left out.",
            SensorharWarning,
            stacklevel=2,
        )
    start, stop, labels = zip(*kept, strict=True) if kept else ((), (), ())
    return Events(start, stop, list(labels))


def _all(element: Element, name: str) -> Iterator[Element]:
    return (part for part in element.iter() if local_name(part) == name)


def _annotations(element: Element) -> list[Element]:
    names = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")
    return [part for part in element.iter() if local_name(part) in names]


def _label(annotation: Element) -> str:
    value = next(_all(annotation, "ANNOTATION_VALUE"), None)
    return (value.text or "").strip() if value is not None else ""


def _slots(root: Element, named: str) -> dict[str, float]:
    """Return the time of each slot in s."""
    names: list[str] = []
    times: list[float] = []
    for slot in _all(root, "TIME_SLOT"):
        text = slot.get("TIME_VALUE")
        if text is not None and not re.fullmatch(r"\d{1,15}", text.strip()):
            raise DataError(
                f"TIME_VALUE in line {slot.get(LINE)} of {named} must be whole "
                f"milliseconds; got {text[:40]!r}. Save it again with ELAN."
            )
        names.append(slot.get("TIME_SLOT_ID", ""))
        times.append(np.nan if text is None else int(text) / 1000)
    known = ~np.isnan(times)
    if names and not known.all():
        if not known.any():
            return {}
        index = np.arange(len(times))
        times = np.interp(index, index[known], np.array(times)[known]).tolist()
    return dict(zip(names, times, strict=True))


def _spans(root: Element, slots: dict[str, float], named: str) -> dict[str, _Span]:
    """Return start and stop of the annotations that have slots, by their id."""
    spans = {}
    for annotation in _all(root, "ALIGNABLE_ANNOTATION"):
        refs = [annotation.get(f"TIME_SLOT_REF{i}", "") for i in (1, 2)]
        missing = [ref for ref in refs if ref not in slots]
        if missing:
            raise DataError(
                f"the annotation in line {annotation.get(LINE)} of {named} must refer "
                f"to time slots of the file; got {missing[0]!r}. Save it again with "
                "ELAN."
            )
        spans[annotation.get("ANNOTATION_ID", "")] = (slots[refs[0]], slots[refs[1]])
    return spans


def _span_of(
    annotation: Element, spans: dict[str, _Span], root: Element, named: str
) -> _Span:
    """Return the times of an annotation, if need be of the one it refers to."""
    key = annotation.get("ANNOTATION_ID", "")
    if key not in spans:
        parents = {
            part.get("ANNOTATION_ID", ""): part.get("ANNOTATION_REF", "")
            for part in _all(root, "REF_ANNOTATION")
        }
        seen: list[str] = []
        while key not in spans and key in parents and key not in seen:
            seen.append(key)
            key = parents[key]
        if key not in spans:
            raise DataError(
                f"the annotation in line {annotation.get(LINE)} of {named} must refer "
                f"to one with times; got {key!r}. Save it again with ELAN."
            )
        spans.update(dict.fromkeys(seen, spans[key]))
    return spans[key]
