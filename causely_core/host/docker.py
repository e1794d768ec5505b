"""Containers of Docker, by the files that it keeps of them; for machines without Kubernetes."""

from __future__ import annotations

import json
from typing import Any

from attrs import define, field

from causely_core.host.pods import ContainerInfo, PodInfo
from causely_core.host.root import HostRoot, read

_FOLDER = "var/lib/docker/containers"
_COMPOSED = "com.docker.compose.service"
_MAX_KNOWN = 4096


@define
class Docker:
    """Names of containers; those of other runtimes are not known. What a file says does not change.

    Attributes:
        root: the machine.
    """

    root: HostRoot
    awaited: bool = field(default=False, init=False)
    _known: dict[str, ContainerInfo | None] = field(factory=dict, init=False)

    def by_uid(self, uid: str) -> PodInfo | None:
        """None: Docker knows no pods."""
        return None

    def by_container(self, id: str) -> ContainerInfo | None:
        """The container with this id; its service is the one of its compose file, else its name."""
        if id not in self._known:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[id] = _container(id, read(self.root.at(f"{_FOLDER}/{id}/config.v2.json")))
        return self._known[id]


def _container(id: str, content: bytes) -> ContainerInfo | None:
    try:
        told = json.loads(content) if content else {}
        name, config = str(told.get("Name") or "").lstrip("/"), told.get("Config") or {}
        labels: dict[str, Any] = config.get("Labels") or {}
        image, service = str(config.get("Image") or ""), str(labels.get(_COMPOSED) or "")
    except (ValueError, AttributeError):
        return None
    return ContainerInfo(id, name, image, service) if name else None
