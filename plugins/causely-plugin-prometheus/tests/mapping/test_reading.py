"""The mapping language, and what it says of what is wrong."""

import pytest
import yaml
from causely_plugin_prometheus.errors import MappingError
from causely_plugin_prometheus.mapping.files import read_mapping, ready
from causely_plugin_prometheus.mapping.reading import parse_mapping
from hypothesis import given
from hypothesis import strategies as st

RULE = {"query": "up", "entity": "Service", "id": "{job}"}


def parsed(**more):
    return parse_mapping(yaml.safe_dump({"rules": [RULE | more]}), "shop.yaml").rules[0]


def problem(text):
    with pytest.raises(MappingError) as found:
        parse_mapping(text, "shop.yaml")
    (line,) = found.value.lines
    return line


def test_a_rule_says_what_the_series_of_a_query_mean():
    rule = parsed(observe="request_duration.p95", unit="ms", absent=500, relations=[
        {"type": "calls", "to": "Service", "id": "{to}", "direction": "inverse"}
    ])  # fmt: skip
    assert (rule.query, rule.entity, rule.observe) == ("up", "Service", "request_duration.p95")
    assert rule.scale == pytest.approx(0.001)
    assert rule.absent == pytest.approx(0.5)
    assert rule.links[0].inverse
    assert rule.place.startswith("shop.yaml:")


def test_the_range_of_rates_is_put_in():
    assert parsed(query="rate(x[$window])").asked("90s") == "rate(x[90s])"


BEGIN = "rules:\n  - query: up\n    entity: Service\n    id: '{job}'\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "shop.yaml:1: empty; expected one mapping with 'rules' or 'alerts'"),
        ("rules: [", "shop.yaml:1: not YAML: "),
        ("rules: []", "shop.yaml:1: expected a list of one or more, got an empty list"),
        ("rules:\n  - query: up\n    entity: Service", "shop.yaml:2: 'id' is missing"),
        (BEGIN + "    observes: x", "shop.yaml:5: unknown key 'observes', did you mean 'observe'?"),
        (BEGIN + "    unit: ms", "shop.yaml:5: 'unit' without 'observe'; say which attribute the value is of"),
        (BEGIN + "    observe: x\n    unit: msec", "shop.yaml:6: 'msec' is not known, did you mean 'ms'?"),
        (BEGIN + "    observe: Up Time", "shop.yaml:5: expected an attribute such as request_duration.p95, found"),
        (BEGIN + "    observe: x\n    scale: much", "shop.yaml:6: expected a number, got 'much'"),
        (BEGIN + "    observe: x\n    scale: 1\n    unit: s", "shop.yaml:6: expected 'unit' or 'scale', found both"),
        (BEGIN + "    name: '{pod'", "shop.yaml:5: expected labels in braces, such as {pod} or {server|instance}"),
        (BEGIN + "    id: x", "shop.yaml:5: 'id' is given twice"),
        (BEGIN + "    name:", "shop.yaml:5: expected a text, got nothing"),
        ("rules:\n  - {query: up, entity: service, id: x}", "'service' is not known, did you mean 'Service'?"),
        (
            BEGIN + "    relations:\n      - {type: runs_at, to: Node, id: x}\n      - {type: runsOn, to: Node, id: x}",
            "shop.yaml:7: 'runsOn' is not known, did you mean 'runs_on'?",
        ),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(text, said):
    assert said in problem(text)


@given(st.text())
def test_any_text_is_a_mapping_or_one_clear_line(text):
    try:
        parse_mapping(text, "shop.yaml")
    except MappingError as problem:
        (line,) = problem.lines
        assert line.startswith("shop.yaml:")
        assert "\n" not in line


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["query", "entity", "id", "name", "attributes", "relations", "observe", "absent"]), values)
def test_any_value_of_a_key_is_understood_or_one_clear_line(key, value):
    text = yaml.safe_dump({"rules": [RULE | {"observe": "x"} | {key: value}]})
    try:
        parse_mapping(text, "shop.yaml")
    except MappingError as problem:
        (line,) = problem.lines
        assert line.startswith("shop.yaml:")
        assert "\n" not in line


def test_a_mapping_is_a_name_or_a_file(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(BEGIN)
    assert read_mapping(str(path)).rules[0].place == f"{path}:2"
    assert "node-exporter" in ready()
    with pytest.raises(MappingError, match=r"there is no mapping 'node_exporter', did you mean 'node-exporter'\?"):
        read_mapping("node_exporter")
    with pytest.raises(MappingError, match=r"missing.yaml: cannot be read: No such file"):
        read_mapping(str(tmp_path / "missing.yaml"))


def test_of_several_keys_the_first_counts_of_which_all_labels_are_there():
    text = 'rules: [{query: up, entity: Service, id: ["{namespace}/{job}", "{job}"]}]'
    key = parse_mapping(text, "shop.yaml").rules[0].key
    assert [key.fill(labels) for labels in ({"namespace": "shop", "job": "cart"}, {"job": "cart"})] == [
        "shop/cart",
        "cart",
    ]
    assert "expected a list of one or more" in problem("rules: [{query: up, entity: Service, id: []}]")
