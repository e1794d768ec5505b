"""docs/models.md and the JSON schema tell the language that the parser reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from causely_core.builtin import MODEL_FOLDER
from causely_core.causal import Catalogue, parse_models
from causely_core.causal.model_file import CATEGORIES, read_models
from causely_core.causal.rule_file import DIRECTIONS, MODES
from causely_core.causal.ways import ways
from causely_core.detection.builtin import builtin_detectors
from causely_core.model import RelationType

DOC = (Path(__file__).parents[2] / "docs" / "models.md").read_text()
(EXAMPLE,) = re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)
BUILT_IN = sorted(MODEL_FOLDER.glob("*.yaml"))
SCHEMA = json.loads((MODEL_FOLDER.parent / "model_schema.json").read_text())


def built_in():
    return [model for path in BUILT_IN for model in parse_models(path.read_text(), path.name)]


def test_the_example_has_no_problem():
    read = read_models(EXAMPLE, "docs/models.md")
    detectors = {each.name: each.symptoms for each in builtin_detectors()}
    found = Catalogue.of([*built_in(), *read.models]).problems(read.places, detectors)
    assert [str(each) for each in found if each.where.startswith("docs/")] == []


def test_the_example_reaches_the_service_as_likely_as_told():
    found = ways(Catalogue.of([*built_in(), *parse_models(EXAMPLE, "docs/models.md")]))
    (felt,) = (way for way in found if way.source == ("Toaster", "Overheated") and way.steps)
    assert (felt.target, felt.probability) == (("Service", "RequestLatency_High"), pytest.approx(0.16))
    assert "0.25 x 0.8 x 0.8 = 0.16" in DOC


def test_every_relation_and_category_is_told():
    assert all(f"`{each}`" in DOC for each in RelationType)
    assert all(each in EXAMPLE for each in CATEGORIES)


def test_the_schema_knows_the_same_words():
    definitions = SCHEMA["$defs"]
    cause = definitions["causes"]["additionalProperties"]["properties"]
    assert tuple(cause["category"]["enum"]) == CATEGORIES
    assert tuple(definitions["direction"]["enum"]) == DIRECTIONS
    assert tuple(definitions["mode"]["enum"]) == MODES


@pytest.mark.parametrize(
    "text", [EXAMPLE, *(path.read_text() for path in BUILT_IN)], ids=["docs", *(p.name for p in BUILT_IN)]
)
def test_the_schema_admits_what_the_parser_reads(text):
    schema = pytest.importorskip("jsonschema")
    for document in yaml.safe_load_all(text):
        schema.Draft202012Validator(SCHEMA).validate(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("miss: 0.1", "miss: 1"),
        ("    attribute: request_duration.p95", ""),
        ("direction: inverse", "direction: up"),
        ("category: platform", "category: luck"),
        ("{Overheated: 0.9}", "{}"),
        ("attenuation: 0.8", "along: calls"),
        ("to: Service ", "to: [] "),
        ("entity: Toaster", "entity: a toaster"),
    ],
)
def test_the_schema_refuses_what_the_parser_refuses(old, new):
    schema = pytest.importorskip("jsonschema")
    assert old in EXAMPLE
    assert not schema.Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(EXAMPLE.replace(old, new, 1)))
