"""Parse the words, run the command, and turn user errors into one line."""

import logging
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any, TextIO

import typer

from sensorhar.cli.app import app
from sensorhar.errors import SensorharError

__all__ = ["main"]

USER_ERROR = 2
INTERRUPTED = 130  # what shells expect of a program ended by Ctrl-C

#: What typer raises for an unknown option or a missing argument. Some versions take
#: it from click, others bring their own; it is the base of BadParameter in all.
UsageError: Any = typer.BadParameter.__base__

#: A wrong file, name or number. Anything else is a bug and keeps its traceback.
UserError = (SensorharError, ValueError, OSError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str or None, default=None
        Words after ``sensorhar``; None takes those of this process.

    Returns
    -------
    int
        Exit code: 0 when all went well, 2 for user errors, 130 after Ctrl-C.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    is_debugging = "--debug" in words  # wherever it stands: one adds it at the end
    words = [word for word in words if word != "--debug"] or ["--help"]
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # It warns of traced functions when several networks follow each other, as they
    # must where each split gets its own.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        _show_warnings_as_lines()
        try:
            code = app(words, prog_name="sensorhar", standalone_mode=False)
        except (KeyboardInterrupt, typer.Abort):
            code = INTERRUPTED
        except UsageError as error:
            where = error.ctx.command_path if error.ctx else "sensorhar"
            return _fail(f"{error.format_message()} See {where} --help.")
        except UserError as error:
            if is_debugging:
                raise
            return _fail(_words_of(error))
    if code == INTERRUPTED:
        print("sensorhar: interrupted", file=sys.stderr)
    return code if isinstance(code, int) else 0


def _fail(message: str) -> int:
    """Print one line on the error stream."""
    print(f"sensorhar: {' '.join(message.split())}", file=sys.stderr)
    return USER_ERROR


def _words_of(error: Exception) -> str:
    """Return the message, without errno where the system raised it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the system'}: {error.strerror}."
    return str(error) or type(error).__name__


def _show_warnings_as_lines() -> None:
    """Print each warning once, without the source line that raised it."""
    seen: set[str] = set()

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        text = " ".join(str(message).split())
        if text not in seen:
            seen.add(text)
            print(f"sensorhar: warning: {text}", file=sys.stderr)

    warnings.showwarning = show
    # Packages tell their own developers of changes to come; a user can do nothing.
    warnings.filterwarnings("ignore", category=FutureWarning)
