"""What DATA of the video commands names: clips or poses with labels and groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sensorhar.cli._folder import subject_of
from sensorhar.cli._video_options import (
    GroupChoice,
    MissingChoice,
    OnErrorChoice,
    SamplingChoice,
)

if TYPE_CHECKING:
    from sensorhar.video import Clips, ListedClip, Poses

__all__ = ["ClipPlan", "check_network", "kind_of", "load_examples", "set_network"]

SIZE = 112


@dataclass(frozen=True)
class ClipPlan:
    """How clips or poses shall be made; None where nothing was said."""

    n_frames: int = 16
    size: int | None = None
    rate_hz: float | None = None
    sampling: SamplingChoice | None = None
    labels: Path | None = None
    classes: Path | None = None
    group: GroupChoice | None = None
    source_rate_hz: float | None = None
    centre: str | None = None
    missing: MissingChoice = MissingChoice.RAISE
    on_error: OnErrorChoice = OnErrorChoice.RAISE
    n_workers: int = 1

    def check(self, data: Path) -> None:
        """Raise a ValueError or FileNotFoundError for what cannot work."""
        for option, whole in (
            ("--frames", self.n_frames),
            ("--size", self.size),
            ("--workers", self.n_workers),
        ):
            if whole is not None and whole < 1:
                raise ValueError(
                    f"{option} must be a whole number from 1; got {whole}."
                )
        for option, rate in (
            ("--rate", self.rate_hz),
            ("--source-rate", self.source_rate_hz),
        ):
            if rate is not None and not rate > 0:
                raise ValueError(f"{option} must be above 0 Hz; got {rate:g}.")
        if data.is_file():
            raise NotADirectoryError(f"{data} is a file; DATA must be a folder.")
        for path in (data, self.labels, self.classes):
            if path is not None and not path.exists():
                raise FileNotFoundError(
                    f"{path} must be there; there is none in {str(Path.cwd())!r}. "
                    "Check the spelling."
                )


def kind_of(path: Path) -> str:
    """Return whether a path holds "video", "poses" or a "list" of videos."""
    from sensorhar.video._inputs import VIDEOS
    from sensorhar.video._pictures import is_picture
    from sensorhar.video.read_pose_file import POSE_FILES

    if path.is_file():
        name = path.name.lower()
        if name.endswith(".json"):
            return "poses" if _has_keypoints(path) else "list"
        if name.endswith(POSE_FILES):
            return "poses"
        return "list" if name.endswith((".csv", ".txt")) else "video"
    files = [p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")]
    if any(p.suffix.lower() in VIDEOS or is_picture(p) for p in files):
        return "video"
    strong = [ending for ending in POSE_FILES if ending != ".json"]
    if any(p.name.lower().endswith(tuple(strong)) for p in files):
        return "poses"
    if any(p.suffix.lower() == ".json" and _has_keypoints(p) for p in files):
        return "poses"
    return "list" if any(p.suffix.lower() == ".txt" for p in files) else "video"


def load_examples(
    data: Path, plan: ClipPlan, *, say: Callable[[str], None], quiet: bool
) -> "Clips | Poses | tuple[Clips, Clips]":
    """Return labelled clips or poses, or a pair (train, test) of a list with both."""
    if kind_of(data) == "poses":
        return _load_poses(data, plan, say=say, quiet=quiet)
    if plan.centre is not None:
        raise ValueError(f"--centre is for skeletons; {data} holds videos.")
    if plan.labels is None or _is_table(plan.labels):
        labels = "folder" if plan.labels is None else plan.labels
        if plan.labels is None and not any(p.is_dir() for p in data.iterdir()):
            raise ValueError(
                f"the videos of {data} lie in no folders that could be their labels. "
                "Pass --labels labels.csv with a header file,label."
            )
        say(f"Read the videos of {data}.")
        clips = _read(data, plan, quiet=quiet, labels=labels)
        return _grouped(clips, plan.group)
    return _load_listed(data, plan, say=say, quiet=quiet)


def check_network(*, width: float | None, batch: int | None) -> None:
    """Raise a ValueError for a width or a batch that cannot be."""
    for option, value in (("--width", width), ("--batch", batch)):
        if value is not None and not value > 0:
            raise ValueError(f"{option} must be above 0; got {value:g}.")


def set_network(clf: Any, *, width: float | None, batch: int | None) -> Any:
    """Give a classifier width and batch size, or raise where it has none."""
    known = clf.get_params(deep=False)
    for option, name, value in (
        ("--width", "width", width),
        ("--batch", "batch_size", batch),
    ):
        if value is None:
            continue
        if name not in known:
            raise ValueError(
                f"{option} means nothing to {type(clf).__name__}; got {value:g}. Leave "
                "it out."
            )
        clf.set_params(**{name: value})
    return clf


def _load_listed(
    data: Path, plan: ClipPlan, *, say: Callable[[str], None], quiet: bool
) -> "Clips | tuple[Clips, Clips]":
    from sensorhar.video import ListedClip, read_list

    assert plan.labels is not None
    listed = read_list(plan.labels, classes=plan.classes)
    clips = [one for one in listed if isinstance(one, ListedClip)]
    if len(clips) < len(listed):
        raise ValueError(
            f"--labels must list clips with one label each; {plan.labels.name} lists "
            "untrimmed videos. Cut them at their events first."
        )
    parts = {
        split: [c for c in clips if c.split == split] for split in ("train", "test")
    }
    if not all(parts.values()):
        say(f"Read {len(clips)} clips of {plan.labels.name} in {data}.")
        return _grouped(_read(data, plan, quiet=quiet, listed=clips), plan.group)
    n_train, n_test = (len(part) for part in parts.values())
    say(f"Read {n_train} clips to train and {n_test} to test of {plan.labels.name}.")
    train, test = (
        _grouped(_read(data, plan, quiet=quiet, listed=part), plan.group)
        for part in parts.values()
    )
    return train, test


def _read(
    data: Path,
    plan: ClipPlan,
    *,
    quiet: bool,
    labels: Any = None,
    listed: "Sequence[ListedClip] | None" = None,
) -> "Clips":
    from sensorhar.video import read_clips

    return read_clips(
        data if listed is None else listed,
        root=None if listed is None else data,
        labels=labels,
        n_frames=plan.n_frames,
        size=SIZE if plan.size is None else plan.size,
        rate_hz=plan.rate_hz,
        sampling=(plan.sampling or SamplingChoice.SEGMENTS).value,
        source_rate_hz=plan.source_rate_hz,
        classes=_classes(plan),
        on_error=plan.on_error.value,
        n_workers=plan.n_workers,
        progress=not quiet,
    )


def _load_poses(
    data: Path, plan: ClipPlan, *, say: Callable[[str], None], quiet: bool
) -> "Poses":
    from sensorhar.video import read_poses

    said = {"--size": plan.size, "--sampling": plan.sampling}
    given = [option for option, value in said.items() if value is not None]
    if given:
        raise ValueError(f"{', '.join(given)} is for videos; {data} holds skeletons.")
    say(f"Read the skeletons of {data}.")

    def read(labels: Any) -> "Poses":
        return read_poses(
            data,
            labels=labels,
            n_frames=plan.n_frames,
            rate_hz=plan.rate_hz,
            centre=plan.centre,
            missing=plan.missing.value,
            source_rate_hz=plan.source_rate_hz,
            classes=_classes(plan),
            on_error=plan.on_error.value,
            progress=not quiet,
        )

    poses = read(plan.labels)
    if poses.y is None:  # no file tells what is done
        poses = read("folder")
    return _grouped(poses, plan.group)


def _classes(plan: ClipPlan) -> list[str] | None:
    from sensorhar.video._lines import read_names

    return None if plan.classes is None else read_names(plan.classes)


def _grouped(examples: Any, choice: GroupChoice | None) -> Any:
    """Give examples the groups asked for; where nobody says any, each file is one."""
    if choice is None and examples.groups is not None:
        return examples
    name_of = {
        GroupChoice.PERSON: lambda name: subject_of(Path(name)),
        GroupChoice.FOLDER: lambda name: Path(name).parent.as_posix(),
    }.get(choice or GroupChoice.FILE, str)
    groups = [name_of(name) for name in examples.names]
    return examples.with_labels(examples.y, groups)


def _is_table(path: Path) -> bool:
    """Return whether a file is a table file,label of the user's own, without parts."""
    if path.suffix.lower() != ".csv":
        return False
    from sensorhar.video._lines import read_lines

    lines = read_lines(path)
    header = [word.strip().lower() for word in lines[0][1].split(",")] if lines else []
    is_published = {"youtube_id", "split"} & set(header) or ";" in "".join(header)
    return not is_published


def _has_keypoints(path: Path) -> bool:
    """Return whether a JSON file is one of key points, from its beginning."""
    with path.open("rb") as file:
        return b'"keypoints"' in file.read(1 << 20)
