"""What has changed: workloads whose pods are to be others than before, and the services that these are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from attrs import define, field

from causely_core.model import EntityId
from causely_plugin_kubernetes.conditions.versions import Configuration, Selection, Version, WorkloadVersion


@define
class Changes:
    """Knows which workloads read which configuration, and which services select them, by namespace."""

    _workloads: dict[str, dict[Hashable, WorkloadVersion]] = field(factory=lambda: defaultdict(dict), init=False)
    _selections: dict[str, dict[Hashable, Selection]] = field(factory=lambda: defaultdict(dict), init=False)

    def note(self, key: Hashable, before: Version | None, after: Version | None) -> Iterator[EntityId]:
        """The entities that are another version now; what is new here, or gone, has not changed.

        Args:
            key: of the object.
            before: the version that it was.
            after: the version that it is.
        """
        self._replace(key, before, after)
        if isinstance(before, WorkloadVersion) and isinstance(after, WorkloadVersion):
            # A server that is newer may add defaults to what nobody has written anew.
            rewritten = not after.generation or before.generation != after.generation
            if rewritten and before.digest != after.digest:
                yield from self._affected(after)
        if isinstance(before, Configuration) and isinstance(after, Configuration) and before.digest != after.digest:
            for workload in self._workloads[after.within].values():
                if after.name in workload.configs:
                    yield from self._affected(workload)

    def _replace(self, key: Hashable, before: Version | None, after: Version | None) -> None:
        if isinstance(before, WorkloadVersion):
            self._workloads[before.within].pop(key, None)
        elif isinstance(before, Selection):
            self._selections[before.within].pop(key, None)
        if isinstance(after, WorkloadVersion):
            self._workloads[after.within][key] = after
        elif isinstance(after, Selection):
            self._selections[after.within][key] = after

    def _affected(self, workload: WorkloadVersion) -> Iterator[EntityId]:
        """The workload, and the services that its pods are."""
        selecting = self._selections[workload.within].values()
        services = (each.service for each in selecting if each.labels and each.labels <= workload.labels)
        yield from dict.fromkeys((workload.workload, workload.called, *services))
