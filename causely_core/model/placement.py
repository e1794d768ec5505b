"""Where a service runs, as relations: the same whoever finds it, so that what several sources find is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from causely_core.model.entity import Entity
from causely_core.model.relation import Relation, RelationType


def placement(
    service: Entity,
    container: Entity | None = None,
    pod: Entity | None = None,
    node: Entity | None = None,
    namespace: Entity | None = None,
    cluster: Entity | None = None,
    workloads: Sequence[Entity] = (),
) -> Iterator[Relation]:
    """The relations between a service and what it runs in and on, as far as that is known.

    Args:
        service: in the container, or else in the pod, or else on the node.
        container: of the pod, or else on the node.
        pod: on the node, owned by the last of the workloads.
        node: of the cluster.
        namespace: of the service, the pod and its owner; in the cluster.
        cluster: around it all.
        workloads: that own the pod, outermost first.
    """
    owner = workloads[-1] if workloads else None
    wanted = (
        (service, RelationType.RUNS_ON, container or pod or node),
        (container, RelationType.PART_OF, pod),
        (container, RelationType.RUNS_ON, None if pod else node),
        (pod, RelationType.RUNS_ON, node),
        (pod, RelationType.OWNED_BY, owner),
        (pod, RelationType.PART_OF, namespace),
        (service, RelationType.PART_OF, namespace),
        (owner, RelationType.PART_OF, namespace),
        (namespace, RelationType.PART_OF, cluster),
        (node, RelationType.PART_OF, cluster),
        *((owned, RelationType.OWNED_BY, over) for over, owned in pairwise(workloads)),
    )
    return (Relation(source.id, type, target.id) for source, type, target in wanted if source and target)
