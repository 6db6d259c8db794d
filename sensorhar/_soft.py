"""Import optional packages, or say how to install them; what is loaded."""

import sys
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

from sensorhar.errors import MissingPackageError

__all__ = ["loaded_versions", "require"]

PACKAGES = ("numpy", "scipy", "scikit-learn", "keras", "tensorflow", "torch", "jax")
MODULES = {"scikit-learn": "sklearn"}  # where the module is named otherwise


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


def loaded_versions() -> dict[str, str]:
    """Return the versions of Python, this library, and the packages now loaded.

    Returns
    -------
    dict of str to str
        By name.
    """
    from sensorhar import __version__

    python = ".".join(map(str, sys.version_info[:3]))
    loaded = [name for name in PACKAGES if MODULES.get(name, name) in sys.modules]
    return {
        "sensorhar": __version__,
        "python": python,
        **{name: version(name) for name in loaded},
    }
