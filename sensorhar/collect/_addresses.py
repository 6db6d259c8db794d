"""The addresses under which others in the same network reach this computer."""

import ipaddress
import socket

__all__ = ["is_loopback", "local_address", "local_hosts"]


def local_address() -> str:
    """Return the address of this computer in its network, or ``"127.0.0.1"``.

    No packet is sent: a datagram socket is aimed at an address that documentation
    reserves (RFC 5737), and asked which of our addresses it would use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:  # no network at all
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def local_hosts(address: str) -> list[str]:
    """Return names and addresses for a certificate, the given address first."""
    name = socket.gethostname().partition(".")[0]
    hosts = [address, "localhost", "127.0.0.1", "::1"]
    is_plain = name.isascii() and name.replace("-", "").isalnum()
    return hosts + ([name, f"{name}.local"] if is_plain else [])


def is_loopback(host: str) -> bool:
    """Return whether only this computer itself reaches a host.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
