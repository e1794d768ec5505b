"""A simulated system in columns: what there is, who calls whom how often, and what everything costs.

Components answer requests: services, databases, caches and external services, numbered in this order. Each has units,
which are the kinds of requests that it answers: a service its operations (and the handler of a queue that it
consumes), a database its reads and its writes. Calls go from unit to unit.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.simulation.queueing import Floats, Ints


class Role(IntEnum):
    """What a unit is to the component that it belongs to."""

    REQUEST = 0
    HANDLER = 1
    READ = 2
    WRITE = 3


@frozen(eq=False)
class Units:
    """Kinds of requests, in columns of length U.

    Attributes:
        owner: the component that answers.
        role: see :class:`Role`.
        entry: requests a second from outside.
        wait: seconds of a request in which the component's processor is idle and nothing is called.
        cpu: seconds of processor time of a request.
        errors: share of requests that fail by themselves when all is well.
    """

    owner: Ints
    role: Ints
    entry: Floats
    wait: Floats
    cpu: Floats
    errors: Floats


@frozen(eq=False)
class Calls:
    """Which unit calls which, in columns of length E.

    Attributes:
        caller, callee: units.
        count: calls a request of the caller; below 1 only some requests make the call.
        passes: share of failed calls that fail the caller's request, too; the rest has a fallback.
        retries: how often a failed call is tried again.
        timeout: seconds after which the caller gives up.
    """

    caller: Ints
    callee: Ints
    count: Floats
    passes: Floats
    retries: Floats
    timeout: Floats


@frozen(eq=False)
class Queues:
    """Queues in columns of length Q; each has one consumer.

    Attributes:
        handler: unit that processes the messages.
        consumers: messages processed at the same time.
        outside: messages a second from producers that are not simulated.
        producer: (P,) units that publish.
        queue: (P,) to which queue.
        messages: (P,) a request.
    """

    handler: Ints
    consumers: Floats
    outside: Floats
    producer: Ints
    queue: Ints
    messages: Floats


@frozen(eq=False)
class Hosts:
    """What components run on. Containers come in columns of length K; only those of services can be seen.

    Attributes:
        component: whose container it is.
        node: the node; the number of nodes for what runs elsewhere.
        cores: of each container.
        node_cores: (N,) of each node.
        node_busy: (N,) cores that everything else on the node takes.
        node_memory: (N,) share of memory in use.
        node_disk: (N,) share of the disk in use.
    """

    component: Ints
    node: Ints
    cores: Floats
    node_cores: Floats
    node_busy: Floats
    node_memory: Floats
    node_disk: Floats


@frozen(eq=False)
class Traits:
    """Of each service, in columns of length S; NaN where it is not measured or there is none.

    Attributes:
        memory: resident bytes of each container.
        memory_limit: bytes.
        pause: seconds, 95th percentile of a garbage collection.
        pool: connections to databases in the pool.
        pool_seen: whether the pool is measured.
        logs: share of failed requests that are logged.
        descriptors: open files as a share of the limit.
        cpu_limit: whether its processor time is limited, so that it can be throttled.
        locks: share of time that its threads wait for locks.
        clients: whether the requests that it sends are measured where it sends them.
        writes_disk: whether it needs its node's disk.
    """

    memory: Floats
    memory_limit: Floats
    pause: Floats
    pool: Floats
    pool_seen: NDArray[np.bool_]
    logs: Floats
    descriptors: Floats
    cpu_limit: NDArray[np.bool_]
    locks: Floats
    clients: NDArray[np.bool_]
    writes_disk: NDArray[np.bool_]


@frozen(eq=False)
class Servers:
    """Of each database, then of each cache, in columns of length D; NaN where it is not measured or there is none.

    Attributes:
        seen: whether the server itself is measured, and not only what its clients see of it.
        locks: share of time that its sessions wait for locks.
        rows: rows that a reading statement reads.
    """

    seen: NDArray[np.bool_]
    locks: Floats
    rows: Floats


@frozen(eq=False)
class Blueprint:
    """A whole system.

    Attributes:
        services, databases, caches, externals: how many components of each.
        depth: no chain of calls is longer.
    """

    services: int
    databases: int
    caches: int
    externals: int
    depth: int
    units: Units
    calls: Calls
    queues: Queues
    hosts: Hosts
    traits: Traits
    servers: Servers

    @property
    def components(self) -> int:
        """Number of components."""
        return self.services + self.databases + self.caches + self.externals

    @property
    def stores(self) -> slice:
        """The databases and caches among the components."""
        return slice(self.services, self.services + self.databases + self.caches)

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.hosts.node_cores)
