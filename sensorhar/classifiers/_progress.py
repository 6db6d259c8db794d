"""One progress bar for a training run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["progress_bar"]

#: Numbers of an epoch as Keras calls them, and as people read them.
SHOWN = {
    "loss": "loss",
    "accuracy": "accuracy",
    "val_accuracy": "accuracy of watched subjects",
}


@contextmanager
def progress_bar(name: str, epochs: int, verbose: int) -> Iterator[list[Any]]:
    """Give the Keras callbacks that move a bar, which goes away in the end.

    Parameters
    ----------
    name : str
        What is trained.
    epochs : int
        Length of the bar.
    verbose : int
        0 shows none.
    """
    if not verbose:
        yield []
        return
    import keras
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[numbers]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task(name, total=epochs, numbers="")

        class Bar(keras.callbacks.Callback):
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                known = logs or {}
                numbers = "  ".join(
                    f"{word} {known[key]:.3f}"
                    for key, word in SHOWN.items()
                    if key in known
                )
                progress.update(task, advance=1, numbers=numbers)

        yield [Bar()]
