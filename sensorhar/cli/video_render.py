"""``sensorhar video render``: what a classifier says, drawn onto the video."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sensorhar.cli._options import Force, Quiet
from sensorhar.cli._say import check_free, say
from sensorhar.cli._video_options import LengthS, PictureRate, StepS
from sensorhar.cli.predict import load_model
from sensorhar.cli.video_predict import check_files

__all__ = ["EXAMPLES", "render"]

EXAMPLES = """\
Examples:
sensorhar video render swim.sensorhar sunday.mp4 --out labelled.mp4
sensorhar video render swim.sensorhar sunday.mp4 --step-s 0.5 --out labelled.gif
sensorhar video render swim.sensorhar sunday.mp4 --out sheet.png
"""

ENDINGS = (".mp4", ".gif", ".png")


def render(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="A file that sensorhar video train saved."
        ),
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A video or folder of pictures.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help="A name in .mp4, .gif (ten frames a second), or .png for one sheet of "
            "frames.",
        ),
    ],
    step: StepS = None,
    length: LengthS = None,
    source_rate: PictureRate = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Draw label, probability and a bar of what happens when onto a video."""
    check_free(out, force=force)
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"--out must end in {', '.join(ENDINGS)}; got {out.name!r}.")
    check_files(model, file)
    tell = partial(say, quiet=quiet)
    clf = load_model(model)
    from sensorhar.data.clip_spec import ClipSpec
    from sensorhar.video import predict_timeline

    if not isinstance(clf.spec_, ClipSpec):
        raise ValueError(
            f"MODEL must have been trained on videos to be drawn onto one; "
            f"{model.name} was on {clf.spec_!r}. See sensorhar video predict."
        )
    tell(f"Look at {file}.")
    line = predict_timeline(
        clf, file, step_s=step, length_s=length, source_rate_hz=source_rate
    )
    tell(f"Draw {out}.")
    if ending == ".png":
        from sensorhar.plot import plot_video

        plot_video(file, line, source_rate_hz=source_rate).savefig(out, dpi=150)
    else:
        from sensorhar.plot import render_video

        render_video(file, line, out, source_rate_hz=source_rate, overwrite=force)
    print(f"{out}: {len(line.events())} events in {line.duration_s:.4g} s")
