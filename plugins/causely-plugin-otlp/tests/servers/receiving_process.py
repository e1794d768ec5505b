"""A receiver in a process of its own, so that its memory can be told from the test's: ``receiving_process.py FOLDER``.

Prints its two ports once it serves, and ends with its input.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import structlog
from causely_plugin_otlp import OtlpConfig
from causely_plugin_otlp.receiver import OtlpReceiver
from opentelemetry.metrics import NoOpMeter

from causely_core.hookspecs import HookContext
from causely_core.model import SystemClock


async def serve(folder):
    config = OtlpConfig(grpc_endpoint="127.0.0.1:0", http_endpoint="127.0.0.1:0", flush_interval=0.05)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logger = structlog.get_logger()
    receiver = OtlpReceiver(HookContext("mediator", config, SystemClock(), logger, NoOpMeter("t"), folder))
    observing = asyncio.create_task(drain(receiver.observe()))
    while not receiver.http.port:
        await asyncio.sleep(0.01)
    print(receiver.grpc.port, receiver.http.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    observing.cancel()
    with suppress(asyncio.CancelledError):
        await observing


async def drain(stream):
    async for _ in stream:
        pass


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
