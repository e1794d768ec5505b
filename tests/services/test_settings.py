"""The configuration file as a whole."""

import socket
from pathlib import Path

import pytest

from causely_core.errors import ConfigError
from causely_core.services.agent.config import AgentConfig
from causely_core.services.settings import Settings, default_data_dir, load_settings
from causely_core.wire.tls import TlsConfig


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "causely.yaml"
        path.write_text(text)
        return path

    return write


def test_without_a_file_everything_is_on_loopback():
    settings = load_settings(None)
    addresses = (
        settings.admin_listen,
        settings.mediator.agents_listen,
        settings.mediator.analyzer,
        settings.agent.mediator,
        settings.analyzer.listen,
        settings.analyzer.api_listen,
    )
    assert all(address.startswith("127.0.0.1:") for address in addresses)
    assert settings.mediator.analyzer == settings.analyzer.listen
    assert settings.agent.mediator == settings.mediator.agents_listen
    assert settings.data_dir == default_data_dir()


def test_an_empty_file_is_as_good_as_none(write):
    assert load_settings(write("")) == Settings()


def test_every_section_can_be_set(write):
    settings = load_settings(
        write(
            """
            data_dir: ~/causely
            admin_listen: 0.0.0.0:8082
            log: {level: debug, format: json}
            telemetry: {otlp_endpoint: "http://collector:4317"}
            mediator:
              name: m1
              detection_interval: 1
              egress: {evidence: refuse}
              thresholds: [{symptom: RequestLatency_High, value: 0.5, labels: {team: blue}}]
            agent:
              name: agent-7
              enabled: false
              mediator: mediator.causely:50051
              mediator_tls: {ca: /tls/ca.crt, cert: /tls/tls.crt, key: /tls/tls.key}
              host_root: /host
              cpu_budget: 0.05
              timeseries: http://victoriametrics:8428
              spool_max_bytes: 1000000
            plugins: {otlp: {anything: [1, two]}}
            """
        )
    )
    assert settings.data_dir == Path.home() / "causely"
    assert (settings.log.level, settings.telemetry.otlp_endpoint) == ("debug", "http://collector:4317")
    assert (settings.mediator.name, settings.mediator.egress.evidence) == ("m1", "refuse")
    assert settings.mediator.thresholds[0].labels == {"team": "blue"}
    assert settings.agent == AgentConfig(
        name="agent-7",
        enabled=False,
        mediator="mediator.causely:50051",
        mediator_tls=TlsConfig("/tls/ca.crt", "/tls/tls.crt", "/tls/tls.key"),
        host_root=Path("/host"),
        cpu_budget=0.05,
        timeseries="http://victoriametrics:8428",
        spool_max_bytes=1_000_000,
    )
    assert settings.plugins == {"otlp": {"anything": [1, "two"]}}


def test_a_folder_from_the_command_line_wins(write, tmp_path):
    assert load_settings(write("data_dir: /elsewhere"), tmp_path).data_dir == tmp_path
    assert load_settings(None, tmp_path).data_dir == tmp_path


def test_what_the_command_line_says_of_the_agent_wins(write):
    path = write("agent: {mediator: m:1, host_root: /host, name: a}")
    assert load_settings(path, host_root=None, mediator=None).agent == AgentConfig(
        name="a", mediator="m:1", host_root=Path("/host")
    )
    assert load_settings(path, mediator="n:2").agent.mediator == "n:2"


def test_an_agent_is_named_after_its_node(monkeypatch):
    monkeypatch.delenv("NODE_NAME", raising=False)
    assert Settings().agent.name == f"agent-{socket.gethostname()}"
    monkeypatch.setenv("NODE_NAME", "n7")
    assert Settings().agent.name == "agent-n7"


def test_an_agent_is_part_of_everything_where_it_is_root_or_asked_for(monkeypatch):
    for uid, wanted in ((0, True), (1000, False)):
        monkeypatch.setattr("os.getuid", lambda uid=uid: uid)
        assert AgentConfig().wanted is wanted
        assert AgentConfig(enabled=True).wanted
        assert not AgentConfig(enabled=False).wanted


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("mediator: {nmae: m}", "causely.yaml.mediator: unknown key nmae"),
        ("mediator: {detection_interval: 0}", "causely.yaml.mediator: 'detection_interval' must be > 0: 0.0"),
        ("agent: {cpu_budget: 0}", "causely.yaml.agent: 'cpu_budget' must be > 0: 0.0"),
        ("agent: {name: ''}", "causely.yaml.agent: Length of 'name' must be >= 1: 0"),
        ("mediator: {detection_interval: often}", "causely.yaml.mediator.detection_interval: "),
        (
            "mediator: {egress: {evidence: maybe}}",
            "causely.yaml.mediator.egress.evidence: expected one of allow, refuse, found 'maybe'",
        ),
        (
            "mediator: {analyzer_token: /token, analyzer: 'analyzer.example.com:50055'}",
            "causely.yaml.mediator: analyzer_token: it is sent over TLS only, expected analyzer_tls for",
        ),
        ("log: {level: 7}", "causely.yaml.log.level: "),
        ("- a list", "expected a mapping of sections, found list"),
        ("{", "causely.yaml: not valid YAML: "),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_place(write, text, line):
    with pytest.raises(ConfigError) as caught:
        load_settings(write(text))
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file or directory"):
        load_settings(tmp_path / "none.yaml")
