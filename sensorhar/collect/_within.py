"""Ask Bluetooth for something, and not wait for ever."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["RadioError", "see_through", "within"]

Answer = TypeVar("Answer")

#: bleak tidies up in awaits of its own when it is cancelled, and those hang as well
#: when BlueZ does; each further cancel ends one of them.
N_CANCELS = 5
CANCEL_S = 0.3

#: Work is let go on for a moment before: bleak cancelled in the first steps of
#: connecting leaves a socket open.
GRACE_S = 0.1

_LOG = logging.getLogger(__name__)


class RadioError(Exception):
    """Bluetooth did not do what it was asked for; to be tried again.

    Whatever bleak and D-Bus raise is its cause: they raise many kinds of errors, and
    none of them may end a recording.
    """


async def within(
    limit_s: float, what: str, work: Coroutine[Any, Any, Answer]
) -> Answer:
    """Return what the work returns, or raise RadioError when the time is over.

    ``asyncio.timeout`` cancels once and then waits for the work to tidy up, which it
    never does where BlueZ hangs. Here the work is left behind after some cancels.
    """
    task = asyncio.create_task(work, name=what)
    try:
        await asyncio.wait({task}, timeout=limit_s)
    finally:
        if not task.done():
            await _cancel(task, what)
    if not task.done() or task.cancelled():
        raise RadioError(f"{what} took longer than {limit_s:g} s")
    if (error := task.exception()) is not None:
        words = str(error) or type(error).__name__
        raise RadioError(f"{what} failed: {words}") from error
    return task.result()


async def see_through(work: Coroutine[Any, Any, None]) -> None:
    """Wait for the end of work that must not stop half way, even when cancelled."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def _cancel(task: asyncio.Task[Any], what: str) -> None:
    for limit_s in (GRACE_S, *[CANCEL_S] * N_CANCELS):
        await asyncio.wait({task}, timeout=limit_s)
        if task.done():
            if not task.cancelled():
                task.exception()  # else asyncio says that nobody asked
            return
        task.cancel()
    _LOG.warning("%s hangs; it was left behind.", what)
