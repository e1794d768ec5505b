"""From vectors to facts: properties of a pure function."""

import math

from causely_plugin_prometheus.mapping.facts import batch, facts
from causely_plugin_prometheus.mapping.rule import Link, Rule
from causely_plugin_prometheus.mapping.template import Template
from causely_plugin_prometheus.vector import Sample
from hypothesis import given
from hypothesis import strategies as st

RULE = Rule(
    "up",
    "Pod",
    Template.of("{namespace}/{pod|exported_pod}"),
    None,
    {"k8s.pod.uid": Template.of("{uid}")},
    (Link("runs_on", "Node", Template.of("{node}")), Link("owned_by", "Workload", Template.of("w"), True)),
    "cpu_usage",
    0.5,
)
words = st.sampled_from(["", "a", "b", "c/d", "é"])
labels = st.dictionaries(st.sampled_from(["namespace", "pod", "exported_pod", "uid", "node"]), words)
vectors = st.lists(st.builds(Sample, labels, st.floats()), max_size=20)


@given(vectors)
def test_every_value_and_relation_is_of_an_entity_that_is_told(vector):
    found = facts(RULE, vector)
    assert {series.entity for series in found.values} <= found.entities.keys()
    ends = {end for relation in found.relations for end in (relation.source, relation.target)}
    assert ends <= found.entities.keys()
    assert all(math.isfinite(value) for value in found.values.values())


@given(vectors, st.randoms())
def test_the_order_of_series_does_not_matter(vector, random):
    mixed = list(vector)
    random.shuffle(mixed)
    assert facts(RULE, mixed) == facts(RULE, vector)


@given(vectors)
def test_a_series_without_a_label_that_identifies_says_nothing_and_is_counted(vector):
    whole = [
        each
        for each in vector
        if each.labels.get("namespace") and (each.labels.get("pod") or each.labels.get("exported_pod"))
    ]
    found = facts(RULE, vector)
    assert found.nameless == len(vector) - len(whole)
    assert (found.entities, found.values) == (facts(RULE, whole).entities, facts(RULE, whole).values)


@given(vectors)
def test_columns_have_a_row_for_each_value(vector):
    values = facts(RULE, vector).values
    rows = batch(values, 7.0)
    assert {row.series: row.value for row in rows} == values
    assert set(rows.times) <= {7.0}


def test_ids_and_names_are_as_kubernetes_discovery_has_them():
    sample = Sample({"namespace": "shop", "pod": "cart-1", "uid": "u", "node": "n1"}, 4.0)
    found = facts(RULE, [sample])
    assert [(each.id, each.name) for each in found.entities.values()] == [
        ("Node:n1", "n1"),
        ("Workload:w", "w"),
        ("Pod:shop/cart-1", "cart-1"),
    ]
    assert list(found.values.values()) == [2.0]


def test_of_several_values_of_one_entity_the_largest_counts():
    samples = [Sample({"namespace": "shop", "pod": "cart", "uid": str(n)}, float(n)) for n in (2, 3, 1)]
    assert list(facts(RULE, samples).values.values()) == [1.5]
