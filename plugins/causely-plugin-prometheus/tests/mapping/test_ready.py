"""The mappings that come with the plugin."""

import re
from pathlib import Path

import httpx
import pytest
from causely_plugin_prometheus.mapping.alert_rule import ALERT_SEVERITY
from causely_plugin_prometheus.mapping.files import read_mapping, ready

from ..servers import Exporter, prometheus

ATTRIBUTES = Path(__file__).parents[4] / "docs/attributes.md"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    running = prometheus(tmp_path_factory.mktemp("prometheus"), Exporter())
    yield running.url
    running.stop()


def documented():
    """Attributes by entity type, as docs/attributes.md has them; rows that say "same" are of the types above."""
    found, before = {}, set()
    for names, types in re.findall(r"^\| (`[^|]+`) \| [^|]+ \| ([^|]+) \| [^|]*\|$", ATTRIBUTES.read_text(), re.M):
        words = {each.strip() for each in types.split(",")}
        before = (before if "same" in words else set()) | (words - {"same"})
        first, *others = re.findall(r"`([^`]+)`", names)
        stem = first.rpartition(".")[0]
        for name in (first, *others):
            found[stem + name if name.startswith(".") else name] = before
    return found


@pytest.mark.parametrize("name", ready())
def test_values_are_of_attributes_that_are_documented_for_the_type(name):
    known, mapping = documented(), read_mapping(name)
    for rule in (*mapping.rules, *(alert.rule for alert in mapping.alerts)):
        if rule.observe not in ("", ALERT_SEVERITY):
            assert rule.entity in known[rule.observe], rule.place


@pytest.mark.parametrize("name", ready())
def test_each_names_the_metrics_that_show_what_it_is_for(name):
    assert read_mapping(name).metrics


@pytest.mark.parametrize("name", ready())
def test_a_real_prometheus_understands_each_query(url, name):
    for rule in read_mapping(name).rules:
        answer = httpx.get(f"{url}/api/v1/query", params={"query": rule.asked("2m")})
        assert answer.json()["status"] == "success", f"{rule.place}: {answer.text}"
        assert answer.json()["data"]["resultType"] == "vector", rule.place
