"""Access by a kubeconfig: where the API is and who is asking, as ``kubectl`` has it."""

from __future__ import annotations

import ssl
from pathlib import Path

from kubernetes.client import Configuration
from kubernetes.config import ConfigException, load_kube_config

from causely_core.kubernetes import ApiError


class Kubeconfig:
    """Read once; credentials that a program gives are asked for anew when they end.

    Attributes:
        url: of the API server.
    """

    def __init__(self, path: Path, context: str = "") -> None:
        """Read it.

        Args:
            path: of the file.
            context: of it; empty for its current one.

        Raises:
            ApiError: it cannot be read.
        """
        self._configuration = Configuration()
        try:
            load_kube_config(str(path), context or None, self._configuration)
        except (ConfigException, OSError) as problem:
            raise ApiError(f"Kubernetes API: {path}: {problem}") from problem
        self.url = str(self._configuration.host).rstrip("/")

    def tls(self) -> ssl.SSLContext:
        """Whom to trust, and what to show.

        Raises:
            ApiError: a file cannot be used.
        """
        found = self._configuration
        try:
            context = ssl.create_default_context(cafile=found.ssl_ca_cert)
            if found.cert_file:
                context.load_cert_chain(found.cert_file, found.key_file)
        except OSError as problem:
            raise ApiError(f"Kubernetes API: {found.ssl_ca_cert or found.cert_file}: {problem}") from problem
        if not found.verify_ssl:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def headers(self) -> dict[str, str]:
        """What to say of oneself with each request."""
        token = self._configuration.get_api_key_with_prefix("BearerToken", alias="authorization")
        return {"Authorization": token} if token else {}
