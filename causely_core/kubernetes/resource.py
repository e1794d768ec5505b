"""Resources of the Kubernetes API, and where they are found."""

from __future__ import annotations

from attrs import frozen


@frozen
class Resource:
    """A kind of object.

    Attributes:
        group: of its API; empty for the core's.
        version: of that, such as ``v1``.
        plural: as paths have it, such as ``pods``.
    """

    group: str
    version: str
    plural: str

    @property
    def name(self) -> str:
        """As roles have it: ``deployments.apps``, ``pods``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, namespace: str = "") -> str:
        """Of all its objects, in one namespace or in the cluster."""
        root = f"/apis/{self.group}" if self.group else "/api"
        within = f"/namespaces/{namespace}" if namespace else ""
        return f"{root}/{self.version}{within}/{self.plural}"
