"""The exceptions and warnings of the library, as one small tree.

::

    SensorharError
    ├── DataError (ValueError)            a file or data set is broken
    ├── SpecMismatchError (ValueError)    windows do not fit a fitted classifier
    ├── LeakageError (ValueError)         a split lets the test part into training
    ├── DownloadError (OSError)           a data set could not be fetched whole
    └── MissingPackageError (ImportError) an optional package is not installed
    SensorharWarning (UserWarning)
    ├── ClockWarning                      stamps had to be repaired
    └── UnitWarning                       numbers look like another unit
"""

__all__ = [
    "ClockWarning",
    "DataError",
    "DownloadError",
    "LeakageError",
    "MissingPackageError",
    "SensorharError",
    "SensorharWarning",
    "SpecMismatchError",
    "UnitWarning",
]


class SensorharError(Exception):
    """Base of everything the library raises on purpose under its own name."""


class DataError(SensorharError, ValueError):
    """A file or data set does not hold what its format promises."""


class SpecMismatchError(SensorharError, ValueError):
    """Windows differ from those a classifier was fitted on."""


class LeakageError(SensorharError, ValueError):
    """A split puts the same subject or the same samples on both sides."""


class DownloadError(SensorharError, OSError):
    """A data set could not be fetched whole and unchanged."""


class MissingPackageError(SensorharError, ImportError):
    """An optional package is needed and not installed."""


class SensorharWarning(UserWarning):
    """Base of the library's warnings."""


class ClockWarning(SensorharWarning):
    """The stamps of a sensor repeat, go backwards or leave samples out."""


class UnitWarning(SensorharWarning):
    """The size of the numbers suggests another unit than the one stated."""
