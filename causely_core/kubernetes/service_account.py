"""Access by the service account of a pod, whose files the kubelet renews."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from causely_core.kubernetes.errors import ApiError

FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where the kubelet puts the files of a pod's account."""


@frozen
class ServiceAccount:
    """Reads the token with each request, for it is renewed about every hour.

    Attributes:
        url: of the API server.
        folder: with the files ``token`` and ``ca.crt``, the certificates that vouch for the server.
    """

    url: str
    folder: Path = Path(FOLDER)

    def tls(self) -> ssl.SSLContext:
        """Trust who the account's authority vouches for.

        Raises:
            ApiError: its file cannot be used.
        """
        authority = self.folder / "ca.crt"
        try:
            return ssl.create_default_context(cafile=authority)
        except OSError as problem:
            raise ApiError(f"Kubernetes API: {authority}: {problem}") from problem

    def headers(self) -> dict[str, str]:
        """The token as it is now.

        Raises:
            ApiError: its file cannot be read.
        """
        token = self.folder / "token"
        try:
            return {"Authorization": f"Bearer {token.read_text(encoding='utf-8').strip()}"}
        except OSError as problem:
            raise ApiError(f"Kubernetes API: {token}: {problem}") from problem


def cluster_url(environment: Mapping[str, str] = os.environ) -> str:
    """Where the API of the cluster is that this container runs in; empty when it runs in none.

    Args:
        environment: of the process, to which the kubelet adds two variables.
    """
    host, port = environment.get("KUBERNETES_SERVICE_HOST"), environment.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        return ""
    return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
