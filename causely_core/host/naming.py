"""The name of a process's service, where no cluster tells it."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TypeVar

from attrs import define, field, frozen

from causely_core.host.commands import unversioned
from causely_core.host.processes import Process
from causely_core.host.programs import program

K = TypeVar("K")
V = TypeVar("V")

MAX_NAME = 64
_UNFIT = re.compile(r"[^\w.@:+-]+")


def tidy(name: str) -> str:
    """Fit to name a service: letters, digits and ``. @ : + - _``, at most 64 of them."""
    return _UNFIT.sub("-", name).strip("-")[:MAX_NAME]


@frozen
class Name:
    """What a process would be called.

    Attributes:
        text: the name.
        guessed: whether it is taken from the command line, so that two unlike programs may have the same.
    """

    text: str
    guessed: bool = False


def name_of(process: Process, container: str = "") -> Name:
    """The name by, in this order, OpenTelemetry's variables, the container, the systemd unit, the program.

    Args:
        process: whose service is named.
        container: the name of its container, if known.
    """
    told = tidy(process.declared.service) or tidy(container) or tidy(process.cgroup.unit.removesuffix(".service"))
    if told:
        return Name(told)
    return Name(
        tidy(program(process)) or tidy(unversioned(process.executable or process.name)) or "unknown", guessed=True
    )


@define
class Names:
    """Tells apart what would be called the same but listens on other ports; the first keeps the plain name.

    Attributes:
        limit: names remembered; of more, those used longest ago are forgotten.
    """

    limit: int = 4096
    _first: OrderedDict[str, _Listening] = field(factory=OrderedDict, init=False)
    _apart: OrderedDict[tuple[str, int], str] = field(factory=OrderedDict, init=False)

    def settle(self, name: Name, process: Process, ports: frozenset[int]) -> str:
        """The name to use from now on.

        Args:
            name: as :func:`name_of` gives it.
            process: the one that stands for the service on this machine.
            ports: those that its processes listen on; empty while that is not known.
        """
        if not name.guessed:
            return name.text
        command = hash((process.executable, process.arguments, process.directory))
        first = _recent(self._first, name.text, self.limit, _Listening(command))
        if first.command == command:
            first.ports = ports or first.ports
            return name.text
        if (name.text, command) in self._apart or (ports and first.ports and not ports & first.ports):
            return _recent(self._apart, (name.text, command), self.limit, f"{name.text}:{min(ports, default=0)}")
        return name.text


@define
class _Listening:
    command: int
    ports: frozenset[int] = frozenset()


def _recent(known: OrderedDict[K, V], key: K, limit: int, default: V) -> V:
    """The value of ``key``, now the latest used; of more than ``limit`` the one used longest ago goes."""
    value = known.setdefault(key, default)
    known.move_to_end(key)
    if len(known) > limit:
        known.popitem(last=False)
    return value
