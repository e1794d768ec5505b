"""Certificates, keys and tokens of a control plane, as files."""

from __future__ import annotations

import secrets
from pathlib import Path

import trustme
from attrs import define, field
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ADMINISTRATORS = "system:masters"
"""The group that may do everything."""


@define(eq=False)
class Certificates:
    """Signed by an authority of its own, and written below ``folder``.

    Attributes:
        token: of an administrator.
    """

    folder: Path
    token: str = field(factory=lambda: secrets.token_urlsafe(24), init=False)
    _authority: trustme.CA = field(factory=trustme.CA, init=False)

    def __attrs_post_init__(self) -> None:
        """Write what the control plane reads when it starts."""
        self._authority.cert_pem.write_to_path(str(self.folder / "ca.crt"))
        (self.folder / "tokens.csv").write_text(f'{self.token},admin,admin,"{ADMINISTRATORS}"\n')
        self._write_account_keys()

    def server(self, name: str, *hosts: str) -> tuple[Path, Path]:
        """Files with the certificate and the key of a server with these names and addresses."""
        return self._keep(name, self._authority.issue_cert(*hosts))

    def client(self, user: str, group: str) -> tuple[Path, Path]:
        """Files with the certificate and the key of a user."""
        return self._keep(user, self._authority.issue_cert("user.example", common_name=user, organization_name=group))

    def _keep(self, name: str, issued: trustme.LeafCert) -> tuple[Path, Path]:
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        return certificate, key

    def _write_account_keys(self) -> None:
        """By which tokens of service accounts are signed and checked."""
        key = rsa.generate_private_key(65537, 2048)
        pem, traditional = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
        private = key.private_bytes(pem, traditional, serialization.NoEncryption())
        public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
        (self.folder / "accounts.key").write_bytes(private)
        (self.folder / "accounts.pub").write_bytes(public)
