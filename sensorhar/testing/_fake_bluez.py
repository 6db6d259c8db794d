"""A pretended BlueZ: no radio, no root, a bus and an ``org.bluez`` of its own."""

import importlib.util
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sensorhar.testing._fake_sensor import FakeSensor

__all__ = ["FakeBluez"]

#: What no step of the pretended BlueZ takes, however slow the machine.
PATIENCE_S = 20.0

#: Both processes end by themselves after this time, whatever happens to the test.
LIFETIME_S = 600

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration
 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class FakeBluez:
    """A bus of its own and an ``org.bluez`` on it; a context manager.

    Attributes
    ----------
    address : str
        Of the bus; what ``DBUS_SYSTEM_BUS_ADDRESS`` must be for bleak to find it.

    Notes
    -----
    The bus is a socket in a private folder: nothing outside this machine can reach
    it. Both processes are ended by their process ids, and after ten minutes by
    themselves.

    Examples
    --------
    ::

        with FakeBluez() as bluez:
            os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
            bluez.add(FakeSensor(loss=0.01))
            asyncio.run(collect())
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="fake-bluez-"))
        self._socket, self._words = self._folder / "bus", self._folder / "stderr.txt"
        self.address = f"unix:path={self._socket}"
        self._sensors: list[FakeSensor] = []
        self._bus: subprocess.Popen[str] | None = None
        self._daemon: subprocess.Popen[str] | None = None
        self._is_whole = True

    @staticmethod
    def missing() -> str:
        """Return what it cannot run for on this machine; empty where it can."""
        if not sys.platform.startswith("linux"):
            return "the pretended BlueZ needs Linux: bleak speaks D-Bus only there"
        if shutil.which("dbus-daemon") is None:
            return (
                "dbus-daemon is not installed, on which the pretended BlueZ lives: "
                "apt-get install dbus-daemon"
            )
        if importlib.util.find_spec("dbus_fast") is None:
            return "dbus-fast is missing, which bleak brings: pip install bleak"
        return ""

    def __enter__(self) -> Self:
        self.start_bus()
        self.start_daemon()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End both processes and remove the folder; once is enough."""
        self.kill_daemon()
        self.kill_bus()
        shutil.rmtree(self._folder, ignore_errors=True)

    def reset(self) -> bool:
        """Forget all sensors and calls; return whether all is as when started.

        It is not where a process was killed or stopped since: begin with a new one.
        """
        if self._is_whole:
            self._sensors.clear()
            self._ask(do="reset")
        return self._is_whole

    def start_bus(self) -> None:
        """Start the message bus."""
        config = self._folder / "bus.conf"
        config.write_text(BUS_CONFIG.format(socket=self._socket))
        command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
        if shutil.which("timeout"):
            command = ["timeout", str(LIFETIME_S), *command]
        if shutil.which("setpriv"):  # ended by the kernel when the tests are killed
            command = ["setpriv", "--pdeathsig", "TERM", *command]
        self._bus = self._spawn([*command, "--print-address=1"])
        self._line(self._bus)

    def kill_bus(self) -> None:
        """End the message bus, as when the machine's own dies."""
        self._is_whole = False
        # Not SIGKILL: ``timeout`` hands on only what it can catch.
        _end(self._bus, signal.SIGTERM)
        self._bus = None
        self._socket.unlink(missing_ok=True)

    def start_daemon(self) -> None:
        """Start the pretended BlueZ, or start it again; it knows all sensors."""
        command = [sys.executable, "-m", "sensorhar.testing._bluez_service"]
        self._daemon = self._spawn([*command, self.address, str(LIFETIME_S)])
        self._line(self._daemon)
        for sensor in self._sensors:
            self._add(sensor)

    def kill_daemon(self) -> None:
        """End it at once, as by ``kill -9``."""
        self._is_whole = False
        _end(self._daemon, signal.SIGKILL)
        self._daemon = None

    def stop_daemon(self) -> None:
        """Let it hang: calls are neither answered nor refused."""
        self._is_whole = False
        os.kill(self._running().pid, signal.SIGSTOP)

    def continue_daemon(self) -> None:
        """Let it go on after :meth:`stop_daemon`."""
        os.kill(self._running().pid, signal.SIGCONT)

    def add(self, sensor: FakeSensor) -> FakeSensor:
        """Put a sensor into reach.

        Parameters
        ----------
        sensor : FakeSensor
            What it is and does. Its address must be its own.

        Returns
        -------
        FakeSensor
            The same.

        Raises
        ------
        ValueError
            When another sensor has this address.
        """
        if sensor.address in {other.address for other in self._sensors}:
            raise ValueError(
                f"each sensor needs its own address; got {sensor.address!r} again."
            )
        self._sensors.append(sensor)
        self._add(sensor)
        return sensor

    def drop(self, sensor: FakeSensor) -> None:
        """Lose the link to a sensor."""
        self._ask(do="drop", address=sensor.address)

    def change(self, sensor: FakeSensor, **plan: Any) -> None:
        """Change fields of a sensor, such as ``is_silent=True``, from now on."""
        self._ask(do="set", address=sensor.address, plan=plan)

    def counts(self, sensor: FakeSensor) -> dict[str, int]:
        """Return what happened to the packets of a sensor so far.

        Parameters
        ----------
        sensor : FakeSensor
            One that was added.

        Returns
        -------
        dict
            ``n_sent`` packets that went out, each counted once; ``n_lost``,
            ``n_duplicates``, ``n_reordered``, ``n_bad``. A loss is counted when a
            later packet has gone out.
        """
        answer: dict[str, int] = self._ask(do="counts", address=sensor.address)
        return answer

    def written(self, sensor: FakeSensor) -> list[tuple[str, bytes]]:
        """Return what was written to a sensor: (characteristic, bytes)."""
        answer = self._ask(do="written", address=sensor.address)
        return [(uuid, bytes.fromhex(value)) for uuid, value in answer]

    def calls(self) -> list[tuple[str, str]]:
        """Return the calls that came, in order: (method, path of the object)."""
        return [(method, path) for method, path in self._ask(do="calls")]

    def _add(self, sensor: FakeSensor) -> None:
        plan = asdict(sensor) | {"packets": [p.hex() for p in sensor.packets]}
        self._ask(do="add", sensor=plan)

    def _ask(self, **command: Any) -> Any:
        daemon = self._running()
        assert daemon.stdin is not None
        daemon.stdin.write(json.dumps(command) + "\n")
        daemon.stdin.flush()
        return json.loads(self._line(daemon))

    def _spawn(self, command: list[str]) -> subprocess.Popen[str]:
        with self._words.open("a") as words:
            pipe = subprocess.PIPE
            return subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=words, text=True
            )

    def _line(self, process: subprocess.Popen[str]) -> str:
        """Return the next line that a process says, within the time allowed."""
        assert process.stdout is not None
        is_ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
        line = process.stdout.readline() if is_ready else ""
        if not line:
            raise RuntimeError(
                f"{process.args!r} must answer within {PATIENCE_S:g} s; it said "
                f"nothing, exit status {process.poll()!r}; on standard error: "
                f"{self._words.read_text()[-2000:]!r}."
            )
        return line

    def _running(self) -> subprocess.Popen[str]:
        if self._daemon is None:
            raise RuntimeError(
                "the pretended BlueZ must run; it was killed. Call start_daemon()."
            )
        return self._daemon


def _end(process: subprocess.Popen[str] | None, how: signal.Signals) -> None:
    """End a process by its id, and close its pipes."""
    if process is None:
        return
    process.send_signal(how)
    process.wait(PATIENCE_S)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
