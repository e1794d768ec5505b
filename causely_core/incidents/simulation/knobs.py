"""What faults can turn: the state of the parts of a system, in columns as in its blueprint."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from attrs import define, field

from causely_core.incidents.simulation.blueprint import Blueprint
from causely_core.incidents.simulation.queueing import Floats

_Column: TypeAlias = Floats


@define(eq=False)
class Knobs:
    """All at rest when made; a fault turns some of them.

    Attributes:
        entry: (U,) factor on requests from outside.
        wait: (U,) seconds added to each request.
        errors: (U,) share of requests that fail by themselves, beyond the usual.
        cpu: (C,) factor on processor time.
        unreachable: (C,) share of requests that get no answer.
        hanging: (C,) share of these that are noticed only by the caller's timeout.
        pool: (S,) share of the pooled connections that can be used.
        leak: (S,) bytes more in each container, at the end.
        pause: (S,) factor on garbage collections.
        descriptors: (S,) open files more, as a share of the limit.
        chatter: (S,) factor on the calls that it makes to other services.
        locks: (C,) share of time that its threads or sessions wait for locks, beyond the usual.
        scans: (C,) factor on the rows that a statement reads.
        changed: (S,) 1 when it has just been changed.
        exceptions: (S,) share of its own failures that nothing handles.
        refused: (C,) share of requests that are refused as too many; also part of ``errors``.
        unauthorized: (C,) share of requests that are refused for want of a right; also part of ``errors``.
        cores: (K,) share of a container's cores that it may use.
        memory: (K,) share of a container's memory limit that it may use.
        down: (K,) whether it does not run.
        outside: (Q,) factor on messages from outside.
        node_cpu: (N,) share of a node's cores that something else takes.
        node_slow: (N,) factor on all times on the node.
        node_memory: (N,) share of memory used beyond the usual.
        node_down: (N,) whether it does not answer.
        node_disk: (N,) share of the disk used beyond the usual.
        disk_errors: (N,) share of requests that fail in services that need the node's disk.
    """

    _of: Blueprint = field(alias="_of")
    entry: _Column = field(init=False)
    wait: _Column = field(init=False)
    errors: _Column = field(init=False)
    cpu: _Column = field(init=False)
    unreachable: _Column = field(init=False)
    hanging: _Column = field(init=False)
    pool: _Column = field(init=False)
    leak: _Column = field(init=False)
    pause: _Column = field(init=False)
    descriptors: _Column = field(init=False)
    chatter: _Column = field(init=False)
    locks: _Column = field(init=False)
    scans: _Column = field(init=False)
    changed: _Column = field(init=False)
    exceptions: _Column = field(init=False)
    refused: _Column = field(init=False)
    unauthorized: _Column = field(init=False)
    cores: _Column = field(init=False)
    memory: _Column = field(init=False)
    down: _Column = field(init=False)
    outside: _Column = field(init=False)
    node_cpu: _Column = field(init=False)
    node_slow: _Column = field(init=False)
    node_memory: _Column = field(init=False)
    node_down: _Column = field(init=False)
    node_disk: _Column = field(init=False)
    disk_errors: _Column = field(init=False)

    def __attrs_post_init__(self) -> None:
        of = self._of
        units, components, services = len(of.units.owner), of.components, of.services
        self.entry, self.wait, self.errors = np.ones(units), np.zeros(units), np.zeros(units)
        self.cpu, self.unreachable, self.hanging = np.ones(components), np.zeros(components), np.zeros(components)
        self.pool, self.leak, self.pause = np.ones(services), np.zeros(services), np.ones(services)
        self.descriptors, self.chatter = np.zeros(services), np.ones(services)
        self.locks, self.scans = np.zeros(components), np.ones(components)
        self.changed, self.exceptions = np.zeros(services), np.zeros(services)
        self.refused, self.unauthorized = np.zeros(components), np.zeros(components)
        containers = len(of.hosts.node)
        self.cores, self.memory, self.down = np.ones(containers), np.ones(containers), np.zeros(containers)
        self.outside = np.ones(len(of.queues.handler))
        self.node_cpu, self.node_slow, self.node_memory = np.zeros(of.nodes), np.ones(of.nodes), np.zeros(of.nodes)
        self.node_down, self.node_disk, self.disk_errors = np.zeros(of.nodes), np.zeros(of.nodes), np.zeros(of.nodes)
