"""Real servers that speak PromQL, and a small exporter for them to scrape."""

import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from attrs import define, field

DEADLINE = 60.0

_SCRAPES = """
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: shop
    honor_labels: true
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


class Exporter:
    """Serves whatever ``text`` is, as exporters do; at other paths what ``pages`` has of these."""

    def __init__(self, text=""):
        self.text, self.pages = text, {}
        exporter = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = exporter.pages.get(self.path, exporter.text).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@define(eq=False)
class Running:
    """A server that scrapes ``exporter``."""

    exporter: Exporter
    url: str
    process: subprocess.Popen = field(repr=False)

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE)
        self.exporter.close()


def prometheus(folder: Path, exporter: Exporter, scrapes="") -> Running:
    """One that scrapes as this text says, or the exporter alone."""
    port = free_port()
    arguments = [f"--config.file={_scrapes(folder, exporter, scrapes)}", f"--storage.tsdb.path={folder / 'data'}"]
    return _started("prometheus", [*arguments, f"--web.listen-address=127.0.0.1:{port}"], folder, exporter, port)


def victoria_metrics(folder: Path, exporter: Exporter) -> Running:
    port = free_port()
    arguments = [f"-promscrape.config={_scrapes(folder, exporter)}", f"-storageDataPath={folder / 'data'}"]
    arguments += [f"-httpListenAddr=127.0.0.1:{port}", "-search.latencyOffset=0s", "-loggerLevel=ERROR"]
    return _started("victoria-metrics", arguments, folder, exporter, port)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _scrapes(folder, exporter, scrapes=""):
    path = folder / "scrapes.yaml"
    path.write_text(scrapes or _SCRAPES.format(port=exporter.port))
    return path


def _started(name, arguments, folder, exporter, port):
    binary = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/bin")
    if binary is None:
        exporter.close()
        pytest.skip(f"{name} is not installed (Debian: apt-get install {name})")
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen([binary, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    running = Running(exporter, f"http://127.0.0.1:{port}", process)
    until = time.monotonic() + DEADLINE
    while not _answers(running.url):
        assert process.poll() is None, (folder / "server.log").read_text()
        assert time.monotonic() < until, f"{name} does not answer"
        time.sleep(0.05)
    return running


def _answers(url):
    try:
        with urllib.request.urlopen(f"{url}/api/v1/query?query=1", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
