"""Answers of the OTLP protocol: success, partial success, and errors that tell when to come back.

Source: https://opentelemetry.io/docs/specs/otlp/
"""

from __future__ import annotations

import grpc
from attrs import frozen
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from causely_plugin_otlp.errors import BadPayload, OtlpError, Overloaded, TooLarge, TooSlow, UnknownType
from causely_plugin_otlp.signals import Outcome, Signal

RETRY_AFTER = 1
"""Seconds after which a client that was turned away should come back."""


@frozen
class Service:
    """The collector service of one signal.

    Attributes:
        name: full name of the gRPC service.
        request: its message.
        response: its message.
        rejected: the field of ``partial_success`` that counts rejected items.
    """

    name: str
    request: type[Message]
    response: type[Message]
    rejected: str

    def answer(self, outcome: Outcome) -> Message:
        """The response to a request that was taken, in part at least."""
        response = self.response()
        if outcome.rejected:
            partial = response.partial_success  # type: ignore[attr-defined]
            setattr(partial, self.rejected, outcome.rejected.total())
            partial.error_message = outcome.message
        return response


SERVICES = {
    Signal.TRACES: Service(
        "opentelemetry.proto.collector.trace.v1.TraceService",
        trace_service_pb2.ExportTraceServiceRequest,
        trace_service_pb2.ExportTraceServiceResponse,
        "rejected_spans",
    ),
    Signal.METRICS: Service(
        "opentelemetry.proto.collector.metrics.v1.MetricsService",
        metrics_service_pb2.ExportMetricsServiceRequest,
        metrics_service_pb2.ExportMetricsServiceResponse,
        "rejected_data_points",
    ),
    Signal.LOGS: Service(
        "opentelemetry.proto.collector.logs.v1.LogsService",
        logs_service_pb2.ExportLogsServiceRequest,
        logs_service_pb2.ExportLogsServiceResponse,
        "rejected_log_records",
    ),
}

_CODES: dict[type[OtlpError], tuple[grpc.StatusCode, int]] = {
    BadPayload: (grpc.StatusCode.INVALID_ARGUMENT, 400),
    UnknownType: (grpc.StatusCode.INVALID_ARGUMENT, 415),
    TooLarge: (grpc.StatusCode.RESOURCE_EXHAUSTED, 413),
    TooSlow: (grpc.StatusCode.DEADLINE_EXCEEDED, 408),
    Overloaded: (grpc.StatusCode.UNAVAILABLE, 503),
}


def refusal(problem: OtlpError) -> Status:
    """The status that tells a client why its request was refused, and when to retry if it may."""
    status = Status(code=grpc_code(problem).value[0], message=str(problem))
    if isinstance(problem, Overloaded):
        detail = AnyMessage()
        detail.Pack(RetryInfo(retry_delay=Duration(seconds=RETRY_AFTER)))
        status.details.append(detail)
    return status


def grpc_code(problem: OtlpError) -> grpc.StatusCode:
    """The gRPC status code of a refusal."""
    return _CODES[type(problem)][0]


def http_status(problem: OtlpError) -> int:
    """The HTTP status of a refusal."""
    return _CODES[type(problem)][1]
