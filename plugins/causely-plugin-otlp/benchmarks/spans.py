"""Spans a second through gRPC into the service graph, on one core. Prints figures, asserts nothing.

The receiver runs in a process of its own, held to one core; a client on the other cores keeps some requests in
flight. Spans carry ten attributes, in batches of 512, as the batch processors of the SDKs send them: half of them
server spans, the other half the client spans that caused these, with paths, ids and addresses that do not repeat.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import gettempdir

import grpc
import structlog
from causely_plugin_otlp import OtlpConfig
from causely_plugin_otlp.receiver import OtlpReceiver
from opentelemetry.metrics import NoOpMeter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock

BATCH = 512
SERVICES = 20
ROUTES = 10
_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def attributes(**values: str | int) -> list[KeyValue]:
    """OTLP attributes; two underscores stand for a dot."""
    return [
        KeyValue(
            key=key.replace("__", "."),
            value=AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value),
        )
        for key, value in values.items()
    ]


def server(chance: random.Random, trace: bytes, parent: bytes, service: int, route: int) -> Span:
    """What an HTTP framework's instrumentation reports."""
    start = time.time_ns()
    found = attributes(
        http__request__method="GET",
        http__route=f"/things/{route}/{{id}}",
        http__response__status_code=500 if chance.random() < 0.01 else 200,
        url__path=f"/things/{route}/{chance.randrange(10**6)}",
        url__scheme="http",
        server__address=f"service-{service}",
        server__port=8080,
        client__address=f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}",
        user_agent__original="python-httpx/0.28.1",
        network__protocol__version="1.1",
    )
    return Span(
        trace_id=trace,
        span_id=chance.randbytes(8),
        parent_span_id=parent,
        name=f"GET /things/{route}/{{id}}",
        kind=Span.SPAN_KIND_SERVER,
        start_time_unix_nano=start,
        end_time_unix_nano=start + chance.randrange(10**6, 10**8),
        attributes=found,
    )


def client(chance: random.Random, trace: bytes, id: bytes, service: int, route: int) -> Span:
    """What an HTTP client's instrumentation reports."""
    start = time.time_ns()
    found = attributes(
        http__request__method="GET",
        http__response__status_code=200,
        url__full=f"http://service-{service}:8080/things/{route}/{chance.randrange(10**6)}",
        server__address=f"service-{service}",
        server__port=8080,
        network__protocol__version="1.1",
        network__peer__address=f"10.0.0.{service}",
        network__peer__port=8080,
        thread__id=chance.randrange(64),
        http__request__resend_count=0,
    )
    return Span(
        trace_id=trace,
        span_id=id,
        parent_span_id=chance.randbytes(8),
        name="GET",
        kind=Span.SPAN_KIND_CLIENT,
        start_time_unix_nano=start,
        end_time_unix_nano=start + chance.randrange(10**6, 10**8),
        attributes=found,
    )


def batches(count: int) -> list[bytes]:
    """Serialized requests: the first half of them servers', the other half the callers'."""
    chance = random.Random(1)
    made: list[bytes] = []
    for _ in range(count // 2):
        caller, callee = chance.sample(range(SERVICES), 2)
        calls = [(chance.randbytes(16), chance.randbytes(8), chance.randrange(ROUTES)) for _ in range(BATCH)]
        made.append(_request(caller, [client(chance, trace, id, callee, route) for trace, id, route in calls]))
        made.append(_request(callee, [server(chance, trace, id, callee, route) for trace, id, route in calls]))
    return made


def _request(service: int, spans: list[Span]) -> bytes:
    part = ResourceSpans(scope_spans=[ScopeSpans(spans=spans)])
    part.resource.attributes.extend(
        attributes(service__name=f"service-{service}", k8s__namespace__name="shop", k8s__pod__name=f"pod-{service}")
    )
    return ExportTraceServiceRequest(resource_spans=[part]).SerializeToString()


def serve(pipe: Connection) -> None:
    """The process under measurement: receives until told to stop, then tells its processor time."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    asyncio.run(_serve(pipe))


async def _serve(pipe: Connection) -> None:
    config = OtlpConfig(grpc_endpoint="127.0.0.1:0", http_endpoint="127.0.0.1:0")
    context = HookContext(
        "mediator", config, SystemClock(), structlog.get_logger(), NoOpMeter("bench"), Path(gettempdir())
    )
    receiver = OtlpReceiver(context)
    observing = asyncio.create_task(_drain(receiver))
    while not receiver.http.port:  # noqa: ASYNC110 - what is waited for offers no event
        await asyncio.sleep(0.01)
    pipe.send(receiver.grpc.port)
    await asyncio.to_thread(pipe.recv)
    pipe.send((time.process_time(), time.monotonic()))
    await asyncio.to_thread(pipe.recv)
    pipe.send((time.process_time(), time.monotonic()))
    observing.cancel()


async def _drain(receiver: OtlpReceiver) -> None:
    async for _ in receiver.observe():
        pass


async def send(port: int, requests: list[bytes], seconds: float, in_flight: int) -> int:
    """Send for some seconds; returns how many requests were acknowledged."""
    sent = 0
    deadline = time.monotonic() + seconds
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        export = channel.unary_unary(_EXPORT)

        async def keep_sending() -> None:
            nonlocal sent
            while time.monotonic() < deadline:
                await export(requests[sent % len(requests)])
                sent += 1

        await asyncio.gather(*(keep_sending() for _ in range(in_flight)))
    return sent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--in-flight", type=int, default=4)
    options = parser.parse_args()
    requests = batches(200)
    pipe, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    port = pipe.recv()
    asyncio.run(send(port, requests, 1.0, options.in_flight))
    pipe.send(None)
    cpu, begin = pipe.recv()
    acknowledged = asyncio.run(send(port, requests, options.seconds, options.in_flight))
    pipe.send(None)
    cpu_after, end = pipe.recv()
    process.join()
    spans, wall, busy = acknowledged * BATCH, end - begin, cpu_after - cpu
    print(f"{spans:,} spans of 10 attributes in {acknowledged:,} requests, {len(requests[0]):,} bytes each")
    print(f"{spans / wall:,.0f} spans/s on one core ({100 * busy / wall:.0f} % busy)")
    print(f"{1e6 * busy / spans:.2f} us of processor time a span")


if __name__ == "__main__":
    main()
