"""Import optional packages, or say how to install them."""

from importlib import import_module
from types import ModuleType

from sensorhar.errors import MissingPackageError

__all__ = ["require"]


def require(package: str, *, extra: str, purpose: str) -> ModuleType:
    """Return an optional package, or raise with the line that installs it.

    Parameters
    ----------
    package : str
        Name to import, such as ``"av"``.
    extra : str
        The extra of sensorhar that brings the package.
    purpose : str
        What needs it, in the form "decoding video".

    Returns
    -------
    module
        The imported package.

    Raises
    ------
    MissingPackageError
        When the package cannot be imported.
    """
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingPackageError(
            f'{purpose} needs {package}. Install it: pip install "sensorhar[{extra}]".'
        ) from error
