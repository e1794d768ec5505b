"""Alerts of a real Alertmanager: those that are active are symptoms; silences, inhibition and the end clear them."""

import asyncio
import json
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from causely_plugin_prometheus import PrometheusPlugin
from causely_plugin_prometheus.alert_detector import ALERT_FIRING
from causely_plugin_prometheus.alertmanager import Alertmanager
from causely_plugin_prometheus.config import AlertmanagerConfig, PrometheusConfig
from causely_plugin_prometheus.errors import QueryError
from causely_plugin_prometheus.mapping.alert_rule import ALERT_SEVERITY

from causely_core.config import structure
from causely_core.errors import ConfigError
from causely_core.testing import DetectorContract

from .scripted import Scripted
from .servers import DEADLINE, Exporter, free_port, prometheus

CONFIG = """
route: {receiver: nobody, group_wait: 1s}
receivers: [{name: nobody}]
inhibit_rules:
  - source_matchers: [alertname="NodeDown"]
    target_matchers: [alertname="CartSlow"]
    equal: [namespace]
"""
SLOW = {"alertname": "CartSlow", "namespace": "shop", "service": "cart", "severity": "critical", "team": "shop"}
DOWN = {"alertname": "NodeDown", "namespace": "shop", "severity": "none", "team": "shop"}
CART = "Service:shop/cart"


class Running:
    """An Alertmanager, and what people and Prometheus do to it."""

    def __init__(self, folder):
        self.url = f"http://127.0.0.1:{free_port()}"
        (folder / "alertmanager.yml").write_text(CONFIG)
        flags = [f"--config.file={folder / 'alertmanager.yml'}", f"--storage.path={folder / 'data'}"]
        flags += [f"--web.listen-address={self.url.removeprefix('http://')}", "--cluster.listen-address="]
        with (folder / "alertmanager.log").open("ab") as log:
            command = [shutil.which("prometheus-alertmanager"), *flags]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + DEADLINE
        while not self._ready():
            assert time.monotonic() < until, (folder / "alertmanager.log").read_text()
            time.sleep(0.05)

    def fire(self, labels, seconds=3600):
        """Say that an alert fires, or with no seconds that it does not any more."""
        now = datetime.now(UTC)
        begun = now - timedelta(minutes=1)
        told = {
            "labels": labels,
            "startsAt": begun.isoformat(),
            "endsAt": (now + timedelta(seconds=seconds)).isoformat(),
        }
        httpx.post(f"{self.url}/api/v2/alerts", json=[told]).raise_for_status()

    def silence(self, **labels):
        """Silence alerts with these labels; gives its id."""
        now = datetime.now(UTC)
        matchers = [{"name": name, "value": value, "isRegex": False} for name, value in labels.items()]
        told = {"matchers": matchers, "createdBy": "test", "comment": "test", "startsAt": now.isoformat()}
        told["endsAt"] = (now + timedelta(hours=1)).isoformat()
        return httpx.post(f"{self.url}/api/v2/silences", json=told).raise_for_status().json()["silenceID"]

    def speak(self, silence):
        """End a silence."""
        httpx.delete(f"{self.url}/api/v2/silence/{silence}").raise_for_status()

    def stop(self):
        self._process.terminate()
        self._process.wait(DEADLINE)

    def _ready(self):
        try:
            return httpx.get(f"{self.url}/-/ready").status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture
def alertmanager(tmp_path):
    if shutil.which("prometheus-alertmanager") is None:
        pytest.skip("prometheus-alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)")
    running = Running(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def server(tmp_path):
    running = prometheus(tmp_path, Exporter())
    yield running
    running.stop()


@pytest.fixture
def plugin():
    return PrometheusPlugin


@pytest.fixture
def section(server, alertmanager):
    """Asks for the alerts of one team."""
    beside = {"url": alertmanager.url, "matchers": ['team="shop"']}
    return {"url": server.url, "mappings": ["alerts"], "interval": 0.5, "alertmanager": beside}


async def test_alerts_that_are_active_are_symptoms_until_they_end(alertmanager, causely):
    async def quiet():
        until = time.monotonic() + DEADLINE
        while any(each["name"] == ALERT_FIRING and each["entity"] == CART for each in await causely.symptoms()):
            assert time.monotonic() < until, "the alert is still a symptom"
            await asyncio.sleep(0.1)

    alertmanager.fire(SLOW)
    alertmanager.fire({**SLOW, "service": "ads", "team": "ads"})
    found = await causely.seen(ALERT_FIRING, CART, DEADLINE)
    assert found["severity"] == 1.0
    silence = alertmanager.silence(service="cart")
    await quiet()
    alertmanager.speak(silence)
    await causely.seen(ALERT_FIRING, CART, DEADLINE)
    alertmanager.fire(DOWN)
    await quiet()
    alertmanager.fire(DOWN, 0)
    await causely.seen(ALERT_FIRING, CART, DEADLINE)
    alertmanager.fire(SLOW, 0)
    await quiet()
    assert "Service:shop/ads" not in causely.mediator.watch.intake.entities


class TestContract(DetectorContract):
    attributes = (ALERT_SEVERITY,)

    @pytest.fixture
    def section(self):
        return {"url": "http://127.0.0.1:1", "mappings": ["alerts"]}


@pytest.fixture
def asked():
    """Ask a server that always answers alike; gives the alerts and the request."""
    started = []

    def ask(status, body, **settings):
        started.append(Scripted(lambda _: (status, {}, body)))
        beside = AlertmanagerConfig(url=f"http://{started[-1].address}/", **settings)
        config = PrometheusConfig(url="http://127.0.0.1:1", mappings=["alerts"], max_series=1, alertmanager=beside)
        return Alertmanager(config).alerts(), started[-1].requests[0]

    yield ask
    for each in started:
        each.close()


def told(*states):
    return json.dumps([{"labels": {"alertname": "A"}, "status": {"state": state}} for state in states])


def test_what_is_asked_and_as_whom(asked):
    found, (_, path, headers) = asked(200, told("active", "suppressed"), username="u", password="p", matchers=['a="b"'])
    assert [sample.labels for sample in found.vector] == [{"alertname": "A"}]
    assert path == ("/api/v2/alerts?active=true&silenced=false&inhibited=false&unprocessed=false&filter=a%3D%22b%22")
    assert headers["Authorization"] == "Basic dTpw"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, "<html>", "the answer is not JSON; is the URL that of an Alertmanager?"),
        (200, '{"status": "success"}', "the answer is no list of alerts"),
        (200, "[1]", "the answer is no list of alerts"),
        (200, told("active", "active"), r"more than max_series \(1\): 2 alerts"),
        (200, json.dumps("x" * 9000), "the answer has more than 8192 bytes"),
        (503, "", "HTTP 503: Service Unavailable"),
        (302, "", "HTTP 302: Found"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line(asked, status, body, said):
    with pytest.raises(QueryError, match=said):
        asked(status, body)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"alertmanager": {"url": "am:9093"}}, "expected http://host:port or https://host:port, found 'am:9093'"),
        ({"url": "", "alertmanager": {"url": "http://am:9093"}}, "expected the url of a Prometheus with it"),
        ({"alertmanager": {"matcher": []}}, "unknown key matcher"),
    ],
)
def test_settings_that_are_wrong_are_told(settings, said):
    with pytest.raises(ConfigError, match=said):
        structure({"url": "http://p:9090", "mappings": ["alerts"]} | settings, PrometheusConfig, "plugins.prometheus")
