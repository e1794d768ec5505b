"""gRPC is recorded at the wire, whatever its methods are, and replayed without the server."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
import yaml
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

pytest_plugins = ["pytester"]

HEAD = """
import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest
from grpc_health.v1.health_pb2_grpc import HealthStub

async def test_it(golden):
    target = golden.grpc("health", "{target}")
    async with grpc.aio.insecure_channel(target) as channel:
        raw, stub = channel.stream_stream("/of.Strangers/Echo"), HealthStub(channel)
"""

UNARY = """
assert (await stub.Check(HealthCheckRequest(service="mail"), timeout=20)).status == 1
with pytest.raises(grpc.aio.AioRpcError) as told:
    await stub.Check(HealthCheckRequest(service="none"), timeout=20)
assert told.value.code() == grpc.StatusCode.NOT_FOUND
"""
WATCH = """
call = stub.Watch(HealthCheckRequest(service="mail"), timeout=20)
assert (await call.read()).status == 1
call.cancel()
"""
ECHO = """
call = raw(metadata=[("authorization", "Bearer hunter2")], timeout=20)
for word in (b"one", b"two"):
    await call.write(word)
    assert await call.read() == word * 2
await call.done_writing()
with pytest.raises(grpc.aio.AioRpcError):
    await call.read()
assert await call.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
assert ("quota", "0") in list(await call.trailing_metadata())
"""


class Strangers(grpc.GenericRpcHandler):
    """A service whose types nobody knows: it says everything twice, and shows what it was told."""

    seen = None

    def service(self, details):
        return grpc.stream_stream_rpc_method_handler(self.echo) if details.method == "/of.Strangers/Echo" else None

    def echo(self, requests, context):
        self.seen = dict(context.invocation_metadata())
        for data in requests:
            yield data * 2
        context.set_trailing_metadata((("quota", "0"), ("session-token", "hunter2")))
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "ask hunter2@example.com later")


@pytest.fixture
def strangers():
    return Strangers()


@pytest.fixture
def target(strangers):
    server = grpc.server(ThreadPoolExecutor(4))
    servicer = health.HealthServicer()
    servicer.set("mail", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_generic_rpc_handlers([strangers])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def play(golden_tests, target):
    """Runs a test that calls; where it replays, there is no server."""

    def run(calls, *options):
        there = target if options else "127.0.0.1:1"
        body = "\n        ".join(["", *calls.strip().splitlines()])
        return golden_tests(HEAD.format(target=there) + body + "\n", "-o", "asyncio_mode=auto", *options)

    return run


@pytest.fixture
def recorded(pytester):
    return lambda: yaml.safe_load((pytester.path / "golden" / "test_it" / "health.yaml").read_text())["exchanges"]


def test_calls_are_replayed_with_their_status(play, recorded):
    assert "1 passed" in play(UNARY, "--golden-record")
    well, missing = recorded()
    assert well["request"] == {"method": "/grpc.health.v1.Health/Check", "message": {"json": {"service": "mail"}}}
    assert (well["said"], well["status"]) == ([{"answers": {"json": {"status": "SERVING"}}}], "OK")
    assert missing["status"] == "NOT_FOUND"
    assert "1 passed" in play(UNARY)


def test_a_stream_that_is_cancelled_is_replayed(play, recorded):
    assert "1 passed" in play(WATCH, "--golden-record")
    assert recorded()[0]["status"] == "CANCELLED"
    assert "1 passed" in play(WATCH)


def test_streams_of_both_sides_are_replayed_in_their_order_without_secrets(play, recorded, strangers):
    assert "1 passed" in play(ECHO, "--golden-record")
    assert strangers.seen["authorization"] == "Bearer hunter2"
    (echo,) = recorded()
    assert "hunter2" not in str(echo)
    assert (echo["status"], echo["details"]) == ("RESOURCE_EXHAUSTED", "ask SCRUBBED later")
    assert ["session-token", "SCRUBBED"] in echo["trailing"]
    assert [next(iter(each)) for each in echo["said"]] == ["answers", "asks", "answers"]
    assert "1 passed" in play(ECHO)


def test_what_is_not_recorded_fails_the_test_with_one_line(play):
    play(UNARY, "--golden-record")
    output = play('await stub.Check(HealthCheckRequest(service="other"), timeout=20)')
    assert "/grpc.health.v1.Health/Check {'service': 'other'} is not in " in output
    assert "/grpc.health.v1.Health/Check {'service': 'mail'}" in output.partition("which has")[2]
    assert "AioRpcError" not in output


@pytest.mark.parametrize("secret", ["AKIAIOSFODNN7EXAMPLE", "hunter2@example.com"])
def test_secrets_in_bytes_that_nobody_can_read_are_refused(play, pytester, secret):
    call = ECHO.replace('b"one"', f'b"{secret} "')
    assert "health.yaml would hold what looks like a secret (" in play(call, "--golden-record")
    assert not (pytester.path / "golden").exists()
