"""What all senders say, merged."""

from causely_core.model import Entity, TopologyDelta
from causely_core.storage import State

from .worlds import KEY, evidence, symptom, symptoms, updates


def test_the_worst_report_of_a_symptom_counts():
    state = State()
    state.apply("a", updates(symptoms(symptom(severity=0.3), source="one")))
    state.apply("a", updates(symptoms(symptom(severity=0.8), source="two")))
    state.apply("b", updates(symptoms(symptom(severity=0.8, onset=50.0))))
    assert (state.active[KEY].severity, state.active[KEY].onset) == (0.8, 50.0)
    state.apply("a", updates(symptoms(source="two", snapshot=True)))
    state.apply("b", updates(symptoms(symptom(active=False))))
    assert state.active[KEY].severity == 0.3


def test_what_cannot_change_a_diagnosis_says_so():
    state = State()
    delta = TopologyDelta("otlp", 1, (Entity.of("Service", "cart"),))
    assert state.apply("a", updates(delta))
    assert not state.apply("a", updates(delta))
    assert not state.apply("a", updates(evidence()))
    assert state.topology_revision == 1


def test_the_same_source_of_two_senders_stays_two():
    state = State()
    for sender in ("a", "b"):
        state.apply(sender, updates(TopologyDelta("otlp", 1, (Entity.of("Service", sender),))))
    assert list(state.topology.entities) == ["Service:a", "Service:b"]
