"""One clip of a published list, whatever the list."""

from dataclasses import dataclass

from sensorhar.data.events import Events

__all__ = ["ListedClip", "ListedVideo"]


@dataclass(frozen=True)
class ListedClip:
    """A clip that a list names; :func:`sensorhar.video.read_clips` takes them.

    Parameters
    ----------
    path : str
        File or folder of frames, as the list names it, mostly below some root.
    labels : tuple of str, default=()
        Its labels in the words of the data set; empty when the list gives none.
    split : str, default=""
        Such as train, validation or test; empty when the list does not say.
    group : str, default=""
        What must stay on one side of a split: person or source video; empty when
        unknown.
    first_frame : int, default=0
        Frame that the clip starts with, counted from 0.
    n_frames : int or None, default=None
        How many frames it has; None means to the end of the file.

    Attributes
    ----------
    label : str or None
        The label, if there is exactly one.

    Examples
    --------
    >>> ListedClip("run/anna_1.avi", ("run",), group="anna").label
    'run'
    """

    path: str
    labels: tuple[str, ...] = ()
    split: str = ""
    group: str = ""
    first_frame: int = 0
    n_frames: int | None = None

    @property
    def label(self) -> str | None:
        """The label, if there is exactly one."""
        return self.labels[0] if len(self.labels) == 1 else None


@dataclass(frozen=True)
class ListedVideo:
    """An untrimmed video that a list names, and what happens in it when.

    Parameters
    ----------
    name : str
        As the list names it.
    events : Events
        What happens in it, in s from its start.
    duration_s : float or None, default=None
        Its length, where known.
    split : str, default=""
        Such as training, validation or testing; empty when the list does not say.

    Examples
    --------
    >>> ListedVideo("video_test_0000004", Events([1.2], [3.6], ["CricketBowling"]))
    ListedVideo(name='video_test_0000004', events=<Events 1 in 2.4 s | CricketBowling \
1>, duration_s=None, split='')
    """

    name: str
    events: Events
    duration_s: float | None = None
    split: str = ""
