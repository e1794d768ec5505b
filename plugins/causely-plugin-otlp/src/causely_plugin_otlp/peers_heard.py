"""Peers that were heard: whether one speaks for itself, or passes on what others say."""

from __future__ import annotations

from attrs import define, field

_MAX_PEERS = 20_000


@define
class PeersHeard:
    """Names of services by the pod that told of them; a collector in between tells of many.

    Attributes:
        mixed: grows with each pod that turns out to speak for several.
    """

    mixed: int = field(default=0, init=False)
    _names: dict[str, str | None] = field(factory=dict, init=False)

    def note(self, pod: str, service: str) -> None:
        """A pod has told of a service."""
        if len(self._names) >= _MAX_PEERS:
            self._names.clear()
        known = self._names.setdefault(pod, service)
        if known is not None and known != service:
            self._names[pod] = None
            self.mixed += 1

    def is_mixed(self, pod: str) -> bool:
        """Whether a pod has told of several services: then none of them need be where it is."""
        return self._names.get(pod, "") is None
