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
