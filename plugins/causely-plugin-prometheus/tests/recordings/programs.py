"""A machine, a server of names, a program in Go and one in Java."""

import re
import socket
import struct
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from os import environ
from pathlib import Path
from urllib.error import HTTPError

from running import again, free_port, running, text_at, until

SHOP = Path(__file__).parents[4] / "examples" / "shop"

NAMES = """
.:{port} {{
  prometheus 127.0.0.1:{exporter}
  template IN A broken.shop {{
    rcode SERVFAIL
  }}
  whoami
}}
"""
JAVA = (
    "--management.endpoints.web.exposure.include=prometheus",
    "--management.metrics.distribution.slo.http.server.requests=10ms,50ms,100ms,500ms",
    "--spring.datasource.hikari.maximum-pool-size=4",
)


@contextmanager
def node(folder):
    """This machine, which does what it does."""
    exporter = free_port()
    address = f"--web.listen-address=127.0.0.1:{exporter}"
    flags = ("--collector.processes", "--collector.filesystem.mount-points-exclude=^/.+")
    with running("prometheus-node-exporter", *flags, address, folder=folder):
        yield text_at(f"http://127.0.0.1:{exporter}/metrics"), again(lambda: sum(range(10**6)))


@contextmanager
def go(folder):
    """Prometheus, of itself."""
    exporter = free_port()
    (folder / "prometheus.yml").write_text(
        "scrape_configs:\n  - job_name: own\n    scrape_interval: 1s\n"
        f"    static_configs: [{{targets: ['127.0.0.1:{exporter}']}}]\n"
    )
    address = f"--web.listen-address=127.0.0.1:{exporter}"
    with running("prometheus", f"--config.file={folder}/prometheus.yml", address, folder=folder):
        read = text_at(f"http://127.0.0.1:{exporter}/metrics")
        yield read, again(read)


@contextmanager
def coredns(folder):
    """Names that there are, and one in five that its server cannot answer."""
    port, exporter = free_port(), free_port()
    (folder / "Corefile").write_text(NAMES.format(port=port, exporter=exporter))
    with running(environ["COREDNS"], "-conf", folder / "Corefile", folder=folder):
        read = text_at(f"http://127.0.0.1:{exporter}/metrics")

        def ask():
            for name in ("a.shop", "b.shop", "c.shop", "d.shop", "broken.shop"):
                _asked(port, name)

        yield read, again(ask)


def _asked(port, name):
    question = b"".join(struct.pack("B", len(part)) + part.encode() for part in name.split("."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(5.0)
        packet = struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + question + b"\0" + struct.pack(">2H", 1, 1)
        asking.sendto(packet, ("127.0.0.1", port))
        asking.recv(512)


@contextmanager
def jvm(folder):
    """The program of jvm/, one of whose answers in ten fails."""
    port = free_port()
    address = f"--server.port={port}"
    with running("java", "-Xmx96m", "-jar", environ["ORDERS_JAR"], address, *JAVA, folder=folder):
        read = text_at(f"http://127.0.0.1:{port}/actuator/prometheus")

        def ask():
            for path in (*["orders"] * 9, "broken"):
                with suppress(HTTPError), urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
                    answer.read()

        yield read, again(ask)


@contextmanager
def shop(folder):
    """One service of the example shop, by the exporter of OpenTelemetry's SDK."""
    command = (sys.executable, "-m", "shop", "--data-dir", folder, "--database", "sqlite")
    settings = {"PYTHONPATH": str(SHOP), "OTEL_METRICS_EXPORTER": "prometheus"}
    with running(*command, "--otlp-endpoint", "http://127.0.0.1:1", folder=folder, **settings):
        said = until(lambda: re.search(r'"checkout": (\d+)[^}]*}}$', (folder / "log").read_text(), re.MULTILINE))
        yield text_at(f"http://127.0.0.1:{said[1]}/metrics"), time.sleep


PROGRAMS = {"node-exporter": node, "go": go, "coredns": coredns, "jvm": jvm, "opentelemetry": shop}
