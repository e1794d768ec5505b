"""Recorded incidents in, root causes out."""

from __future__ import annotations

import json

import attrs
import pytest

from causely_core.builtin import MODEL_FOLDER
from causely_core.causal import Catalogue, parse_models
from causely_core.detection import builtin_detectors
from causely_core.incidents.answer_json import answer_json
from causely_core.incidents.diagnosing import diagnose_incident
from causely_core.model import Entity, SymptomKey

from .made import DAY, SLOW, incident

FAILING = [0.0, 0.0, 0.04, 0.05, 0.0, 0.0]


@pytest.fixture(scope="module")
def catalogue():
    files = sorted(MODEL_FOLDER.glob("*.yaml"))
    return Catalogue.of(model for file in files for model in parse_models(file.read_text(), str(file)))


@pytest.fixture(scope="module")
def told(catalogue):
    return lambda recorded: answer_json(diagnose_incident(recorded, builtin_detectors(), catalogue))


@pytest.mark.parametrize("gap", [300.0, 100 * DAY], ids=["near baseline", "remote baseline"])
@pytest.mark.parametrize("reported", [None, "RequestLatency_High"])
@pytest.mark.parametrize("slow", ["web", "catalogue", "stock"])
def test_who_is_slow_by_itself_is_named(told, slow, reported, gap):
    factors = [1.0, 1.0, 20.0, 20.0, 1.0, 1.0] if slow == "stock" else SLOW
    answer = told(incident({slow: factors}, gap=gap, reported=reported))
    first = answer["root_causes"][0]
    assert first["entity"] == slow
    assert first["explains_reported"] is (True if reported else None)
    assert {"entity": "web", "symptom": "RequestLatency_High"} in first["explains"]


@pytest.mark.parametrize("failing", [["web"], ["web", "catalogue"], ["web", "catalogue", "stock"]], ids=len)
def test_the_last_that_fails_along_the_calls_is_named(told, failing):
    answer = told(incident(failing=dict.fromkeys(failing, FAILING), reported="RequestErrorRate_High"))
    assert answer["root_causes"][0]["entity"] == failing[-1]
    assert answer["root_causes"][0]["share_of_reported"] == pytest.approx(1.0, abs=0.15)


def test_a_quiet_window_has_no_root_cause(told):
    answer = told(incident())
    assert answer["root_causes"] == []
    assert answer["unexplained"] == []


def test_what_was_reported_and_has_no_cause_is_told_as_unexplained(told):
    answer = told(incident(reported="RequestErrorRate_High"))
    told_of = [{"entity": cause["entity"]} for cause in answer["root_causes"]] or answer["unexplained"]
    assert told_of


def test_problems_that_do_not_explain_the_report_come_after_those_that_do(told):
    both = incident({"web": SLOW}, failing={"stock": [0.0, 0.0, 0.3, 0.3, 0.0, 0.0]}, reported="RequestLatency_High")
    causes = told(both)["root_causes"]
    assert causes[0]["entity"] == "web"
    assert [cause["explains_reported"] for cause in causes] == sorted(
        (c["explains_reported"] for c in causes), reverse=True
    )


def test_measurements_of_entities_that_are_not_in_the_topology_are_left_out(told):
    recorded = incident({"catalogue": SLOW})
    known = tuple(entity for entity in recorded.entities if entity.id != "stock")
    answer = told(attrs.evolve(recorded, entities=known, relations=recorded.relations[:1]))
    assert answer["root_causes"][0]["entity"] == "catalogue"


def test_ids_that_the_gate_hides_are_told_as_recorded(told):
    secret = "anna@example.com"
    assert told(with_catalogue_named(secret))["root_causes"][0]["entity"] == secret


def with_catalogue_named(secret):
    recorded = incident({"catalogue": SLOW})
    return attrs.evolve(
        recorded,
        entities=tuple(Entity(secret if e.id == "catalogue" else e.id, e.type, e.name) for e in recorded.entities),
        relations=tuple(
            attrs.evolve(
                r,
                source=secret if r.source == "catalogue" else r.source,
                target=secret if r.target == "catalogue" else r.target,
            )
            for r in recorded.relations
        ),
        tracks=tuple(
            attrs.evolve(t, series=attrs.evolve(t.series, entity=secret)) if t.series.entity == "catalogue" else t
            for t in recorded.tracks
        ),
    )


def test_the_same_recording_gives_the_same_answer_byte_for_byte(told):
    recorded = incident({"catalogue": SLOW}, reported="RequestLatency_High")
    assert json.dumps(told(recorded)) == json.dumps(told(recorded))


def test_so_it_does_where_the_gate_hides_names(told):
    recorded = with_catalogue_named("jane.doe@example.com")
    assert json.dumps(told(recorded)) == json.dumps(told(recorded))


def test_the_answer_is_valid_json(told):
    answer = told(incident({"stock": SLOW}, reported="Reachability_Low"))
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_what_was_reported_is_named_by_its_symptom(catalogue):
    answer = diagnose_incident(incident({"web": SLOW}, reported="RequestLatency_High"), builtin_detectors(), catalogue)
    assert answer.symptoms[SymptomKey("Service:web", "RequestLatency_High")].severity == 1.0
