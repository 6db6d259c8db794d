"""The ``sensorhar`` command, also as ``python -m sensorhar``."""

import sys

from sensorhar.cli.run import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
