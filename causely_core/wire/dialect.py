"""The two services that speak the same sequenced link, told apart in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import grpc
from attrs import frozen

from causely_core.wire.pb import agent_service_pb2 as agent
from causely_core.wire.pb import agent_service_pb2_grpc as agent_grpc
from causely_core.wire.pb import analyzer_service_pb2 as analyzer
from causely_core.wire.pb import analyzer_service_pb2_grpc as analyzer_grpc
from causely_core.wire.pb import evidence_pb2, update_pb2

Request: TypeAlias = agent.ForwardRequest | analyzer.MediateRequest
Response: TypeAlias = agent.ForwardResponse | analyzer.MediateResponse
# gRPC types the two services' calls invariantly, so that no union of them fits.
Call: TypeAlias = "grpc.aio.StreamStreamCall[Any, Any]"
Metadata: TypeAlias = tuple[tuple[str, str], ...]


@frozen
class Dialect:
    """How one service wraps the messages of a link.

    Attributes:
        name: for people and metrics.
        call: opens the stream on a channel, with metadata.
        hello: wraps the opening message.
        update: wraps an update.
    """

    name: str
    call: Callable[[grpc.aio.Channel, Metadata], Call]
    hello: Callable[[update_pb2.Hello], Request]
    update: Callable[[update_pb2.Update], Request]


FORWARD = Dialect(
    "forward",
    lambda channel, metadata: agent_grpc.AgentServiceStub(channel).Forward(metadata=metadata),
    lambda hello: agent.ForwardRequest(hello=hello),
    lambda update: agent.ForwardRequest(update=update),
)
"""Agent to mediator."""

MEDIATE = Dialect(
    "mediate",
    lambda channel, metadata: analyzer_grpc.AnalyzerServiceStub(channel).Mediate(metadata=metadata),
    lambda hello: analyzer.MediateRequest(hello=hello),
    lambda update: analyzer.MediateRequest(update=update),
)
"""Mediator to analyzer."""


def evidence_request(response: Response) -> evidence_pb2.EvidenceRequest | None:
    """The evidence request that a response carries, if any."""
    if isinstance(response, analyzer.MediateResponse) and response.HasField("evidence_request"):
        return response.evidence_request
    return None
