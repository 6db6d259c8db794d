"""The commands put together."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from sensorhar.cli import (
    collect,
    datasets,
    demo,
    evaluate,
    inspect,
    predict,
    recover,
    train,
    video_evaluate,
    video_predict,
    video_read,
    video_render,
    video_train,
)

__all__ = ["app"]

EXAMPLES = """\
Examples:
sensorhar demo
sensorhar evaluate uci-har --model cnn,features-linear
sensorhar train recordings/ --model cnn --out walker.sensorhar
sensorhar predict walker.sensorhar sunday.csv --out predicted.csv
"""
VIDEO_EXAMPLES = """\
Examples:
sensorhar video read videos/ --png sheet.png
sensorhar video train videos/ --model c3d --width 0.125 --out swim.sensorhar
sensorhar video evaluate videos/ --model c3d --group person --report out --cv loso
sensorhar video predict swim.sensorhar sunday.mp4 --step-s 0.5 --out events.csv
sensorhar video render swim.sensorhar sunday.mp4 --out labelled.mp4
"""


def _add(to: typer.Typer, name: str, command: Callable[..., None], home: Any) -> None:
    """Add a command whose help is its docstring, each paragraph on one line."""
    paragraphs = (command.__doc__ or "").split("\n\n")
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    to.command(name, help=text, epilog=home.EXAMPLES)(command)


app = typer.Typer(
    name="sensorhar",
    help="Recognise human activities with wearable sensors, and score it honestly.",
    epilog=EXAMPLES,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_add(app, "demo", demo.demo, demo)
_add(app, "inspect", inspect.inspect, inspect)
_add(app, "train", train.train, train)
_add(app, "evaluate", evaluate.evaluate, evaluate)
_add(app, "predict", predict.predict, predict)

sets = typer.Typer(
    help="List data sets, show what is known of one, fetch one.",
    epilog=datasets.EXAMPLES,
)
_add(sets, "list", datasets.list_sets, datasets)
_add(sets, "show", datasets.show, datasets)
_add(sets, "fetch", datasets.fetch, datasets)
app.add_typer(sets, name="datasets")

sources = typer.Typer(
    help="Record sensors to disk: Bluetooth, phones, files played again, simulated "
    "people.",
    epilog=collect.EXAMPLES,
)
_add(sources, "ble", collect.ble, collect)
_add(sources, "phone", collect.phone, collect)
_add(sources, "replay", collect.replay, collect)
_add(sources, "simulate", collect.simulate, collect)
app.add_typer(sources, name="collect")
_add(app, "recover", recover.recover, recover)

videos = typer.Typer(
    help="The same for videos and skeletons: look, train, score, predict, draw.",
    epilog=VIDEO_EXAMPLES,
)
_add(videos, "read", video_read.read, video_read)
_add(videos, "train", video_train.train, video_train)
_add(videos, "evaluate", video_evaluate.evaluate, video_evaluate)
_add(videos, "predict", video_predict.predict, video_predict)
_add(videos, "render", video_render.render, video_render)
app.add_typer(videos, name="video")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        from sensorhar import __version__

        print(f"sensorhar {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            metavar="",
            help="Print the version.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", metavar="", help="Say more of what is going on."
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            metavar="",
            help="Show the traceback of an error; may stand anywhere.",
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""
    if verbose:
        import logging

        logging.basicConfig(format="sensorhar: %(message)s")
        logging.getLogger("sensorhar").setLevel(logging.INFO)
