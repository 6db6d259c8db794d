"""Keep an engine's start-up remarks off the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_remarks"]

STDERR = 2  # the descriptor; native code writes there past sys.stderr


@contextmanager
def without_remarks() -> Iterator[None]:
    """Send what native code writes to the error stream nowhere, for a while.

    TensorFlow remarks on missing GPU drivers before its own log level is read. Errors
    are exceptions and come through.
    """
    sys.stderr.flush()
    kept = os.dup(STDERR)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STDERR)
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(nowhere)
