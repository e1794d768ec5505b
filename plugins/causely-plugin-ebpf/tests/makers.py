"""What tests of several modules make."""

from __future__ import annotations

import numpy as np
from causely_plugin_ebpf import records

from causely_core.host import Owner
from causely_core.model import Entity, EntityType, Relation, RelationType

NODE = Entity.of(EntityType.NODE, "here")


def owner(name):
    """Of a process of the service ``name``."""
    service = Entity.of(EntityType.SERVICE, name)
    runs_on = Relation(service.id, RelationType.RUNS_ON, NODE.id)
    return Owner(service.id, None, None, NODE.id, "", 1, (service, NODE), (runs_on,))


def ip(text):
    return bytes(map(int, text.split("."))) + bytes(12)


def event(kind, at, id, pid, fd=3, role=0, local=None, remote=None):
    """One event; addresses are pairs of IPv4 address and port."""
    found = np.zeros(1, records.EVENT)
    for name, value in {"kind": kind, "at": at, "id": id, "tgid": pid, "fd": fd, "role": role}.items():
        found[name] = value
    for name, end in (("local", local), ("remote", remote)):
        if end:
            found[name]["family"], found[name]["port"] = 2, end[1]
            found[name]["ip"] = np.frombuffer(ip(end[0]), "V16")
    return found


def segment(at, id, pid, writes, data, length=None, fd=3):
    """The head of one message."""
    found = np.zeros(1, records.SEGMENT)
    head = data[: records.HEAD]
    values = {"at": at, "id": id, "tgid": pid, "fd": fd, "writes": writes, "head": len(head)}
    for name, value in {**values, "length": len(data) if length is None else length}.items():
        found[name] = value
    found["data"] = np.frombuffer(head.ljust(records.HEAD, b"\0"), f"V{records.HEAD}")
    return found
