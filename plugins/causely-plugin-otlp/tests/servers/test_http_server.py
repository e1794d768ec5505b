"""OTLP over HTTP: content types, encodings, and hostile input."""

import asyncio
import gzip
import json
import random
import zlib
from contextlib import asynccontextmanager

import httpx
import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind

from ..builders import GET, request_of, server
from ..conftest import DEADLINE, no_longer_listening, until

PROTOBUF, JSON = {"content-type": "application/x-protobuf"}, {"content-type": "application/json; charset=utf-8"}
GZIP = {"content-encoding": "gzip"}
NOISE = random.Random(1).randbytes(20_000)
CART = request_of({"service.name": "cart"}, server(GET))
IN_JSON = {
    "resourceSpans": [
        {
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
            "futureField": 1,
            "scopeSpans": [
                {
                    "spans": [
                        {
                            "traceId": "5B8EFFF798038103D269B633813FC60C",
                            "spanId": "EEE19B7EC3C1B174",
                            "name": "GET /cart",
                            "kind": 2,
                            "startTimeUnixNano": "1544712660000000000",
                            "endTimeUnixNano": 1544712661000000000,
                            "attributes": [{"key": "http.response.status_code", "value": {"intValue": "500"}}],
                        },
                        {"traceId": "", "spanId": "", "kind": "SPAN_KIND_SERVER", "name": "nameless"},
                    ]
                }
            ],
        }
    ]
}


async def test_protobuf(otlp, http):
    answer = await http.post("/v1/traces", content=CART, headers=PROTOBUF)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-protobuf")
    assert ExportTraceServiceResponse.FromString(answer.content) == ExportTraceServiceResponse()
    await until(lambda: "Service:cart" in otlp.entities)


async def test_json(otlp, http):
    answer = await http.post("/v1/traces", json=IN_JSON, headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["partialSuccess"]["rejectedSpans"] == "1"
    await until(lambda: "Operation:shop:GET /cart" in otlp.entities)
    assert otlp.counted("causely.otlp.rejected")["traces"] == 1


@pytest.mark.parametrize(
    ("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)]
)
async def test_encodings(otlp, http, encoding, encode):
    headers = {**PROTOBUF, "content-encoding": encoding}
    assert (await http.post("/v1/traces", content=encode(CART), headers=headers)).status_code == 200
    await until(lambda: "Service:cart" in otlp.entities)


@pytest.mark.parametrize("signal", ["traces", "metrics", "logs"])
async def test_an_empty_request_is_fine(http, signal):
    assert (await http.post(f"/v1/{signal}", content=b"", headers=PROTOBUF)).status_code == 200
    assert (await http.post(f"/v1/{signal}", content=b"{}", headers=JSON)).status_code == 200


def in_an_attribute(value):
    return b'{"resourceSpans": [{"resource": {"attributes": [{"key": "a", "value": ' + value + b"}]}}]}"


HOSTILE = {
    "random bytes": (400, NOISE, PROTOBUF),
    "random bytes as JSON": (400, NOISE, JSON),
    "no JSON object": (400, b"[]", JSON),
    "nothing as JSON": (400, b"", JSON),
    "JSON that never ends": (400, b'{"a":' * 10_000, JSON),
    "100,000 objects in each other": (400, gzip.compress(b'{"":' * 100_000 + b"1" + b"}" * 100_000), JSON | GZIP),
    "100,000 lists in each other": (400, gzip.compress(b"[" * 100_000 + b"]" * 100_000), JSON | GZIP),
    "a kind without end": (400, b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"kind": 1e400}]}]}]}', JSON),
    "a number of 400 digits": (400, in_an_attribute(b'{"doubleValue": ' + b"9" * 400 + b"}"), JSON),
    "half a character": (400, in_an_attribute(b'{"stringValue": "\\ud800"}'), JSON),
    "not a number": (400, b'{"resourceSpans": NaN}', JSON),
    "an id that is no id": (400, json.dumps({"resourceSpans": [{"traceId": "xyz"}]}).encode(), JSON),
    "truncated gzip": (400, gzip.compress(NOISE)[:5_000], PROTOBUF | GZIP),
    "bytes after the gzip": (400, gzip.compress(CART) + b"more", PROTOBUF | GZIP),
    "a second gzip": (400, gzip.compress(CART) * 2, PROTOBUF | GZIP),
    "no gzip": (400, b"hello", PROTOBUF | GZIP),
    "a plain text": (415, b"hello", {"content-type": "text/plain"}),
    "no content type": (415, b"hello", {}),
    "an unknown encoding": (415, b"hello", {**PROTOBUF, "content-encoding": "br"}),
    "64 MiB": (413, bytes(64 << 20), PROTOBUF),
    "64 MiB in a gzip bomb": (413, gzip.compress(bytes(64 << 20)), PROTOBUF | GZIP),
}


