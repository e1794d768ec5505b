"""Whether the catalogue is complete, and every cause of it is tried."""

from __future__ import annotations

import pytest

from ..shop import catalogue, told
from . import (
    test_application,
    test_cache,
    test_cluster,
    test_container,
    test_database,
    test_disk,
    test_dns,
    test_external_service,
    test_load_balancer,
    test_node,
    test_queue,
    test_service,
    test_workload,
)
from .world import found_in

FAMILIES = [
    test_application,
    test_cache,
    test_cluster,
    test_container,
    test_database,
    test_disk,
    test_dns,
    test_external_service,
    test_load_balancer,
    test_node,
    test_queue,
    test_service,
    test_workload,
]
SLOW = ["Service:orders", "Service:api", "Service:web"]


def test_every_cause_has_a_case():
    tried = {(case.entity.partition(":")[0], case.cause) for family in FAMILIES for case in family.CASES}
    known = {(model.entity_type, cause.name) for model in catalogue() for cause in model.root_causes}
    assert known == tried


@pytest.mark.parametrize(
    ("symptom", "cause"), [("RequestLatency_High", "Congested"), ("RequestErrorRate_High", "Malfunction")]
)
def test_the_general_cause_is_named_when_nothing_tells_more(symptom, cause):
    found = found_in([(entity, symptom) for entity in SLOW])
    assert told(found) == [("Service:orders", cause)]
