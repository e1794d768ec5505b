"""Alerts: which rule each fits, and what it says."""

import pytest
from causely_plugin_prometheus.errors import MappingError
from causely_plugin_prometheus.mapping.alert_rule import ALERT_SEVERITY, FIRING, assigned
from causely_plugin_prometheus.mapping.files import read_mapping
from causely_plugin_prometheus.mapping.reading import parse_mapping
from causely_plugin_prometheus.vector import Sample
from hypothesis import given
from hypothesis import strategies as st

MAPPING = """
alerts:
  - {alert: CartSlow, entity: Service, id: "{namespace}/cart", observe: request_duration.p95, value: 5}
  - {alert: "Cart.+", entity: Service, id: "{namespace}/cart", severity_label: level, severities: {page: 0.9}}
  - {alert: ".+", entity: Namespace, id: "{namespace}"}
"""
RULES = parse_mapping(MAPPING, "shop.yaml").alerts


def said(**labels):
    """By which rule, and with what value."""
    found = assigned(RULES, [Sample(labels, 1.0)])
    return [(number, sample.value) for number, samples in enumerate(found) for sample in samples]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"alertname": "CartSlow", "namespace": "shop"}, [(0, 5.0)]),
        ({"alertname": "CartFull", "namespace": "shop", "level": "page"}, [(1, 0.9)]),
        ({"alertname": "CartFull", "namespace": "shop", "severity": "critical"}, [(1, 0.5)]),
        ({"alertname": "Other", "namespace": "shop", "severity": "critical"}, [(2, 1.0)]),
        ({"alertname": "Other", "namespace": "shop"}, [(2, 0.5)]),
        ({"alertname": "Watchdog", "namespace": "shop", "severity": "none"}, []),
        ({"alertname": "CartSlow"}, []),
        ({"namespace": "shop"}, []),
    ],
)
def test_an_alert_is_that_of_the_first_rule_that_it_fits(labels, expected):
    assert said(**labels) == expected


def test_without_more_it_is_an_alert_of_its_severity():
    assert [(each.rule.query, each.rule.observe, each.rule.absent) for each in RULES] == [
        (FIRING, "request_duration.p95", 0.0),
        (FIRING, ALERT_SEVERITY, 0.0),
        (FIRING, ALERT_SEVERITY, 0.0),
    ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{alert: '(', entity: Pod, id: x}", "shop.yaml:2: expected the name of an alert, or a pattern of names"),
        ("{entity: Pod, id: x}", "'alert' is missing"),
        ("{alert: a, entity: Pod, id: x, value: 1, severities: {page: 1}}", "expected 'value' or 'severities'"),
        ("{alert: a, entity: Pod, id: x, value: high}", "expected a number, got 'high'"),
        ("{alert: a, entity: Pod, id: x, scale: 1}", "unknown key 'scale'"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(entry, problem):
    with pytest.raises(MappingError) as found:
        parse_mapping(f"alerts:\n  - {entry}\n", "shop.yaml")
    assert problem in str(found.value)


KUBERNETES = st.sampled_from(
    ["namespace", "pod", "container", "service", "node", "deployment", "persistentvolumeclaim", "instance", "severity"]
)


@given(st.lists(st.dictionaries(KUBERNETES, st.sampled_from(["a", "critical", "none"])), max_size=10))
def test_each_alert_is_told_once_at_most(alerts):
    vector = [Sample({"alertname": f"Own{number}", **labels}, 1.0) for number, labels in enumerate(alerts)]
    rules = read_mapping("alerts").alerts
    told = [sample.labels["alertname"] for samples in assigned(rules, vector) for sample in samples]
    assert len(told) == len(set(told))
    silent = {sample.labels["alertname"] for sample in vector if sample.labels.get("severity") == "none"}
    placed = {sample.labels["alertname"] for sample in vector if {"namespace", "node"} & sample.labels.keys()}
    assert placed - silent <= set(told)
    assert not silent & set(told)
