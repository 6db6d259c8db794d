"""Arguments and options that several commands share."""

from enum import StrEnum
from typing import Annotated

import typer

__all__ = [
    "AsJson",
    "Channels",
    "Data",
    "Epochs",
    "Force",
    "Length",
    "Null",
    "NullChoice",
    "Overlap",
    "Quiet",
    "Rate",
]


class Null(StrEnum):
    """What becomes of windows in which nothing labelled happens."""

    DROP = "drop"
    CLASS = "class"


WINDOWS = "Windows"  # the panel of --help that holds these options

Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="uci-har, hapt or another of sensorhar datasets list; simulated; or a "
        "folder of recordings with their labels "
        "beside them: anna.csv and anna_labels.csv (start_s, stop_s, label).",
    ),
]
Length = Annotated[
    float | None,
    typer.Option(
        "--length",
        metavar="S",
        help="Length of a window in s. (default: 2.56)",
        rich_help_panel=WINDOWS,
    ),
]
Overlap = Annotated[
    float | None,
    typer.Option(
        "--overlap",
        metavar="SHARE",
        help="Share of a window that the next covers again. (default: 0.5)",
        rich_help_panel=WINDOWS,
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--rate",
        metavar="HZ",
        help="Samples per second. (default: that of the recordings)",
        rich_help_panel=WINDOWS,
    ),
]
Channels = Annotated[
    str | None,
    typer.Option(
        "--channels",
        metavar="A,B,...",
        help="Such as acc_x,acc_y,acc_z. (default: accelerometer and gyroscope)",
        rich_help_panel=WINDOWS,
    ),
]
NullChoice = Annotated[
    Null | None,
    typer.Option(
        "--null",
        help="Windows without a label: leave them out, or make them a class. "
        "(default: drop)",
        rich_help_panel=WINDOWS,
    ),
]
Epochs = Annotated[
    int | None,
    typer.Option("--epochs", metavar="N", help="Passes over the data, for networks."),
]
Force = Annotated[
    bool,
    typer.Option("--force", metavar="", help="Replace files that are there already."),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", metavar="", help="Print results only.")
]
AsJson = Annotated[
    bool,
    typer.Option("--json", metavar="", help="Print the result as one JSON document."),
]
