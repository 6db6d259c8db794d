"""``sensorhar video read``: what is in videos, skeleton files and lists."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sensorhar._words import listing, say_duration
from sensorhar.cli._options import AsJson, Force
from sensorhar.cli._say import check_free, print_json, print_table, say
from sensorhar.cli._video_data import kind_of
from sensorhar.cli._video_options import PictureRate
from sensorhar.cli.video_predict import check_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["EXAMPLES", "read"]

EXAMPLES = """\
Examples:
sensorhar video read sunday.mp4 --png sunday.png
sensorhar video read videos/ --json
sensorhar video read ucfTrainTestlist/trainlist01.txt
sensorhar video read skeletons/
"""

N_PICTURES = 24  # of a sheet of many files


def read(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Videos, skeleton files, annotation lists, or folders of them.",
        ),
    ],
    png: Annotated[
        Path | None,
        typer.Option(
            "--png", metavar="FILE", help="Draw frames of the videos on one sheet."
        ),
    ] = None,
    source_rate: PictureRate = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Tell what is in videos, skeleton files and annotation lists.

    Of videos: frames, size, rate and whether it varies, duration, sound; of skeletons:
    frames, joints, unit, and how many joints were not seen; of lists: clips, labels and
    parts. Broken files are listed with what is wrong.
    """
    check_free(png, force=force)
    check_files(*paths)
    facts = [fact for path in paths for fact in _facts_of(path, source_rate)]
    good = [fact for fact in facts if "problem" not in fact]
    if not good:
        raise ValueError(facts[0]["problem"])
    if png is not None:
        _draw(good, png, source_rate)
    if as_json:
        print_json([_plain(fact) for fact in facts])
        return
    _print(facts)
    if png is not None:
        say(f"Written: {png}")


def _facts_of(path: Path, rate_hz: float | None) -> Iterator[dict[str, Any]]:
    """Yield what is known of each file of a path, or what is wrong with it."""
    from sensorhar.errors import DataError
    from sensorhar.video._inputs import find_inputs
    from sensorhar.video.read_poses import find_skeletons

    kind = kind_of(path)
    try:
        if kind == "list":
            yield _list_facts(path)
            return
        found = find_inputs(path, None) if kind == "video" else find_skeletons(path)
    except DataError as error:
        yield {"file": str(path), "kind": kind, "problem": str(error)}
        return
    for one in found:
        file = str(one.where)
        try:
            if kind == "video":
                yield {**_video_facts(one.where, rate_hz), "file": file}
            else:
                yield from _pose_facts(one.where, rate_hz)
        except DataError as error:
            yield {"file": file, "kind": kind, "problem": str(error)}


def _video_facts(path: Path, rate_hz: float | None) -> dict[str, Any]:
    from sensorhar.video import scan_video

    facts = scan_video(path, source_rate_hz=rate_hz)
    rest = {name: value for name, value in asdict(facts).items() if name != "name"}
    return {"file": str(path), "kind": "video", **rest, "is_even": facts.is_even}


def _pose_facts(path: Path, rate_hz: float | None) -> Iterator[dict[str, Any]]:
    import numpy as np

    from sensorhar.video import read_pose_file

    is_silent = path.suffix.lower() == ".json" and rate_hz is None
    for one in read_pose_file(path, source_rate_hz=1.0 if is_silent else rate_hz):
        interval = np.diff(one.time_s)
        known = bool(len(interval)) and not is_silent
        yield {
            "file": str(path),
            "kind": "poses",
            "name": one.name,
            "n_frames": len(one.time_s),
            "n_joints": one.skeleton.n_joints,
            "n_dims": one.positions.shape[2],
            "unit": one.unit,
            "rate_hz": 1 / float(np.median(interval)) if known else None,
            "duration_s": float(interval.sum() + np.median(interval))
            if known
            else None,
            "unseen_share": float(np.isnan(one.positions[..., 0]).mean()),
            "label": one.label,
            "group": one.group,
        }


