"""Load a part of a data set, and tell when something of it is missing."""

from collections.abc import Sequence

from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.datasets._card import Card
from sensorhar.errors import DataError

__all__ = ["check_whole", "choose_subjects"]


def choose_subjects(card: Card, subjects: Sequence[str] | None) -> tuple[str, ...]:
    """Return the subjects asked for, in the order of the card.

    Parameters
    ----------
    card : Card
        The data set.
    subjects : sequence of str or None
        Names as on the card; None means all.

    Returns
    -------
    tuple of str
        At least one.

    Raises
    ------
    ValueError
        When a name is unknown or there is none.
    """
    if subjects is None:
        return card.subjects
    wanted = {subjects} if isinstance(subjects, str) else {str(s) for s in subjects}
    unknown = wanted - set(card.subjects)
    if unknown or not wanted:
        raise ValueError(
            f"subjects of {card.name!r} must be some of {', '.join(card.subjects)}; "
            f"got {listing(unknown) or 'none'}."
        )
    return tuple(subject for subject in card.subjects if subject in wanted)


def check_whole(
    card: Card, recordings: Sequence[Recording], subjects: Sequence[str] | None
) -> None:
    """Raise unless all is there that was published, or was asked for.

    Parameters
    ----------
    card : Card
        The data set.
    recordings : sequence of Recording
        What was read.
    subjects : sequence of str or None
        What was asked for, as given by the user.

    Raises
    ------
    DataError
        When subjects are missing, or the whole set has another number of recordings
        than its card states.
    """
    missing = set(choose_subjects(card, subjects)) - {r.subject for r in recordings}
    if missing:
        raise DataError(
            f"{card.name} must have recordings of {len(card.subjects)} subjects; those "
            f"of {listing(missing)} are missing. Fetch the data set again."
        )
    if subjects is None and card.n_recordings not in (None, len(recordings)):
        raise DataError(
            f"{card.name} must have {card.n_recordings} recordings; got "
            f"{len(recordings)}. These are not all the published files: fetch the data "
            "set again."
        )
