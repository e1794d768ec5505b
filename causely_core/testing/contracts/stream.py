"""What collectors and discoverers promise alike: streams that end, release, remember little and press no server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from causely_core.model import ManualClock
from causely_core.testing.contracts.plugin import PluginContract
from causely_core.testing.contracts.refusals import Driven, check_overloaded, check_refused
from causely_core.testing.contracts.remembering import KEPT, check_remembering
from causely_core.testing.contracts.streams import check_cancelling, check_releasing
from causely_core.testing.fix import fix
from causely_core.testing.loopback.upstream import Upstream


class StreamContract(PluginContract):
    """Inherited by :class:`CollectorContract` and :class:`DiscovererContract`.

    Where the fixture ``section`` (or ``plugin``) uses the fixture ``upstream``, the plugin is seen as well while that
    server refuses.

    Attributes:
        first_within: seconds within which the first item of a stream comes.
        kept: bytes that may come and go while nothing changes; more where what is watched changes by itself.
    """

    first_within: ClassVar[float] = 10.0
    kept: ClassVar[int] = KEPT

    @pytest.fixture
    def open_stream(self) -> Callable[[], Any]:
        """Begins the stream that is tested."""
        raise NotImplementedError

    @pytest.fixture
    def driven_stream(
        self, request: pytest.FixtureRequest, open_stream: Callable[[], Any], clock: ManualClock
    ) -> Driven:
        """The stream, and the server that it asks. Tests that use it are left out where it asks none."""
        server = request.getfixturevalue("upstream")
        if server is None:
            pytest.skip("the fixture `upstream` is None")
        if not isinstance(server, Upstream):
            fix(f"the fixture `upstream` is a {type(server).__name__}", "return causely_core.testing.Upstream, or None")
        return Driven(open_stream, server, clock, self.first_within)

    @pytest.mark.asyncio
    async def test_the_stream_ends_when_it_is_cancelled(self, open_stream: Callable[[], Any]) -> None:
        """At once, wherever it waits."""
        await check_cancelling(open_stream, self.first_within)

    @pytest.mark.asyncio
    async def test_the_stream_releases_what_it_opened(self, open_stream: Callable[[], Any]) -> None:
        """Files, sockets, threads and tasks; the stream can be opened again."""
        await check_releasing(open_stream, self.first_within)

    @pytest.mark.asyncio
    async def test_memory_is_bounded(self, open_stream: Callable[[], Any], clock: ManualClock) -> None:
        """What is remembered does not grow with each round while nothing changes."""
        await check_remembering(open_stream, clock, self.first_within, self.kept)

    @pytest.mark.asyncio
    async def test_it_waits_as_long_as_a_server_asks_for(self, driven_stream: Driven) -> None:
        """Refused with 429 and ``Retry-After``, it does not ask the same before, and goes on soon after."""
        await check_refused(driven_stream)

    @pytest.mark.asyncio
    async def test_it_does_not_press_a_server_that_fails(self, driven_stream: Driven) -> None:
        """Refused with 503, it asks seldom, and goes on soon after."""
        await check_overloaded(driven_stream)
