"""The two gRPC services in front of a :class:`LinkReceiver`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import structlog
from attrs import define, field
from structlog.typing import FilteringBoundLogger

from causely_core.model import EvidenceRequest
from causely_core.wire.convert import evidence_request_to_pb
from causely_core.wire.errors import WireError
from causely_core.wire.pb import agent_service_pb2 as agent
from causely_core.wire.pb import agent_service_pb2_grpc as agent_grpc
from causely_core.wire.pb import analyzer_service_pb2 as analyzer
from causely_core.wire.pb import analyzer_service_pb2_grpc as analyzer_grpc
from causely_core.wire.pb import update_pb2
from causely_core.wire.receiver import LinkReceiver
from causely_core.wire.session import Superseded
from causely_core.wire.token import Tokens, is_proven


@define(eq=False)
class _Stream:
    """The answering half of one open stream; its writes are serialised, which gRPC demands."""

    context: Any
    lock: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def write(self, response: agent.ForwardResponse | analyzer.MediateResponse) -> None:
        async with self.lock:
            await self.context.write(response)


@define(eq=False)
class LinkServer:
    """Serves streams of senders with a receiver; one for each service of a process.

    Attributes:
        receiver: where updates go.
        tokens: of which a sender must show one; none to serve whoever can connect.
    """

    receiver: LinkReceiver
    logger: FilteringBoundLogger = field(factory=structlog.get_logger)
    tokens: Tokens | None = None
    _streams: dict[str, _Stream] = field(factory=dict, init=False)

    @property
    def connected(self) -> frozenset[str]:
        """Names of the senders whose stream is open now."""
        return frozenset(self._streams)

    async def _serve(self, requests: Any, context: Any, wrap: Callable[[update_pb2.Ack], Any]) -> None:
        if self.tokens and not is_proven(context.invocation_metadata(), self.tokens):
            self.logger.warning("link refused", reason="it shows no token or a wrong one", peer=context.peer())
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "expected authorization: Bearer and a valid token")
        try:
            await self._answer(requests, _Stream(context), wrap)
        except WireError as error:
            self.logger.warning("link refused", reason=str(error))
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except Superseded as error:
            await context.abort(grpc.StatusCode.ABORTED, f"{error} has opened another stream")
        except Exception as error:
            self.logger.error("link updates not stored", reason=f"{type(error).__name__}: {error}")
            await context.abort(grpc.StatusCode.UNAVAILABLE, "updates could not be stored, try again")

    async def _answer(self, requests: Any, stream: _Stream, wrap: Callable[[update_pb2.Ack], Any]) -> None:
        session = await self.receiver.open(requests)
        name = session.sender.name
        self._streams[name] = stream
        try:
            async for ack in session.acks():
                await stream.write(wrap(ack))
        finally:
            if self._streams.get(name) is stream:
                del self._streams[name]


class AgentLink(LinkServer, agent_grpc.AgentServiceServicer):
    """``AgentService``: agents forward to the mediator."""

    async def Forward(  # type: ignore[override]
        self, request_iterator: AsyncIterator[agent.ForwardRequest], context: Any
    ) -> None:
        """Serve one agent until its stream ends."""
        await self._serve(request_iterator, context, lambda ack: agent.ForwardResponse(ack=ack))

    def add_to(self, server: grpc.aio.Server) -> None:
        """Register with ``server`` before it is started."""
        agent_grpc.add_AgentServiceServicer_to_server(self, server)


class AnalyzerLink(LinkServer, analyzer_grpc.AnalyzerServiceServicer):
    """``AnalyzerService``: mediators send to the analyzer and answer its evidence requests."""

    async def Mediate(  # type: ignore[override]
        self, request_iterator: AsyncIterator[analyzer.MediateRequest], context: Any
    ) -> None:
        """Serve one mediator until its stream ends."""
        await self._serve(request_iterator, context, lambda ack: analyzer.MediateResponse(ack=ack))

    async def request_evidence(self, sender: str, request: EvidenceRequest) -> bool:
        """Ask the mediator named ``sender``; false when it is not connected now.

        Raises:
            WireError: the request is not well-formed.
        """
        response = analyzer.MediateResponse(evidence_request=evidence_request_to_pb(request))
        stream = self._streams.get(sender)
        if stream is None:
            return False
        try:
            await stream.write(response)
        except (grpc.aio.UsageError, grpc.RpcError, asyncio.InvalidStateError):
            return False
        return True

    def add_to(self, server: grpc.aio.Server) -> None:
        """Register with ``server`` before it is started."""
        analyzer_grpc.add_AnalyzerServiceServicer_to_server(self, server)
