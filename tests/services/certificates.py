"""Certificates for a test: an authority, and what it has signed for loopback."""

from pathlib import Path

import trustme
from attrs import define, field

from causely_core.wire.tls import TlsConfig


@define(eq=False)
class Authority:
    """Signs certificates; every file lies in ``folder``."""

    folder: Path
    name: str
    signs: trustme.CA = field(factory=trustme.CA)

    def __attrs_post_init__(self):
        self.signs.cert_pem.write_to_path(self.folder / f"{self.name}.pem")

    def issue(self, name):
        """The files of someone whom this authority vouches for, and who trusts only this authority."""
        signed = self.signs.issue_cert("localhost", "127.0.0.1")
        signed.cert_chain_pems[0].write_to_path(self.folder / f"{name}.pem")
        signed.private_key_pem.write_to_path(self.folder / f"{name}.key")
        return TlsConfig(*(str(self.folder / file) for file in (f"{self.name}.pem", f"{name}.pem", f"{name}.key")))


@define(eq=False)
class Mount:
    """A folder as Kubernetes mounts a Secret: its files are links through ``..data``, which is replaced at once."""

    folder: Path
    versions: int = 0

    def hold(self, authority, key=None):
        """From now on the files are those of someone whom ``authority``, a ``trustme.CA``, vouches for."""
        signed = authority.issue_cert("localhost", "127.0.0.1")
        self.versions += 1
        version = self.folder / f"..{self.versions}"
        version.mkdir(parents=True)
        (version / "ca.crt").write_bytes(authority.cert_pem.bytes())
        (version / "tls.crt").write_bytes(signed.cert_chain_pems[0].bytes())
        (version / "tls.key").write_bytes(signed.private_key_pem.bytes() if key is None else key)
        (self.folder / "..data_tmp").symlink_to(version.name)
        (self.folder / "..data_tmp").replace(self.folder / "..data")
        for name in ("ca.crt", "tls.crt", "tls.key"):
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")
        return TlsConfig(*(str(self.folder / name) for name in ("ca.crt", "tls.crt", "tls.key")))