def _list_facts(path: Path) -> dict[str, Any]:
    from sensorhar.video import ListedClip, ListedVideo, read_list

    found = read_list(path)
    clips = [one for one in found if isinstance(one, ListedClip)]
    videos = [one for one in found if isinstance(one, ListedVideo)]
    parts: dict[str, int] = {}
    for one in found:
        parts[one.split] = parts.get(one.split, 0) + 1
    labels = {label for clip in clips for label in clip.labels}
    labels |= {label for video in videos for label in video.events.classes}
    return {
        "file": str(path),
        "kind": "list",
        "n_clips": len(clips) or None,
        "n_videos": len(videos) or None,
        "n_events": sum(len(video.events) for video in videos) if videos else None,
        "n_groups": len({clip.group for clip in clips if clip.group}),
        "parts": parts,
        "labels": sorted(labels),
    }


def _print(facts: list[dict[str, Any]]) -> None:
    """Print a table of videos, one of skeletons, a line a list, and the problems."""
    videos = [f for f in facts if f["kind"] == "video" and "problem" not in f]
    poses = [f for f in facts if f["kind"] == "poses" and "problem" not in f]
    if videos:
        header = ("file", "frames", "size", "Hz", "duration", "rate", "sound", "codec")
        print_table(header, [_video_row(fact) for fact in videos])
    if poses:
        header = ("file", "frames", "joints", "Hz", "duration", "unseen", "label", "by")
        print_table(header, [_pose_row(fact) for fact in poses])
    for fact in facts:
        if fact["kind"] == "list" and "problem" not in fact:
            print(_list_line(fact))
    for fact in facts:
        if "problem" in fact:
            print(f"problem in {fact['file']}: {fact['problem']}")


def _video_row(fact: dict[str, Any]) -> tuple[str, ...]:
    n_uneven = fact["n_uneven"]
    return (
        fact["file"],
        str(fact["n_frames"]),
        f"{fact['height']} x {fact['width']}",
        _number(fact["rate_hz"]),
        "-" if fact["duration_s"] is None else say_duration(fact["duration_s"]),
        f"varies ({n_uneven})" if n_uneven else "even",
        {None: "-", True: "yes", False: "no"}[fact["has_sound"]],
        fact["codec"] or "-",
    )


def _pose_row(fact: dict[str, Any]) -> tuple[str, ...]:
    return (
        fact["file"] if fact["name"] in fact["file"] else fact["name"],
        str(fact["n_frames"]),
        f"{fact['n_joints']} x {fact['n_dims']} {fact['unit']}",
        _number(fact["rate_hz"]),
        "-" if fact["duration_s"] is None else say_duration(fact["duration_s"]),
        f"{fact['unseen_share']:.0%}",
        fact["label"] or "-",
        fact["group"] or "-",
    )


def _list_line(fact: dict[str, Any]) -> str:
    words = [f"{len(fact['labels'])} labels"]
    if fact["n_clips"] is None:
        words.insert(0, f"{fact['n_videos']} untrimmed videos")
        words.append(f"{fact['n_events']} events")
    else:
        words.insert(0, f"{fact['n_clips']} clips")
    if fact["n_groups"]:
        words.append(f"{fact['n_groups']} groups")
    words += [f"{n} {part}" for part, n in sorted(fact["parts"].items()) if part]
    return f"{fact['file']}: {', '.join(words)}\n  labels: {listing(fact['labels'])}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _plain(fact: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fact.items() if value is not None}


def _draw(facts: list[dict[str, Any]], png: Path, rate_hz: float | None) -> None:
    """Draw one video over time, or a frame of each of many."""
    from sensorhar.plot import plot_frames, plot_video

    files = [Path(fact["file"]) for fact in facts if fact["kind"] == "video"]
    if not files:
        raise ValueError("--png draws videos; got none among what can be read.")
    if len(files) == 1:
        plot_video(files[0], source_rate_hz=rate_hz).savefig(png, dpi=150)
        return
    shown = files[:N_PICTURES]
    titles = [file.name for file in shown]
    plot_frames([_middle(file) for file in shown], titles).savefig(png, dpi=150)


def _middle(path: Path) -> "NDArray[np.uint8]":
    """Return the frame in the middle of a video."""
    from sensorhar.video import read_frames, scan_video

    # Pictures have no times; any rate finds the one in the middle.
    middle_s = (scan_video(path, source_rate_hz=25).duration_s or 0.0) / 2
    return next(read_frames(path, times_s=[middle_s], source_rate_hz=25))[1]
