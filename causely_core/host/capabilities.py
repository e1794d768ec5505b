"""Rights of the process itself, by which root in a container is less than root: what is off without some of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_NUMBERS = {
    "CAP_DAC_READ_SEARCH": 2,
    "CAP_NET_ADMIN": 12,
    "CAP_SYS_PTRACE": 19,
    "CAP_SYS_ADMIN": 21,
    "CAP_PERFMON": 38,
    "CAP_BPF": 39,
}
"""Bits of linux/capability.h, of those that watching a machine takes."""

_EFFECTIVE = re.compile(r"^CapEff:\s*([0-9a-f]+)$", re.MULTILINE)


@frozen
class Need:
    """What something takes.

    Attributes:
        capabilities: any of these will do; the first is the one to grant.
        off: what is off without.
    """

    capabilities: tuple[str, ...]
    off: str


def held(status: str | None = None) -> frozenset[str]:
    """The capabilities in effect, of those that matter here.

    Args:
        status: content of ``/proc/<pid>/status``; none for the process itself.
    """
    text = Path("/proc/self/status").read_text() if status is None else status
    found = _EFFECTIVE.search(text)
    bits = int(found[1], 16) if found else 0
    return frozenset(name for name, number in _NUMBERS.items() if bits >> number & 1)


def unmet(needs: Iterable[Need], capabilities: frozenset[str]) -> Iterator[Need]:
    """Those of ``needs`` for which there is no capability."""
    return (need for need in needs if not capabilities.intersection(need.capabilities))


def tell_unmet(needs: Iterable[Need], logger: FilteringBoundLogger) -> None:
    """Log a line for each of ``needs`` that the process has no capability for."""
    for need in unmet(needs, held()):
        logger.warning("capability missing", capability=need.capabilities[0], off=need.off)
