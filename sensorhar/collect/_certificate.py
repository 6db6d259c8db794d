"""A certificate made on the spot, because browsers give sensors to https pages only."""

import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sensorhar._soft import require
from sensorhar.errors import DataError

__all__ = ["fingerprint", "make_certificate", "tls_context"]

#: Who issues the certificates made here; others are left as they are.
NAME = "sensorhar"
#: Longer than a campaign of recordings, and far below the 825 days that Apple allows
#: (support.apple.com, "Requirements for trusted certificates in iOS 13").
LIFE = timedelta(days=90)
#: A kept certificate must hold for at least this long.
SPARE = timedelta(days=2)


def make_certificate(hosts: Sequence[str]) -> bytes:
    """Return a private key and its certificate for some hosts, as one PEM text.

    Parameters
    ----------
    hosts : sequence of str
        Names and addresses under which the page is reached.

    Returns
    -------
    bytes
        Key (P-256) and self-signed certificate.
    """
    x509 = require("cryptography.x509", extra="phone", purpose="the phone page")
    oid = require("cryptography.x509.oid", extra="phone", purpose="the phone page")
    primitives = "cryptography.hazmat.primitives"
    hashes = require(f"{primitives}.hashes", extra="phone", purpose="the phone page")
    forms = require(
        f"{primitives}.serialization", extra="phone", purpose="the phone page"
    )
    curves = require(
        f"{primitives}.asymmetric.ec", extra="phone", purpose="the phone page"
    )
    key = curves.generate_private_key(curves.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid.NameOID.COMMON_NAME, NAME)])
    known_as = [_general_name(x509, host) for host in dict.fromkeys(hosts)]
    now = datetime.now(UTC)
    usage = x509.ExtendedKeyUsage([oid.ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # phones with a slow clock
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(known_as), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .sign(key, hashes.SHA256())
    )
    key_text: bytes = key.private_bytes(
        forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
    )
    certificate_text: bytes = certificate.public_bytes(forms.Encoding.PEM)
    return key_text + certificate_text


def tls_context(
    hosts: Sequence[str], path: Path | None = None
) -> tuple[ssl.SSLContext, str]:
    """Return what a server needs to speak https, and the certificate's fingerprint.

    Parameters
    ----------
    hosts : sequence of str
        Names and addresses under which the page is reached.
    path : Path or None, default=None
        File that keeps key and certificate, readable by its owner only. It is used
        again while it names all hosts and has not run out. A certificate that was
        not made here is used as it is. None keeps nothing.

    Returns
    -------
    context : ssl.SSLContext
        For a server.
    fingerprint : str
        SHA-256 of the certificate, as browsers show it.

    Raises
    ------
    DataError
        When the file is there and holds no certificate.
    """
    text = _kept(path, hosts) if path is not None else None
    if text is None:
        text = make_certificate(hosts)
        if path is not None:
            path.touch(mode=0o600)
            path.write_bytes(text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with TemporaryDirectory() as folder:  # the ssl module reads files only
        file = Path(folder) / "certificate.pem"
        file.touch(mode=0o600)
        file.write_bytes(text)
        context.load_cert_chain(file)
    return context, fingerprint(text)


def fingerprint(text: bytes) -> str:
    """Return the SHA-256 of the certificate in a PEM text, as browsers show it."""
    x509 = require("cryptography.x509", extra="phone", purpose="the phone page")
    hashes = require(
        "cryptography.hazmat.primitives.hashes", extra="phone", purpose="the phone page"
    )
    digest: bytes = x509.load_pem_x509_certificate(text).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def _kept(path: Path, hosts: Sequence[str]) -> bytes | None:
    """Return a kept certificate, or None where one of ours must be made anew."""
    if not path.is_file():
        return None
    x509 = require("cryptography.x509", extra="phone", purpose="the phone page")
    text = path.read_bytes()
    try:
        certificate = x509.load_pem_x509_certificate(text)
    except ValueError as error:
        raise DataError(
            f"{path.name} must hold a private key and its certificate in PEM form; "
            "got something else. Name a file that is not there yet, and it is made."
        ) from error
    if certificate.subject.rfc4514_string() != f"CN={NAME}":
        return text  # the user's own, perhaps for a name that we do not know
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    known = {str(name.value) for name in names.value}
    is_enough = set(hosts) <= known
    is_fresh = certificate.not_valid_after_utc > datetime.now(UTC) + SPARE
    return text if is_enough and is_fresh else None


def _general_name(x509: object, host: str) -> object:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return x509.DNSName(host)  # type: ignore[attr-defined]
    return x509.IPAddress(address)  # type: ignore[attr-defined]
