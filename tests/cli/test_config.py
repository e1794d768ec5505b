"""``causely config check``: what a service would refuse, and what it would load."""

import os

import pytest


@pytest.fixture
def check(causely, tmp_path):
    def check(text, *arguments):
        path = tmp_path / "causely.yaml"
        path.write_text(text)
        return causely("config", "check", "--config", path, *arguments)

    return check


@pytest.mark.parametrize("component", ["agent", "mediator", "executor", "analyzer"])
def test_a_good_file_is_ok_and_the_plugins_are_listed(check, component):
    done = check("plugins: {otlp: {request_timeout: 5}, host: {enabled: false}}", "--component", component)
    assert (done.status, done.err) == (0, "")
    lines = [line.split() for line in done.out.splitlines()]
    assert (lines[0][0], lines[0][-1]) == ("ok:", component)
    states = {line[0]: line[2:] for line in lines[2:]}
    assert states["otlp"][:2] == [component, "loaded"]
    assert states["host"][:2] == [component, "disabled"]


def test_without_a_component_all_that_run_starts_is_checked(check):
    done = check("")
    assert done.status == 0
    assert {line.split()[2] for line in done.out.splitlines()[2:]} == {"mediator", "analyzer", "agent"}


def test_each_wrong_value_of_a_plugin_is_one_line(check, monkeypatch):
    monkeypatch.setenv("SECRET", "hush")
    done = check(
        """
        plugins:
          otlp: {grpc_endpoint: "${env:SECRET}"}
          kubernetes: {flush_interval: often, context: 7}
          host: {intervall: 1}
          acme: {}
        """
    )
    assert done.status == os.EX_CONFIG
    lines = done.err.splitlines()
    assert {line.split(":")[1].strip() for line in lines} == {
        "plugins.host",
        "plugins.otlp",
        "plugins.kubernetes.flush_interval",
        "plugins.kubernetes.context",
        "plugins.acme",
    }
    assert all(line.startswith("causely: plugins.") for line in lines)
    assert len(lines) == len(set(lines))
    assert "hush" not in done.err
    assert done.out == ""


def test_a_wrong_value_of_the_core_is_one_line(check):
    done = check("agent: {cpu_budget: 0}")
    assert done.status == os.EX_CONFIG
    assert done.err == "causely: causely.yaml.agent: 'cpu_budget' must be > 0: 0.0\n"


def test_an_extra_plugin_that_is_not_installed_is_one_line_with_what_to_do(check, tmp_path):
    text = f"{{plugins_dir: {tmp_path}/extra, extra_plugins: [{{package: acme-causely==1.0}}]}}"
    for component in ("mediator", "run"):
        done = check(text, "--component", component)
        assert done.status == os.EX_CONFIG
        assert done.err == (
            "causely: extra_plugins: not installed: acme-causely==1.0; "
            f"run causely plugins install --config FILE --target {tmp_path}/extra\n"
        )
    assert check(text, "--component", "agent").status == 0


def test_a_file_must_be_named(causely):
    done = causely("config", "check")
    assert done.status == os.EX_USAGE
    assert "--config" in done.err
