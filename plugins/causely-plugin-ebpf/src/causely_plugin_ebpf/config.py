"""The plugin's section of the configuration file, ``plugins.ebpf``."""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field, frozen, validators

from causely_plugin_ebpf.kernel.sources import Sight

_PAGE = 4096


def _power_of_two(_: Any, attribute: Attribute[int], value: int) -> None:
    if value < _PAGE or value & (value - 1):
        raise ValueError(f"{attribute.name}: expected a power of two of {_PAGE} or more, found {value}")


@frozen
class EbpfConfig:
    """How much to look at, and how much to keep.

    Attributes:
        sight: where connections are seen: ``sockets``, ``syscalls``, or ``auto`` for the best that the kernel can.
        flush_interval: seconds from one batch of observations to the next.
        poll_interval: seconds from one look at what the kernel has found to the next, at the least: the kernel calls
            when connections are opened or there is much to look at.
        encrypted: whether what goes through OpenSSL or Go's crypto/tls is read before that; microseconds a call.
        max_connections: connections followed at a time; of more, the oldest are forgotten.
        segment_bytes: room for heads of messages that wait to be read; beyond it they are dropped and counted.
        event_bytes: likewise, for connections that open and close.
        max_entities: entities kept; more are not created, and counted.
        max_operations_per_service: operations by name; more become ``{other}``.
        entity_ttl: seconds of silence after which an entity or a relation is deleted.
        resource_interval: seconds from one reading of waits, disks, deaths and the profile to the next.
        profile_hertz: how many times a second it is looked what each processor executes; 0 for never.
        max_threads: threads whose waits for locks are followed; of more, those that waited longest ago are forgotten.
    """

    sight: Sight = Sight.AUTO
    flush_interval: float = field(default=2.0, validator=validators.gt(0))
    poll_interval: float = field(default=0.1, validator=validators.gt(0))
    encrypted: bool = True
    max_connections: int = field(default=32_768, validator=validators.ge(1))
    segment_bytes: int = field(default=8 * 1024 * 1024, validator=_power_of_two)
    event_bytes: int = field(default=1024 * 1024, validator=_power_of_two)
    max_entities: int = field(default=5_000, validator=validators.ge(1))
    max_operations_per_service: int = field(default=100, validator=validators.ge(1))
    entity_ttl: float = field(default=600.0, validator=validators.gt(0))
    resource_interval: float = field(default=5.0, validator=validators.gt(0))
    profile_hertz: int = field(default=19, validator=[validators.ge(0), validators.le(999)])
    max_threads: int = field(default=16_384, validator=validators.ge(1))
