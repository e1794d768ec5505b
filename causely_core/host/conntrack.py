"""Who really answers a client: a connection to a Kubernetes ClusterIP is rewritten to one to a pod (DNAT).

The kernel keeps in mind what it rewrites. It is asked for single connections, which takes 25 us each, in the network
namespace of the machine, where kube-proxy rewrites. Where it may not be asked, the file is read that has all of them:
0.25 s for 50,000.
"""

from __future__ import annotations

import errno
import re
import socket
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from attrs import define, field

from causely_core.host import ctnetlink
from causely_core.host.namespaces import look_into, network_namespaces
from causely_core.host.netlink import NETFILTER, REQUEST, Netlink
from causely_core.host.root import HostRoot, read

End = tuple[str, int]
"""Address and port."""
Asked = tuple[str, End, End]
"""Protocol, the client's own end, and the end that it connected to."""

KEPT = 5.0
"""Seconds for which an answer holds: longer, and another connection may have the same ends."""

_MOST = 4096
"""Answers that are kept."""
_FIRST = 1
"""The machine's first process, which is in the machine's network namespace."""
_LINE = re.compile(
    rb"^ipv[46] +\d+ (\w+) +\d+ [^s\n]*src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)(?: [^s\s]\S*)*"
    rb" +src=(\S+) dst=\S+ sport=(\d+) dport=\d+",
    re.MULTILINE,
)


@define
class Conntrack:
    """Looks up who answers; for one thread at a time.

    Attributes:
        root: the machine.
        budget: connections that may be looked up until :meth:`refill`.
    """

    root: HostRoot
    budget: int
    _left: int = field(init=False)
    _known: OrderedDict[Asked, tuple[float, End | None]] = field(factory=OrderedDict, init=False)
    _table: tuple[float, dict[Asked, End]] | None = field(default=None, init=False)
    _kernel: Netlink | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with a whole budget."""
        self.refill()

    @_kernel.default
    def _open(self) -> Netlink | None:
        """None where the kernel may not be asked, or is not that of the root's machine."""
        try:
            machine = network_namespaces(self.root, [_FIRST])
            if not machine and self.root.path == "/":
                return Netlink(NETFILTER)
            return next(iter(look_into(self.root, machine, lambda _: Netlink(NETFILTER))[0].values()), None)
        except OSError:
            return None

    def close(self) -> None:
        """Let go of the kernel."""
        if self._kernel:
            self._kernel.close()
            self._kernel = None

    def refill(self) -> None:
        """Allow for ``budget`` look-ups more."""
        self._left = self.budget

    def answering(self, local: End, remote: End, now: float, protocol: str = "tcp") -> End | None:
        """The end that answers a client in place of the one that it connected to.

        Args:
            local: the client's own end, as it sees it.
            remote: the end that it connected to.
            now: seconds of any clock that never goes back.
            protocol: ``tcp`` or ``udp``.

        Returns:
            None where nothing is rewritten, where that is not known, and where there is no budget left.
        """
        asked = (protocol, local, remote)
        known = self._known.get(asked)
        if known and now - known[0] < KEPT:
            return known[1]
        if self._left <= 0:
            return None
        self._left -= 1
        answer = self._look_up(asked, now)
        self._known[asked] = (now, answer)
        self._known.move_to_end(asked)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return answer

    def _look_up(self, asked: Asked, now: float) -> End | None:
        if self._kernel:
            try:
                return _ask(self._kernel, asked)
            except OSError:
                # Without the right to ask, or without tracking, it will not be otherwise the next time.
                self.close()
        return self._read(now).get(asked)

    def _read(self, now: float) -> dict[Asked, End]:
        if self._table is None or now - self._table[0] >= KEPT:
            self._table = now, dict(parse_tracked(read(f"{self.root.proc}/{_FIRST}/net/nf_conntrack")))
        return self._table[1]


def parse_tracked(content: bytes) -> Iterator[tuple[Asked, End]]:
    """Connections that are rewritten, each with the end that answers; what is no line of one is left out."""
    for protocol, source, target, source_port, target_port, answer, answer_port in _LINE.findall(content):
        if (target, target_port) != (answer, answer_port):
            with suppress(OSError, ValueError):
                local, remote = (_address(source), int(source_port)), (_address(target), int(target_port))
                yield (protocol.decode(errors="replace"), local, remote), (_address(answer), int(answer_port))


def _ask(kernel: Netlink, asked: Asked) -> End | None:
    try:
        bodies = kernel.ask(ctnetlink.GET, REQUEST, ctnetlink.question(*asked)).bodies
    except ValueError:
        return None
    except OSError as refused:
        if refused.errno == errno.ENOENT:
            return None
        raise
    answer = next((ctnetlink.answering(body) for body in bodies), None)
    return answer if answer != asked[2] else None


@lru_cache(maxsize=_MOST)
def _address(told: bytes) -> str:
    """An address as others write it: the kernel writes all digits of one of IPv6 here."""
    family = socket.AF_INET6 if b":" in told else socket.AF_INET
    return socket.inet_ntop(family, socket.inet_pton(family, told.decode()))
