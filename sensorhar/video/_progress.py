"""Many files at once, with a bar."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["run_all"]

T = TypeVar("T")


def run_all(
    title: str,
    jobs: Sequence[Callable[[], T]],
    *,
    n_workers: int = 1,
    progress: bool = True,
) -> list[T]:
    """Run jobs in threads and return what they return, in their order.

    Decoders let go of the interpreter, so that threads help and nothing is copied.

    Parameters
    ----------
    title : str
        What is done, for the bar.
    jobs : sequence of callable
        Each is called without arguments.
    n_workers : int, default=1
        How many run at a time.
    progress : bool, default=True
        Whether to show a bar on stderr.

    Returns
    -------
    list
        One result a job. The first job in order that raises ends it all.
    """
    with _bar(title, len(jobs), progress) as advance:
        if n_workers == 1:
            return list(_watched((job() for job in jobs), advance))
        with ThreadPoolExecutor(n_workers) as pool:
            waiting = [pool.submit(job) for job in jobs]
            try:
                return list(_watched((one.result() for one in waiting), advance))
            finally:
                pool.shutdown(cancel_futures=True)


def _watched(results: Iterable[T], advance: Callable[[], None]) -> Iterator[T]:
    for result in results:
        advance()
        yield result


@contextmanager
def _bar(title: str, total: int, progress: bool) -> Iterator[Callable[[], None]]:
    if not progress:
        yield lambda: None
        return
    from rich.console import Console
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
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)
