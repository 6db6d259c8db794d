"""One progress bar for a training run."""

from typing import Any

__all__ = ["progress_bar"]


def progress_bar(name: str, epochs: int) -> Any:
    """Return a Keras callback that shows one bar and leaves one line.

    Parameters
    ----------
    name : str
        What is trained.
    epochs : int
        Length of the bar.
    """
    import keras
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    class Bar(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            self.progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[numbers]}"),
                TimeRemainingColumn(compact=True),
                transient=True,
            )
            self.task = self.progress.add_task(name, total=epochs, numbers="")
            self.progress.start()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            shown = {
                "loss": "loss",
                "accuracy": "accuracy",
                "val_accuracy": "accuracy of watched subjects",
            }
            numbers = "  ".join(
                f"{word} {logs[key]:.3f}"
                for key, word in shown.items()
                if logs and key in logs
            )
            self.progress.update(self.task, advance=1, numbers=numbers)

        def on_train_end(self, logs: Any = None) -> None:
            self.progress.stop()

    return Bar()
