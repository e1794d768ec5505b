"""Hostile bodies cost the receiving process little memory, and it serves on."""

import asyncio
import gzip
import subprocess
import sys
from pathlib import Path

import grpc
import httpx
import pytest
from attrs import frozen

from ..builders import GET, request_of, server
from ..conftest import DEADLINE

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PROTOBUF, JSON = {"content-type": "application/x-protobuf"}, {"content-type": "application/json"}
CART = request_of({"service.name": "cart"}, server(GET))
MIB = 1 << 20
ZEROS = bytes(64 * MIB)
BOMB = gzip.compress(ZEROS)


@frozen
class Process:
    """The receiving process."""

    id: int
    grpc: str
    http: str

    @property
    def peak(self):
        """The most memory it has had resident so far, in bytes."""
        lines = Path(f"/proc/{self.id}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    folder = tmp_path_factory.mktemp("receiving")
    told = folder / "stderr"
    command = [sys.executable, Path(__file__).with_name("receiving_process.py"), folder]
    with (
        told.open("w") as stderr,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True) as running,
    ):
        grpc_port, http_port = running.stdout.readline().split()
        yield Process(running.pid, f"127.0.0.1:{grpc_port}", f"http://127.0.0.1:{http_port}/v1/traces")
        running.stdin.close()
        assert running.wait(DEADLINE) == 0
    assert "Traceback" not in told.read_text()


async def post(process, content, **headers):
    async with httpx.AsyncClient(timeout=DEADLINE) as client:
        return (await client.post(process.http, content=content, headers=PROTOBUF | headers)).status_code


async def call(process, message, **options):
    sending = [("grpc.max_send_message_length", -1)]
    async with grpc.aio.insecure_channel(process.grpc, options=sending) as channel:
        try:
            await channel.unary_unary(EXPORT)(message, **options)
        except grpc.aio.AioRpcError as problem:
            return problem.code().name
    return "OK"


async def pieces(content):
    for start in range(0, len(content), MIB):
        yield content[start : start + MIB]


HOSTILE = {
    "announced": lambda process: post(process, ZEROS),
    "in pieces": lambda process: post(process, pieces(ZEROS)),
    "a bomb": lambda process: post(process, BOMB, **{"content-encoding": "gzip"}),
    "a bomb in pieces": lambda process: post(process, pieces(BOMB), **{"content-encoding": "gzip"}),
    "a message": lambda process: call(process, ZEROS),
    "a bomb of a message": lambda process: call(process, ZEROS, compression=grpc.Compression.Gzip),
}


@pytest.mark.parametrize("send", HOSTILE.values(), ids=HOSTILE)
async def test_64_mib_are_refused_in_little_memory(process, send):
    assert await post(process, CART) == 200
    before = process.peak
    answers = await asyncio.gather(*(send(process) for _ in range(2)))
    assert set(answers) <= {413, "RESOURCE_EXHAUSTED"}
    assert process.peak - before < 100 * MIB
    assert await post(process, CART) == 200
    assert await call(process, CART) == "OK"


async def test_what_follows_a_compressed_body_is_not_collected(process):
    before = process.peak
    content = gzip.compress(CART) + ZEROS
    assert await post(process, pieces(content), **{"content-encoding": "gzip"}) == 400
    assert process.peak - before < 50 * MIB
