"""The certificate is made on the spot, kept where asked, overwrites no other."""

import asyncio
import ipaddress
import stat
from datetime import timedelta

import pytest

from sensorhar.collect import _certificate
from sensorhar.collect._addresses import is_loopback, local_address, local_hosts
from sensorhar.collect._certificate import make_certificate, tls_context
from sensorhar.collect.phone import PhoneSource
from sensorhar.errors import DataError, MissingPackageError

reason = "{} is missing: install sensorhar[phone]"
x509 = pytest.importorskip("cryptography.x509", reason=reason.format("cryptography"))
aiohttp = pytest.importorskip("aiohttp", reason=reason.format("aiohttp"))


def test_it_names_the_hosts_and_runs_out():
    text = make_certificate(["192.168.1.5", "desk.local", "desk.local", "::1"])
    made = x509.load_pem_x509_certificate(text)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["192.168.1.5", "desk.local", "::1"]
    assert names.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address("192.168.1.5"),
        ipaddress.ip_address("::1"),
    ]
    life = made.not_valid_after_utc - made.not_valid_before_utc
    assert timedelta(days=80) < life < timedelta(days=100)


def test_the_page_is_served_with_it():
    async def run():
        source = PhoneSource(0, host="127.0.0.1", lifetime_s=30)
        async with source, aiohttp.ClientSession() as http:
            assert source.address.startswith("https://127.0.0.1:")
            digest = bytes.fromhex(source.fingerprint.replace(":", ""))
            only = aiohttp.Fingerprint(digest)
            async with http.get(source.address, ssl=only) as answer:
                assert "<h1>" in await answer.text()
            text = source.how_to_connect()
            assert "Proceed" in text
            assert source.fingerprint[:5].replace(":", " ") in text
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await http.get(source.address)

    asyncio.run(run())


def test_it_is_kept_where_asked(tmp_path):
    path = tmp_path / "phone.pem"
    _, first = tls_context(["127.0.0.1"], path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    _, again = tls_context(["127.0.0.1"], path)
    assert again == first
    _, other = tls_context(["127.0.0.1", "192.168.1.9"], path)  # the network changed
    assert other != first
    assert list(tmp_path.iterdir()) == [path]


def test_one_that_runs_out_is_made_anew(tmp_path, monkeypatch):
    path = tmp_path / "phone.pem"
    monkeypatch.setattr(_certificate, "LIFE", timedelta(days=1))
    _, first = tls_context(["127.0.0.1"], path)
    _, second = tls_context(["127.0.0.1"], path)
    assert second != first


def test_that_of_another_is_used_and_left_as_it_is(tmp_path, monkeypatch):
    path = tmp_path / "mine.pem"
    monkeypatch.setattr(_certificate, "NAME", "lab.example.org")
    path.write_bytes(make_certificate(["lab.example.org"]))
    monkeypatch.undo()
    before = path.read_bytes()
    tls_context(["10.0.0.1"], path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_certificate_is_not_overwritten(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    with pytest.raises(DataError, match=r"notes\.txt must hold a private key and its"):
        tls_context(["127.0.0.1"], path)
    assert path.read_text() == "my notes"


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cryptography.x509", None)
    with pytest.raises(MissingPackageError, match=r"the phone page needs .*\[phone\]"):
        make_certificate(["127.0.0.1"])


def test_addresses():
    assert ipaddress.ip_address(local_address()).version == 4
    hosts = local_hosts("10.0.0.7")
    assert hosts[0] == "10.0.0.7"
    assert {"localhost", "127.0.0.1", "::1"} < set(hosts)
    assert is_loopback("::1")
    assert not is_loopback("example.org")
