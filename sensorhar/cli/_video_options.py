"""Arguments and options that the commands about video share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Batch",
    "Centre",
    "Classes",
    "Frames",
    "GroupBy",
    "GroupChoice",
    "Labels",
    "LengthS",
    "Missing",
    "MissingChoice",
    "OnError",
    "OnErrorChoice",
    "PictureRate",
    "Rate",
    "Sampling",
    "SamplingChoice",
    "Size",
    "StepS",
    "VideoData",
    "Width",
    "Workers",
]

CLIPS = "Clips"  # panels of --help
NETWORK = "Network"


class SamplingChoice(StrEnum):
    """Which frames of a file make clips."""

    SEGMENTS = "segments"
    DENSE = "dense"
    WINDOWS = "windows"


class GroupChoice(StrEnum):
    """What must stay on one side of a split."""

    FILE = "file"
    PERSON = "person"
    FOLDER = "folder"


class MissingChoice(StrEnum):
    """What becomes of joints that are never seen."""

    RAISE = "raise"
    ZERO = "zero"


class OnErrorChoice(StrEnum):
    """What becomes of broken files."""

    RAISE = "raise"
    SKIP = "skip"


VideoData = Annotated[
    Path,
    typer.Argument(
        metavar="DATA",
        help="A folder of videos, GIFs or folders of pictures, or of skeleton files "
        "(.skeleton, .bvh, .mat, .txt, .json, .pkl).",
    ),
]
Labels = Annotated[
    Path | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        help="A table file,label (and group, split if you like), or the annotation "
        "list of a published set or of MMAction2. (default: the folder each file is "
        "in; of skeletons, what their names tell)",
    ),
]
Classes = Annotated[
    Path | None,
    typer.Option(
        "--classes",
        metavar="FILE",
        help="All labels in order, one a line: labels must be among them, and codes "
        "of a list stand for them.",
    ),
]
GroupBy = Annotated[
    GroupChoice | None,
    typer.Option(
        "--group",
        help="What no split may divide: each file, the person whom its name begins "
        "with (up to the first _ or -), or its folder. (default: what the labels say, "
        "else file)",
    ),
]
Frames = Annotated[
    int,
    typer.Option(
        "--frames", metavar="N", help="Frames of a clip.", rich_help_panel=CLIPS
    ),
]
Size = Annotated[
    int | None,
    typer.Option(
        "--size",
        metavar="PX",
        help="Side of a frame. (default: 112)",
        rich_help_panel=CLIPS,
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--rate",
        metavar="HZ",
        help="Frames per second to bring all files to, by their stamps. (default: as "
        "they are)",
        rich_help_panel=CLIPS,
    ),
]
Sampling = Annotated[
    SamplingChoice | None,
    typer.Option(
        "--sampling",
        help="One frame of each part of a file, neighbours from its middle, or all "
        "clips side by side. (default: segments)",
        rich_help_panel=CLIPS,
    ),
]
PictureRate = Annotated[
    float | None,
    typer.Option(
        "--source-rate",
        metavar="HZ",
        help="Frames per second of files that do not say: pictures, key points.",
        rich_help_panel=CLIPS,
    ),
]
Centre = Annotated[
    str | None,
    typer.Option(
        "--centre",
        metavar="JOINT",
        help="Joint to count positions from, such as hip_center.",
        rich_help_panel=CLIPS,
    ),
]
Missing = Annotated[
    MissingChoice,
    typer.Option(
        "--missing",
        help="Joints that are never seen in a file.",
        rich_help_panel=CLIPS,
    ),
]
OnError = Annotated[
    OnErrorChoice,
    typer.Option(
        "--on-error",
        help="Stop at a broken file, or skip it and list it.",
    ),
]
Workers = Annotated[
    int,
    typer.Option("--workers", metavar="N", help="Files decoded at a time."),
]
Width = Annotated[
    float | None,
    typer.Option(
        "--width",
        metavar="SHARE",
        help="Share of the published filters, such as 0.25, for a computer without "
        "accelerator.",
        rich_help_panel=NETWORK,
    ),
]
Batch = Annotated[
    int | None,
    typer.Option(
        "--batch",
        metavar="N",
        help="Clips in one step of training.",
        rich_help_panel=NETWORK,
    ),
]
StepS = Annotated[
    float | None,
    typer.Option(
        "--step-s",
        "--step",
        metavar="S",
        help="Time between clips. (default: side by side)",
    ),
]
LengthS = Annotated[
    float | None,
    typer.Option(
        "--length-s",
        "--length",
        metavar="S",
        help="Duration of a clip, where training spread clips over files of any "
        "length. (default: the whole file is one clip)",
    ),
]
