"""Causal models as graphs: what is drawn, and that no name can break out of its label."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.causal import Catalogue, parse_models
from causely_core.causal.graphviz import dot
from causely_core.causal.mermaid import mermaid
from causely_core.causal.picture import CAUSE, STATE, SYMPTOM, Dot, Line, Picture, picture

MODELS = Catalogue.of(
    parse_models(
        """\
entity: Node
symptoms:
  Busy_High: {description: It is busy.}
  Hot_High: {description: It is hot.}
states:
  Starved: {description: It gets too little., effects: {Busy_High: 0.5}}
root_causes:
  Old: {prior: 0.003, category: platform, description: It is old., effects: {Starved: 0.9}}
  Sunny: {prior: 0.003, category: platform, description: The sun shines., effects: {Hot_High: 0.8}}
propagates:
  - path: [{along: runs_on, direction: inverse, to: Pod}, {along: part_of, direction: forward, to: Service, mode: sync}]
    attenuation: 0.5
    effects: {Busy_High: {Slow_High: 0.6}}
---
entity: Service
symptoms:
  Slow_High: {description: It is slow.}
propagates:
  - {along: calls, direction: inverse, to: '*', effects: {Slow_High: {Slow_High: 0.7}}}
""",
        "a.yaml",
    )
)


def told(drawn):
    return {
        f"{line.tail.entity_type}.{line.tail.name} -{line.label}> {line.head.entity_type}.{line.head.name}"
        for line in drawn.lines
    }


OLD = {
    "Node.Old -0.9> Node.Starved",
    "Node.Starved -0.5> Node.Busy_High",
    "Node.Busy_High -0.3 runs_on inverse, part_of forward sync> Service.Slow_High",
}
SUNNY = {"Node.Sunny -0.8> Node.Hot_High"}
CALLS = {"Service.Slow_High -0.7 calls inverse> *.Slow_High"}


def test_all_types_are_drawn_with_paths_as_one_line():
    drawn = picture(MODELS)
    assert told(drawn) == OLD | SUNNY | CALLS
    kinds = {(each.entity_type, each.name): each.kind for each in drawn.dots}
    assert kinds == {
        ("*", "Slow_High"): SYMPTOM,
        ("Node", "Busy_High"): SYMPTOM,
        ("Node", "Hot_High"): SYMPTOM,
        ("Node", "Old"): CAUSE,
        ("Node", "Starved"): STATE,
        ("Node", "Sunny"): CAUSE,
        ("Service", "Slow_High"): SYMPTOM,
    }


def test_chosen_types_are_drawn_with_what_they_do_to_others():
    assert told(picture(MODELS, ["Node"])) == OLD | SUNNY
    assert told(picture(MODELS, ["Service"])) == CALLS


def test_a_cause_is_followed_up_to_the_next_neighbour():
    drawn = picture(MODELS, cause="Old")
    assert told(drawn) == OLD
    assert {each.name for each in drawn.dots} == {"Old", "Starved", "Busy_High", "Slow_High"}


NAMES = st.one_of(st.text(max_size=20), st.text('"\\;#]})|&<>`%\n\0{[lgtN ', max_size=12))


@st.composite
def pictures(draw):
    dots = draw(st.lists(st.builds(Dot, NAMES, NAMES, st.sampled_from([CAUSE, STATE, SYMPTOM])), unique=True))
    some = st.sampled_from(dots) if dots else st.nothing()
    lines = draw(st.lists(st.builds(Line, some, some, NAMES), unique=True))
    return Picture(tuple(sorted(dots, key=lambda each: each.entity_type)), tuple(lines))


def plain(name):
    return "".join(letter if letter.isprintable() else " " for letter in name)


def labels(drawn):
    """The names in the order in which they are written, and the labels of lines."""
    types = list(dict.fromkeys(each.entity_type for each in drawn.dots))
    names = []
    for type in types:
        names += ["any type" if type == "*" else type]
        names += [each.name for each in drawn.dots if each.entity_type == type]
    return [plain(name) for name in [*names, *(line.label for line in drawn.lines)]]


@given(pictures())
def test_dot_holds_any_name_as_it_is(drawn):
    text = dot(drawn)
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    assert [html.unescape(re.sub(r"\\(.)", r"\1", each)) for each in strings] == labels(drawn)
    skeleton = re.sub(r'"(?:[^"\\]|\\.)*"', "L", text)
    statement = (
        r"digraph causely \{|  rankdir=LR;|  subgraph cluster_\d+ \{|    label=L;|  \}|\}"
        r"|    n\d+ \[label=L, shape=[a-z]+(, [a-z]+=[a-z]+)*\];|  n\d+ -> n\d+ \[label=L\];"
    )
    assert all(re.fullmatch(statement, line) for line in skeleton.splitlines())


@given(pictures())
def test_mermaid_holds_any_name_as_it_is(drawn):
    text = mermaid(drawn)
    strings = re.findall(r'"([^"]*)"', text)
    assert [re.sub(r"#(\d+);", lambda code: chr(int(code[1])), each) for each in strings] == labels(drawn)
    skeleton = re.sub(r'"[A-Za-z0-9_\-., #;]*"', "L", text)
    statement = (
        r"flowchart LR|  subgraph t\d+\[L\]|  end|  classDef .*"
        r"|    n\d+(\[L\]:::cause|\(L\):::state|\(\[L\]\))|  n\d+ -->\|L\| n\d+"
    )
    assert all(re.fullmatch(statement, line) for line in skeleton.splitlines())


@pytest.mark.parametrize("render", [dot, mermaid])
def test_nothing_is_drawn_as_an_empty_graph(render):
    assert '"' not in render(Picture((), ()))
