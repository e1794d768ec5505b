"""Diagnoses of a small shop with the built-in models: which cause is named for which symptoms."""

from __future__ import annotations

import random

import pytest

from .shop import FAULTS, diagnosis, shown, symptom, told

EACH_FAULT = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))


@EACH_FAULT
def test_a_fault_is_the_only_root_cause(fault):
    assert told(diagnosis(shown(fault))) == [(fault.entity, fault.cause)]


@EACH_FAULT
@pytest.mark.parametrize("seed", range(5))
def test_a_fault_is_on_top_with_a_third_of_its_symptoms_lost(fault, seed):
    symptoms = shown(fault)
    kept = random.Random(seed).sample(symptoms, len(symptoms) - int(0.3 * len(symptoms)))
    assert told(diagnosis(kept))[0] == (fault.entity, fault.cause)


@EACH_FAULT
@pytest.mark.parametrize(
    "noise",
    [
        (("Service:frontend", "RequestRate_High"), ("Service:shipping", "CPUUtilization_High")),
        (("Operation:frontend GET /", "RequestLatency_High"), ("Service:checkout", "CPUUtilization_High")),
        (("Service:checkout", "MemoryUsage_Growing"), ("Queue:shipments", "MessageAge_High")),
    ],
)
def test_a_fault_is_on_top_with_two_mild_symptoms_of_noise(fault, noise):
    spurious = [symptom(*key, severity=0.1) for key in noise]
    assert told(diagnosis([*shown(fault), *spurious])) == [(fault.entity, fault.cause)]


def test_nothing_active_is_no_diagnosis():
    found = diagnosis([])
    assert (found.root_causes, found.unexplained) == ((), ())
