"""Certificates for a test: an authority, and what it has signed for loopback."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from attrs import define, field
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from causely_core.wire.tls import TlsConfig

LOOPBACK = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


@define(eq=False)
class Authority:
    """Signs certificates; every file lies in ``folder``."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey = field(factory=new_key)

    def __attrs_post_init__(self):
        self._write(self.name, self.key, x509.BasicConstraints(ca=True, path_length=0))

    def issue(self, name):
        """The files of someone whom this authority vouches for, and who trusts only this authority."""
        self._write(name, new_key(), LOOPBACK)
        return TlsConfig(*(str(self.folder / file) for file in (f"{self.name}.pem", f"{name}.pem", f"{name}.key")))

    def _write(self, name, key, extension):
        now = datetime.now(UTC)
        signed = (
            x509.CertificateBuilder(_name(self.name), _name(name), key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(self.key, hashes.SHA256())
        )
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (self.folder / f"{name}.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        (self.folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))


def _name(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
