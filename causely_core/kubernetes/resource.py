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
        older: versions that are asked for, one after the other, where the server does not have ``version``.
    """

    group: str
    version: str
    plural: str
    older: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As roles have it: ``deployments.apps``, ``pods``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, namespace: str = "", version: str = "") -> str:
        """Of all its objects, in one namespace or in the cluster; by another version if one is given."""
        root = f"/apis/{self.group}" if self.group else "/api"
        within = f"/namespaces/{namespace}" if namespace else ""
        return f"{root}/{version or self.version}{within}/{self.plural}"
