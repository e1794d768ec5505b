"""Settings that are wrong are told of before anything starts."""

import pytest
from causely_plugin_gcp import GcpConfig

from causely_core.config import structure
from causely_core.errors import ConfigError


def test_nothing_needs_to_be_set():
    assert structure({}, GcpConfig, "plugins.gcp").projects == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"projects": ["Shop"]}, "projects: expected ids of projects such as shop-prod-1, found 'Shop'"),
        ({"services": ["rds"]}, "services: expected some of sql, memorystore"),
        ({"credentials_file": "/none.json"}, "credentials_file: there is no file /none.json"),
        ({"ca_file": "/none.pem"}, "ca_file: there is no file /none.pem"),
        ({"impersonate": "me@example.com"}, "impersonate: expected a service account, name@project.iam"),
        (
            {"endpoints": {"sql": "https://x"}},
            "endpoints: expected some of cloudasset, compute, monitoring, iamcredentials",
        ),
        ({"endpoints": {"monitoring": "http://other"}}, "endpoints.monitoring: expected https://host"),
        ({"endpoints": {"monitoring": "monitoring:443"}}, "endpoints.monitoring: expected https://host"),
        ({"interval": 0}, "interval"),
        ({"concurrency": 0}, "concurrency"),
        ({"max_resource": 1}, "unknown key max_resource"),
    ],
)
def test_what_is_wrong_is_one_line(settings, said):
    with pytest.raises(ConfigError) as found:
        structure(settings, GcpConfig, "plugins.gcp")
    (line,) = found.value.lines
    assert said in line
    assert line.startswith("plugins.gcp")


def test_private_endpoints_may_be_given():
    endpoints = {"monitoring": "https://monitoring-vpc.p.googleapis.com"}
    config = structure({"endpoints": endpoints}, GcpConfig, "plugins.gcp")
    assert config.endpoint("monitoring") == endpoints["monitoring"]
    assert config.endpoint("cloudasset") == "https://cloudasset.googleapis.com"
