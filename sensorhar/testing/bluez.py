"""A pretended BlueZ for tests of Bluetooth collectors: no radio, no root.

::

    test ── bleak ── private dbus-daemon ── org.bluez, pretended by another process

Put ``from sensorhar.testing import fake_bluez`` into ``conftest.py`` and let a
test ask for ``fake_bluez``.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from sensorhar.testing._fake_bluez import FakeBluez
from sensorhar.testing._fake_sensor import (
    CHARACTERISTIC,
    COMMAND,
    SERVICE,
    FakeSensor,
)

__all__ = [
    "CHARACTERISTIC",
    "COMMAND",
    "SERVICE",
    "FakeBluez",
    "FakeSensor",
    "fake_bluez",
]

#: Kept for the tests to come, as starting it takes longer than most of them.
RUNNING = pytest.StashKey[FakeBluez]()


@pytest.fixture
def fake_bluez(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeBluez]:
    """Run a :class:`FakeBluez` that bleak finds; skip where there can be none.

    Put ``from sensorhar.testing import fake_bluez`` into ``conftest.py``, and let a
    test take ``fake_bluez`` as an argument.
    """
    if reason := FakeBluez.missing():
        pytest.skip(reason)
    bluez = request.config.stash.get(RUNNING, None)
    if bluez is None or not bluez.reset():
        bluez = FakeBluez().__enter__()
        request.config.stash[RUNNING] = bluez
        request.config.add_cleanup(bluez.close)
    with monkeypatch.context() as patch:
        patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bluez.address)
        yield bluez
        patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"{bluez.address}-of-nobody")
        _let_bleak_forget()
    if not bluez._is_whole:
        bluez.close()


def _let_bleak_forget() -> None:
    """Have bleak close the connections of event loops that have ended.

    It does so when it is first asked in another loop; until then they stay open, and
    Python warns of a socket that nobody closed.
    """
    if "bleak.backends.bluezdbus.manager" not in sys.modules:
        return
    from bleak.backends.bluezdbus.manager import get_global_bluez_manager

    with suppress(OSError):  # there is no such bus
        asyncio.run(get_global_bluez_manager())
