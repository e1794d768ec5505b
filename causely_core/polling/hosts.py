"""Addresses of hosts, for those who know a thing by its name when others see its address."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Mapping

from attrs import define, field

_AT_ONCE = 8
"""Look-ups under way; the threads that do them are shared with everybody in the process."""


@define
class Hosts:
    """Looks names up, and remembers the last answer of each.

    Attributes:
        timeout: seconds for one look-up.
        within: seconds for all of them together; what is not looked up by then has the addresses that it had.
    """

    timeout: float = 5.0
    within: float = 60.0
    _known: dict[str, frozenset[str]] = field(factory=dict, init=False)

    async def addresses(self, names: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """The addresses that each name has now, or had when it was looked up last; none of a name that has none.

        Names that are not asked for any more are forgotten.
        """
        places = asyncio.Semaphore(_AT_ONCE)
        asked = sorted({*names})
        until = asyncio.get_running_loop().time() + self.within
        found = await asyncio.gather(*(self._address(name, places, until) for name in asked))
        self._known = dict(zip(asked, found, strict=True))
        return self._known

    async def _address(self, name: str, places: asyncio.Semaphore, until: float) -> frozenset[str]:
        loop = asyncio.get_running_loop()
        async with places:
            if loop.time() >= until:
                return self._known.get(name, frozenset())
            try:
                look_up = loop.getaddrinfo(name, None, type=socket.SOCK_STREAM)
                rows = await asyncio.wait_for(look_up, self.timeout)
            except socket.gaierror as problem:
                gone = problem.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
                return frozenset() if gone else self._known.get(name, frozenset())
            except (OSError, TimeoutError, UnicodeError):
                return self._known.get(name, frozenset())
            return frozenset(str(address[0]) for *_, address in rows)
