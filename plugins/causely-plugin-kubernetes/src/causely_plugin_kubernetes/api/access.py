"""Where the API is, and who is asking: from the service account of a pod, or from a kubeconfig."""

from __future__ import annotations

import ssl
from pathlib import Path

from kubernetes.client import Configuration
from kubernetes.config import ConfigException, load_incluster_config, load_kube_config

from causely_plugin_kubernetes.api.errors import ApiError


class Access:
    """Found once; a token that is renewed is read anew.

    Attributes:
        url: of the API server.
    """

    def __init__(self, kubeconfig: Path | None = None, context: str = "") -> None:
        """Find it.

        Args:
            kubeconfig: a file as ``kubectl`` has it; none for the service account of the pod.
            context: of the kubeconfig; empty for its current one.

        Raises:
            ApiError: there is none, or it cannot be read.
        """
        self._configuration = Configuration()
        try:
            if kubeconfig is None:
                load_incluster_config(self._configuration)  # type: ignore[no-untyped-call]
            else:
                load_kube_config(str(kubeconfig), context or None, self._configuration)  # type: ignore[no-untyped-call]
        except (ConfigException, OSError) as problem:
            where = str(kubeconfig) if kubeconfig else "service account of the pod"
            raise ApiError(f"Kubernetes API: {where}: {problem}") from problem
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
        # Reads the token's file again when it is a minute old, as it is renewed each hour.
        token = self._configuration.get_api_key_with_prefix("BearerToken", alias="authorization")
        return {"Authorization": token} if token else {}
