"""The process that pretends to be BlueZ: ``org.bluez`` on the bus of its arguments.

It takes one command in JSON a line on standard input and answers each with one line.
It ends when the input or the bus does, and after its maximum lifetime.
"""

import asyncio
import json
import socket
import sys
import time
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface

from sensorhar.testing._bluez_objects import (
    ADAPTER_PATH,
    Adapter,
    Characteristic,
    Device,
    Service,
    refused,
)
from sensorhar.testing._bluez_packets import Faults, PacketMaker

BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"

#: A sensor that nobody is connected to calls so often.
ADVERTISING_S = 0.1

#: A second that goes by in catching up is a machine that stood still: packets that
#: were due in it are not sent in one lump.
MAX_LAG_S = 1.0


class Sensor:
    """One sensor: its link, its characteristics, its packets."""

    def __init__(self, world: "World", plan: dict[str, Any]) -> None:
        self.world, self.plan = world, plan
        self.name: str = plan["name"]
        self.address: str = plan["address"]
        self.service: str = plan["service"]
        self.path = f"{ADAPTER_PATH}/dev_{self.address.replace(':', '_')}"
        self.device = Device(self)
        self.written: list[list[str]] = []
        self.n_refused_connects = plan["n_refused_connects"]
        self.n_refused_notifies = plan["n_refused_notifies"]
        self.n_drops = plan["n_drops"]
        self._shown: list[str] = []
        self._characteristics: list[Characteristic] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._makers = {
            uuid: PacketMaker(
                Faults(*(plan[k] for k in ("loss", "duplicates", "reordered", "bad"))),
                seed=plan["seed"] + i,
                n_packets=plan["n_packets"],
                packets=[bytes.fromhex(packet) for packet in plan["packets"]],
            )
            for i, uuid in enumerate(plan["characteristics"])
        }

    def advertise(self) -> None:
        """Call, as any sensor does that nobody is connected to."""
        if self.device.is_connected or self.plan["is_silent"]:
            return
        self.make_known()
        self.device.rssi_dbm = -51 if self.device.rssi_dbm == -50 else -50
        self.device.show(RSSI=self.device.rssi_dbm)

    def make_known(self) -> None:
        """Put the device on the bus, if it is not there."""
        if not self._shown:
            self._export(self.path, self.device)

    def leave(self) -> None:
        """Take everything off the bus again."""
        if self.device.is_connected:
            self.disconnect()
        for path in reversed(self._shown):
            self.world.bus.unexport(path)

    def connect(self) -> None:
        """Link up, and show what can be read."""
        if self.n_refused_connects:
            self.n_refused_connects -= 1
            raise refused("Failed", "le-connection-abort-by-peer")
        if self.plan["is_silent"]:
            raise refused("Failed", "Page Timeout")
        self.hold()

    def hold(self) -> None:
        """Be connected."""
        self.make_known()
        self.device.is_connected = True
        self.device.show(Connected=True)
        if not self._characteristics:
            self._export_characteristics()
        self.device.is_resolved = True
        self.device.show(UUIDs=self.device.UUIDs, ServicesResolved=True)

    def disconnect(self) -> None:
        """Let the link go, or lose it."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        for characteristic in self._characteristics:
            characteristic.listeners.clear()
        self.device.is_connected = self.device.is_resolved = False
        self.device.show(ServicesResolved=False)
        self.device.show(Connected=False)

    def may_notify(self) -> None:
        """Refuse, if that is planned."""
        if self.n_refused_notifies:
            self.n_refused_notifies -= 1
            raise refused("Failed", "Operation failed with ATT error: 0x0e")

    def start(self, characteristic: Characteristic) -> None:
        """Send packets to whoever listens."""
        uuid = characteristic.uuid
        if uuid in self._makers and uuid not in self._tasks:
            self._tasks[uuid] = asyncio.create_task(self._send(characteristic))

    def forget(self, sender: str) -> None:
        """Stop notifying a client that is gone; the link stays."""
        for characteristic in self._characteristics:
            characteristic.listeners.discard(sender)

    def counts(self) -> dict[str, int]:
        """Return what was sent and spoilt, over all characteristics."""
        makers = list(self._makers.values())
        return {key: sum(m.counts[key] for m in makers) for key in makers[0].counts}

    async def _send(self, characteristic: Characteristic) -> None:
        maker, burst = self._makers[characteristic.uuid], self.plan["burst"]
        step_s = burst / self.plan["rate_hz"]
        due_s, n_sent = time.monotonic(), 0
        while characteristic.listeners and not maker.is_done:
            for _ in range(burst):
                if maker.is_done:
                    break
                for packet in maker.next_packets(time.monotonic_ns() // 1000):
                    characteristic.notify(packet)
                n_sent += 1
            if self.n_drops and n_sent >= self.plan["drop_after"]:
                self.n_drops -= 1
                self._tasks.pop(characteristic.uuid)
                self.disconnect()
                return
            due_s = max(due_s + step_s, time.monotonic() - MAX_LAG_S)
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        self._tasks.pop(characteristic.uuid, None)

    def _export_characteristics(self) -> None:
        notify, write = ["read", "notify"], ["write", "write-without-response"]
        groups = [
            (
                self.service,
                [(uuid, notify) for uuid in self.plan["characteristics"]]
                + [(uuid, write) for uuid in self.plan["commands"]],
            )
        ]
        if self.plan["battery_percent"] is not None:
            groups.append((BATTERY_SERVICE, [(BATTERY_LEVEL, notify)]))
        handle = 0x10
        for service, members in groups:
            service_path = f"{self.path}/service{handle:04x}"
            self._export(service_path, Service(self.path, service))
            for uuid, flags in members:
                handle += 2
                path = f"{service_path}/char{handle:04x}"
                shown = Characteristic(self, path, service_path, uuid, flags)
                if uuid == BATTERY_LEVEL:
                    shown.value = bytes([self.plan["battery_percent"]])
                self._export(path, shown)
                self._characteristics.append(shown)
            handle += 2

    def _export(self, path: str, thing: ServiceInterface) -> None:
        self.world.bus.export(path, thing)
        self._shown.append(path)


class World:
    """The adapter and all sensors around it."""

    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self.sender = ""
        self.scanning: set[str] = set()
        self.sensors: dict[str, Sensor] = {}
        self.calls: list[list[str]] = []

    def listen(self, message: Message) -> None:
        """Note who calls what, before the object answers."""
        if message.message_type is MessageType.METHOD_CALL:
            self.sender = message.sender or ""
            if (message.interface or "").startswith("org.bluez"):
                self.calls.append([message.member or "", message.path or ""])
        elif message.member == "NameOwnerChanged" and not message.body[2]:
            self.scanning.discard(message.body[0])
            for sensor in self.sensors.values():
                sensor.forget(message.body[0])

    def advertise(self) -> None:
        """Let all sensors call at once."""
        for sensor in self.sensors.values():
            sensor.advertise()

    async def keep_advertising(self) -> None:
        """Let all sensors call while anyone scans."""
        while True:
            await asyncio.sleep(ADVERTISING_S)
            if self.scanning:
                self.advertise()

    def obey(self, command: dict[str, Any]) -> object:
        """Do what the test says; return the answer."""
        match command["do"]:
            case "add":
                sensor = Sensor(self, command["sensor"])
                self.sensors[sensor.address] = sensor
                if command["sensor"]["is_held"]:
                    sensor.hold()
            case "reset":
                self._reset()
            case "counts":
                return self.sensors[command["address"]].counts()
            case "written":
                return self.sensors[command["address"]].written
            case "calls":
                return self.calls
            case "drop":
                self.sensors[command["address"]].disconnect()
            case "set":
                self.sensors[command["address"]].plan.update(command["plan"])
        return None

    def _reset(self) -> None:
        for sensor in self.sensors.values():
            sensor.leave()
        self.sensors.clear()
        self.scanning.clear()
        self.calls.clear()


class PatientSocket:
    """A socket that says "nothing sent" when it is full.

    dbus-fast takes the error that a full socket raises for the end of the bus, and a
    bus on a busy machine may be slower than this process for a while.
    """

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain

    def send(self, data: memoryview) -> int:
        """Send what there is room for."""
        try:
            return self._plain.send(data)
        except BlockingIOError:
            return 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)


async def serve(address: str, lifetime_s: float) -> None:
    """Own the name until the input ends."""
    bus = await MessageBus(bus_address=address, negotiate_unix_fd=True).connect()
    writer: Any = bus._writer
    writer.sock = PatientSocket(writer.sock)
    world = World(bus)
    bus.add_message_handler(world.listen)
    rule = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
    await bus.call(
        Message(
            destination="org.freedesktop.DBus",
            path="/org/freedesktop/DBus",
            interface="org.freedesktop.DBus",
            member="AddMatch",
            signature="s",
            body=[rule],
        )
    )
    bus.export(ADAPTER_PATH, Adapter(world))
    await bus.request_name("org.bluez")
    commands = asyncio.StreamReader(limit=2**24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(commands), sys.stdin
    )
    tasks = [
        asyncio.create_task(world.keep_advertising()),
        asyncio.create_task(_answer(commands, world)),
        asyncio.create_task(bus.wait_for_disconnect()),
    ]
    _say(None)
    first = asyncio.FIRST_COMPLETED
    done, left = await asyncio.wait(tasks, timeout=lifetime_s, return_when=first)
    for task in left:
        task.cancel()
    for task in done:
        task.result()


async def _answer(commands: asyncio.StreamReader, world: World) -> None:
    while line := await commands.readline():
        _say(world.obey(json.loads(line)))


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2])))
