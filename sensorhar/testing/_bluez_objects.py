"""The D-Bus objects of a pretended BlueZ: adapter, device, service, characteristic.

Only what bleak and its like ask for, named as in BlueZ's own description of
``org.bluez.Adapter1``, ``Device1``, ``GattService1`` and ``GattCharacteristic1``.
"""

import asyncio
from typing import TYPE_CHECKING, Annotated

from dbus_fast import DBusError, Message, PropertyAccess, Variant
from dbus_fast.annotations import (
    DBusBool,
    DBusBytes,
    DBusDict,
    DBusInt16,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
    DBusUInt16,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

if TYPE_CHECKING:
    from sensorhar.testing._bluez_service import Sensor, World

Strings = Annotated[list[str], DBusSignature("as")]
Companies = Annotated[dict[int, Variant], DBusSignature("a{qv}")]
READ = PropertyAccess.READ
ATTRIBUTES = ["00001801-0000-1000-8000-00805f9b34fb"]
ADAPTER_PATH = "/org/bluez/hci0"


def refused(name: str, why: str) -> DBusError:
    """Return the error as BlueZ names it."""
    return DBusError(f"org.bluez.Error.{name}", why)


class Adapter(ServiceInterface):
    """The radio: each client may run one scan."""

    def __init__(self, world: "World") -> None:
        super().__init__("org.bluez.Adapter1")
        self.world = world

    @dbus_property(access=READ)
    def Address(self) -> DBusStr:
        return "00:00:00:00:00:01"

    @dbus_property(access=READ)
    def Name(self) -> DBusStr:
        return "fake"

    @dbus_property(access=READ)
    def Powered(self) -> DBusBool:
        return True

    @dbus_property(access=READ)
    def Discovering(self) -> DBusBool:
        return bool(self.world.scanning)

    @dbus_property(access=READ)
    def Roles(self) -> Strings:
        return ["central", "peripheral"]

    @dbus_method()
    def StartDiscovery(self) -> None:
        if self.world.sender in self.world.scanning:
            raise refused("InProgress", "Operation already in progress")
        self.world.scanning.add(self.world.sender)
        self.emit_properties_changed({"Discovering": True})
        self.world.advertise()

    @dbus_method()
    def StopDiscovery(self) -> None:
        if self.world.sender not in self.world.scanning:
            raise refused("Failed", "No discovery started")
        self.world.scanning.discard(self.world.sender)
        self.emit_properties_changed({"Discovering": bool(self.world.scanning)})

    @dbus_method()
    def SetDiscoveryFilter(self, properties: DBusDict) -> None:
        pass

    @dbus_method()
    def RemoveDevice(self, device: DBusObjectPath) -> None:
        pass


class Device(ServiceInterface):
    """One sensor as the adapter sees it."""

    def __init__(self, sensor: "Sensor") -> None:
        super().__init__("org.bluez.Device1")
        self.sensor = sensor
        self.is_connected = self.is_resolved = False
        self.rssi_dbm = -50

    @dbus_property(access=READ)
    def Address(self) -> DBusStr:
        return self.sensor.address

    @dbus_property(access=READ)
    def AddressType(self) -> DBusStr:
        return "random"

    @dbus_property(access=READ)
    def Name(self) -> DBusStr:
        return self.sensor.name

    @dbus_property(access=READ)
    def Alias(self) -> DBusStr:
        return self.sensor.name

    @dbus_property(access=READ)
    def Paired(self) -> DBusBool:
        return False

    @dbus_property(access=READ)
    def Connected(self) -> DBusBool:
        return self.is_connected

    @dbus_property(access=READ)
    def ServicesResolved(self) -> DBusBool:
        return self.is_resolved

    @dbus_property(access=READ)
    def UUIDs(self) -> Strings:
        # Those of every sensor are known once its services are.
        return [self.sensor.service, *(ATTRIBUTES * self.is_resolved)]

    @dbus_property(access=READ)
    def RSSI(self) -> DBusInt16:
        return self.rssi_dbm

    @dbus_property(access=READ)
    def ManufacturerData(self) -> Companies:
        return {0xFFFF: Variant("ay", b"\x01\x02")}  # 0xFFFF: reserved for tests

    @dbus_property(access=READ)
    def Adapter(self) -> DBusObjectPath:
        return ADAPTER_PATH

    @dbus_method()
    async def Connect(self) -> None:
        await asyncio.sleep(0.02)
        self.sensor.connect()

    @dbus_method()
    async def Disconnect(self) -> None:
        if not self.is_connected:
            raise refused("NotConnected", "Not Connected")
        self.sensor.disconnect()

    def show(self, **properties: object) -> None:
        """Tell the bus what changed."""
        self.emit_properties_changed(properties)


class Service(ServiceInterface):
    """A group of characteristics."""

    def __init__(self, device_path: str, uuid: str) -> None:
        super().__init__("org.bluez.GattService1")
        self.device_path, self.uuid = device_path, uuid

    @dbus_property(access=READ)
    def UUID(self) -> DBusStr:
        return self.uuid

    @dbus_property(access=READ)
    def Primary(self) -> DBusBool:
        return True

    @dbus_property(access=READ)
    def Device(self) -> DBusObjectPath:
        return self.device_path


class Characteristic(ServiceInterface):
    """Something that can be read, written or listened to."""

    def __init__(
        self,
        sensor: "Sensor",
        path: str,
        service_path: str,
        uuid: str,
        flags: list[str],
    ) -> None:
        super().__init__("org.bluez.GattCharacteristic1")
        self.sensor, self.path = sensor, path
        self.service_path, self.uuid, self.flags = service_path, uuid, flags
        self.value = b""
        self.listeners: set[str] = set()

    @dbus_property(access=READ)
    def UUID(self) -> DBusStr:
        return self.uuid

    @dbus_property(access=READ)
    def Service(self) -> DBusObjectPath:
        return self.service_path

    @dbus_property(access=READ)
    def Flags(self) -> Strings:
        return self.flags

    @dbus_property(access=READ)
    def MTU(self) -> DBusUInt16:
        return 185

    @dbus_property(access=READ)
    def Notifying(self) -> DBusBool:
        return bool(self.listeners)

    @dbus_property(access=READ)
    def NotifyAcquired(self) -> DBusBool:
        return False

    @dbus_method()
    def ReadValue(self, options: DBusDict) -> DBusBytes:
        self._check_connected()
        return self.value

    @dbus_method()
    def WriteValue(self, value: DBusBytes, options: DBusDict) -> None:
        self._check_connected()
        self.value = bytes(value)
        self.sensor.written.append([self.uuid, self.value.hex()])

    @dbus_method()
    def StartNotify(self) -> None:
        self._check_connected()
        sender = self.sensor.world.sender
        if sender in self.listeners:
            raise refused("InProgress", "Operation already in progress")
        self.sensor.may_notify()
        self.listeners.add(sender)
        self.sensor.start(self)

    @dbus_method()
    def StopNotify(self) -> None:
        sender = self.sensor.world.sender
        if sender not in self.listeners:
            raise refused("Failed", "No notify session started")
        self.listeners.discard(sender)

    def notify(self, value: bytes) -> None:
        """Send a value to all who listen."""
        body = [self.name, {"Value": Variant("ay", value)}, []]
        self.sensor.world.bus.send(
            Message.new_signal(
                self.path,
                "org.freedesktop.DBus.Properties",
                "PropertiesChanged",
                "sa{sv}as",
                body,
            )
        )

    def _check_connected(self) -> None:
        if not self.sensor.device.is_connected:
            raise refused("NotConnected", "Not Connected")
