"""Settings that are wrong are told of before anything starts."""

import subprocess
import sys

import pytest
from causely_plugin_azure import AzureConfig, AzurePlugin

from causely_core.config import structure
from causely_core.errors import ConfigError

from .resources import ONE
from .watching import context

GIVEN = {"subscriptions": [ONE]}
QUERY = {"query": "T", "entity": "Service", "id": "{app}", "attribute": "error_rate"}


def test_nothing_needs_to_be_set():
    assert not structure({}, AzureConfig, "plugins.azure").asks


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"subscriptions": ["prod"]}, "subscriptions: expected ids of subscriptions, or '*' for all, found 'prod'"),
        ({"management_groups": ["all"]}, "management_groups: expected this or subscriptions, found both"),
        ({"services": ["sqls"]}, "services: expected some of aks, "),
        ({"credential": {"kind": "magic"}}, "kind"),
        ({"credential": {"kind": "client_secret"}}, "client_secret: expected this, tenant_id and client_id"),
        ({"credential": {"client_secret": "x"}}, "client_secret: expected kind client_secret with it, found default"),
        ({"credential": {"token_file": "/t"}}, "token_file: expected kind workload_identity with it, found default"),
        ({"credential": {"authority": "login"}}, "authority: expected https://host, found 'login'"),
        ({"endpoints": {"metrics": "http://here"}}, "metrics: expected https://host, found 'http://here'"),
        ({"endpoints": {"ca_file": "/none"}}, "ca_file: there is no file /none"),
        ({"logs": {"queries": [QUERY]}}, "queries: expected a workspace_id with them"),
        ({"logs": {"workspace_id": "w", "queries": [QUERY | {"id": "{"}]}}, "id: expected names of columns in braces"),
        ({"logs": {"workspace_id": "w", "queries": [QUERY | {"query": " "}]}}, "query: expected a text, found none"),
        ({"values_interval": 0}, "values_interval"),
        ({"metrics_per_second": 1000}, "metrics_per_second"),
        ({"subscription": []}, "unknown key subscription"),
    ],
)
def test_what_is_wrong_is_one_line(settings, said):
    with pytest.raises(ConfigError) as found:
        structure(GIVEN | settings, AzureConfig, "plugins.azure")
    (line,) = found.value.lines
    assert said in line
    assert line.startswith("plugins.azure")


def test_secrets_are_not_shown():
    section = {"kind": "client_secret", "tenant_id": "t", "client_id": "c", "client_secret": "hush"}
    assert "hush" not in repr(structure(GIVEN | {"credential": section}, AzureConfig, "plugins.azure"))


def loaded(tmp_path, section, component="mediator"):
    plugin, about = AzurePlugin(), context(tmp_path, section, component)
    return [each.name for each in (*plugin.causely_collectors(about), *plugin.causely_discoverers(about))]


def test_the_mediator_alone_asks_and_only_when_there_are_subscriptions(tmp_path):
    assert loaded(tmp_path, GIVEN) == ["metrics", "resources"]
    assert loaded(tmp_path, GIVEN, "agent") == []
    assert loaded(tmp_path, {}) == []


def test_azures_libraries_are_not_loaded_before_they_are_needed():
    told = f"from causely_plugin_azure import AzureConfig, AzurePlugin; AzureConfig(subscriptions=['{ONE}'])"
    told += "; from causely_plugin_azure.command import command; AzurePlugin().causely_causal_models()"
    told += "; import sys; print([each for each in sys.modules if each.split('.')[0] in ('azure', 'aiohttp')])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