@pytest.mark.parametrize(("status", "content", "headers"), HOSTILE.values(), ids=HOSTILE)
async def test_hostile_input_gets_the_protocols_answer(otlp, http, status, content, headers):
    answer = await http.post("/v1/traces", content=content, headers=headers)
    assert answer.status_code == status
    if "json" in headers.get("content-type", ""):
        assert answer.json()["message"]
    else:
        assert Status.FromString(answer.content).message
    assert sum(otlp.counted("causely.otlp.refused").values()) == 1
    assert (await http.post("/v1/traces", content=CART, headers=PROTOBUF)).status_code == 200
    assert otlp.room.used == 0


async def test_a_body_in_pieces_is_bounded_too(otlp, http):
    async def pieces():
        for _ in range(1024):
            yield bytes(64 << 10)

    answer = await http.post("/v1/traces", content=pieces(), headers=PROTOBUF)
    assert answer.status_code == 413
    assert otlp.room.used == 0


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/traces", 405), ("POST", "/v1/profiles", 404)])
async def test_other_methods_and_paths(http, method, path, status):
    assert (await http.request(method, path)).status_code == status


async def test_a_body_that_goes_wrong_after_its_answer_disturbs_nobody(otlp, http):
    reader, writer = await asyncio.open_connection("127.0.0.1", otlp.receiver.http.port)
    writer.write(b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert (await status_line(reader)).startswith(b"HTTP/1.1 415")
    writer.write(b"zz\r\n")
    await asyncio.wait_for(reader.read(), DEADLINE)
    writer.close()
    assert (await http.post("/v1/traces", content=CART, headers=PROTOBUF)).status_code == 200


@asynccontextmanager
async def begun(otlp, length):
    """A request whose body of ``length`` bytes has begun; gives its reader and writer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", otlp.receiver.http.port)
    head = "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {}\r\n\r\n"
    writer.write(head.format(length).encode() + CART[:2])
    await until(lambda: otlp.room.used == 2)
    try:
        yield reader, writer
    finally:
        writer.close()


async def status_line(reader):
    return await asyncio.wait_for(reader.readline(), DEADLINE)


async def test_a_body_that_does_not_come_is_not_waited_for(receiving):
    otlp = await receiving(request_timeout=0.2)
    async with begun(otlp, 9) as (reader, _):
        assert (await status_line(reader)).startswith(b"HTTP/1.1 408")
    assert otlp.room.used == 0


HEAD = b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"


@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + b"\r\n" + HEAD], ids=["none", "the first", "the second"])
async def test_a_head_that_does_not_come_is_not_waited_for(receiving, sent):
    otlp = await receiving(request_timeout=0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", otlp.receiver.http.port)
    writer.write(sent)
    await asyncio.wait_for(reader.read(), DEADLINE)
    writer.close()


async def test_a_connection_that_rests_is_kept_for_the_next_export(receiving):
    otlp = await receiving(request_timeout=0.05)
    async with httpx.AsyncClient(base_url=otlp.http) as http:
        streams = set()
        deadline = asyncio.get_running_loop().time() + 0.5
        while asyncio.get_running_loop().time() < deadline:
            answer = await http.post("/v1/traces", content=CART, headers=PROTOBUF)
            streams.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
            await asyncio.sleep(0.15)
    assert len(streams) == 1


async def test_a_client_that_goes_away_leaves_nothing_behind(otlp, http):
    async with begun(otlp, 99):
        pass
    await until(lambda: otlp.room.used == 0)
    assert (await http.post("/v1/traces", content=CART, headers=PROTOBUF)).status_code == 200


async def test_too_many_requests_are_told_when_to_retry(receiving):
    otlp = await receiving(max_concurrent_requests=1)
    async with httpx.AsyncClient(base_url=otlp.http) as http, begun(otlp, len(CART)) as (reader, writer):
        answer = await http.post("/v1/traces", content=CART, headers=PROTOBUF)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        writer.write(CART[2:])
        assert (await status_line(reader)).startswith(b"HTTP/1.1 200")
        assert (await http.post("/v1/traces", content=CART, headers=PROTOBUF)).status_code == 200


async def test_a_request_that_runs_may_end_when_it_stops_and_nothing_is_lost(receiving):
    otlp = await receiving()
    async with begun(otlp, len(CART)) as (reader, writer):
        stopping = asyncio.create_task(otlp.stop())
        await no_longer_listening("127.0.0.1", otlp.receiver.http.port)
        writer.write(CART[2:])
        assert (await status_line(reader)).startswith(b"HTTP/1.1 200")
        await stopping
    await otlp.start()
    await until(lambda: "Service:cart" in otlp.entities)


NO_HTTP = {
    "a TLS greeting": b"\x16\x03\x01\x02\x00" + NOISE,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a path without end": b"POST /" + b"a" * 100_000,
    "a negative length": b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\n",
    "no chunk": b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
}


@pytest.mark.parametrize("sent", NO_HTTP.values(), ids=NO_HTTP)
async def test_a_client_that_speaks_no_http_disturbs_nobody(otlp, http, sent):
    reader, writer = await asyncio.open_connection("127.0.0.1", otlp.receiver.http.port)
    writer.write(sent)
    assert (await status_line(reader)).startswith(b"HTTP/1.1 4")
    writer.close()
    assert (await http.post("/v1/traces", content=CART, headers=PROTOBUF)).status_code == 200


async def test_without_room_clients_are_told_when_to_retry(otlp, http):
    otlp.room.take(otlp.room.limit)
    answer = await http.post("/v1/traces", content=CART, headers=PROTOBUF)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    otlp.room.give(otlp.room.limit)
    assert (await http.post("/v1/traces", content=CART, headers=PROTOBUF)).status_code == 200


async def test_a_taken_port_is_one_clear_line(otlp, receiving):
    endpoint = f"127.0.0.1:{otlp.receiver.http.port}"
    with pytest.raises(OSError, match=f"cannot listen on {endpoint}: Address already in use"):
        await receiving(http_endpoint=endpoint)


def report(exporter, name):
    """Export one span of a service by the OpenTelemetry SDK."""
    provider = TracerProvider(resource=Resource({"service.name": name}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("t").start_span("work", kind=SpanKind.SERVER).end()
    provider.shutdown()


@pytest.mark.parametrize("compression", list(Compression))
async def test_the_opentelemetry_exporter(otlp, compression):
    exporter = OTLPSpanExporter(endpoint=f"{otlp.http}/v1/traces", compression=compression)
    await asyncio.to_thread(report, exporter, "python")
    await until(lambda: "Service:python" in otlp.entities)
    assert otlp.counted("causely.otlp.accepted") == {"traces": 1}


async def test_the_opentelemetry_exporter_comes_back_and_nothing_is_lost(otlp):
    otlp.room.take(otlp.room.limit)
    exporter = OTLPSpanExporter(endpoint=f"{otlp.http}/v1/traces")
    reporting = asyncio.create_task(asyncio.to_thread(report, exporter, "patient"))
    await until(lambda: otlp.counted("causely.otlp.refused").get("overloaded"))
    otlp.room.give(otlp.room.limit)
    await reporting
    await until(lambda: "Service:patient" in otlp.entities)


async def test_json_has_a_limit_of_its_own(receiving):
    otlp = await receiving(max_json_bytes=1000)
    async with httpx.AsyncClient(base_url=otlp.http, timeout=DEADLINE) as http:
        large = b'{"resourceSpans": []' + b" " * 1000 + b"}"
        assert (await http.post("/v1/traces", content=large, headers=JSON)).status_code == 413
        assert (await http.post("/v1/traces", content=b"{}", headers=JSON)).status_code == 200
