"""Every resource of the API, over real HTTP, with the documented fields."""

import math

import httpx
import pytest
from attrs import evolve

from causely_core.model import (
    Alternative,
    AtRisk,
    CauseRef,
    Evidence,
    EvidenceItem,
    PathStep,
    Support,
    SupportState,
    TellingSymptom,
)
from causely_core.services.analyzer.api import create_api
from causely_core.storage import RootCauseRecord, StorageError
from causely_core.wire.cursor import Sender

from ..worlds import CART, SHOP, TOPOLOGY, cause, key, symptom, symptoms, until, updates

FULL = cause(
    explains=[key()],
    path=(
        PathStep(key(name="CPUCongested"), key(), "", 0.9),
        PathStep(
            key(), key("Service:shop"), "calls", 0.8, Support(SupportState.ACTIVE, "rate", 2.0, 1.5, None, 99.0, 0.4)
        ),
    ),
    missing=(key(name="CPUUtilization_High"),),
    impacted=(SHOP.id,),
    alternatives=(Alternative(SHOP.id, "MemoryLeak", 0.1, "memory does not grow", (key(),), (key(name="X"),)),),
    description="busy",
    remediation=("scale out",),
    would_tell=(TellingSymptom(CART.id, "Hot_High", "temperature", 0.3, CauseRef(SHOP.id, "MemoryLeak")),),
    at_risk=(AtRisk(SHOP.id, "RequestErrorRate_High", 0.4),),
)


def record(id, cleared_at=None, superseded_by=""):
    return RootCauseRecord(evolve(FULL, id=id), "cart", 0.7, 0, 102.0, cleared_at, superseded_by, 0.25)


@pytest.fixture
async def known(served):
    """Two root causes, evidence, a topology, two symptoms."""
    item = EvidenceItem("series", CART.id, "request_rate", (1.0, 2.0), (3.0, 4.0))
    answers = Evidence("q1", "old", (item,), truncated=True), Evidence("q2", "old", refused="by policy")
    sender = Sender("mediator", "e", "1.0", "shop")

    def fill(book):
        book.store.save([record("old", 110.0, "new"), record("older", 105.0)])
        said = (
            TOPOLOGY,
            symptoms(symptom(), symptom("Service:shop")),
            symptoms(symptom(active=False)),
            *answers,
        )
        book.apply(sender, updates(*said), 5.0)

    await served.ask(fill)


async def get(api, path, **parameters):
    answer = await api.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_root_causes_are_listed(api, known):
    page = await get(api, "/root-causes", active=False, limit=1, offset=1)
    assert (page["total"], page["limit"], page["offset"]) == (2, 1, 1)
    assert [item["id"] for item in page["items"]] == ["older"]


async def test_a_root_cause_in_full(api, known):
    assert await get(api, "/root-causes/old") == {
        "id": "old",
        "entity": CART.id,
        "name": "cart",
        "type": "Service",
        "cause": "CPUCongested",
        "probability": 0.9,
        "severity": 0.7,
        "onset": 100.0,
        "diagnosed_at": 102.0,
        "cleared_at": 110.0,
        "active": False,
        "superseded_by": "new",
        "explains": [{"entity": CART.id, "symptom": "RequestLatency_High"}],
        "path": [
            {
                "source": {"entity": CART.id, "state": "CPUCongested"},
                "target": {"entity": CART.id, "state": "RequestLatency_High"},
                "relation": "",
                "probability": 0.9,
                "support": None,
            },
            {
                "source": {"entity": CART.id, "state": "RequestLatency_High"},
                "target": {"entity": SHOP.id, "state": "RequestLatency_High"},
                "relation": "calls",
                "probability": 0.8,
                "support": {
                    "state": "active",
                    "attribute": "rate",
                    "value": 2.0,
                    "threshold": 1.5,
                    "center": None,
                    "onset": 99.0,
                    "severity": 0.4,
                },
            },
        ],
        "missing": [{"entity": CART.id, "symptom": "CPUUtilization_High"}],
        "impacted": [SHOP.id],
        "alternatives": [
            {
                "entity": SHOP.id,
                "cause": "MemoryLeak",
                "probability": 0.1,
                "reason": "memory does not grow",
                "unexplained": [{"entity": CART.id, "symptom": "RequestLatency_High"}],
                "missing": [{"entity": CART.id, "symptom": "X"}],
            }
        ],
        "description": "busy",
        "remediation": ["scale out"],
        "would_tell": [
            {
                "entity": CART.id,
                "symptom": "Hot_High",
                "attribute": "temperature",
                "gain": 0.3,
                "favours": {"entity": SHOP.id, "cause": "MemoryLeak"},
            }
        ],
        "at_risk": [{"entity": SHOP.id, "symptom": "RequestErrorRate_High", "probability": 0.4}],
        "gap": 0.25,
        "evidence": [
            {
                "kind": "series",
                "entity": CART.id,
                "title": "request_rate",
                "times": [1.0, 2.0],
                "values": [3.0, 4.0],
            }
        ],
        "evidence_truncated": True,
        "evidence_refused": ["by policy"],
        "hottest": None,
    }


async def test_symptoms(api, known):
    (item,) = (await get(api, "/symptoms", active=True))["items"]
    assert (item["entity"], item["name"], item["active"]) == (SHOP.id, "RequestLatency_High", True)
    assert item["center"] is None
    assert item["threshold_source"] == "learned"
    assert math.isclose(item["severity"], 0.5)
    (cleared,) = (await get(api, "/symptoms", entity=CART.id))["items"]
    assert cleared["cleared_at"] == 101.0


async def test_entities(api, known):
    assert (await get(api, "/entities", q="FRONT"))["items"] == [
        {"id": SHOP.id, "type": "Service", "name": "Shop front", "attributes": {}}
    ]
    assert (await get(api, "/entities", type="Database"))["total"] == 0
    assert (await get(api, "/entities", limit=1))["total"] == 2


async def test_relations(api, known):
    call = {"source": SHOP.id, "type": "calls", "target": CART.id, "attributes": {"mode": "sync"}}
    assert (await get(api, "/relations", entity=CART.id, type="calls"))["items"] == [call]
    assert (await get(api, "/relations", entity="Service:x"))["items"] == []


async def test_status(api, known):
    status = await get(api, "/status")
    assert status["counts"] == {"entities": 2, "relations": 1, "symptoms": 1, "root_causes": 0}
    assert status["last_update"] == 5.0
    (mediator,) = status["mediators"]
    assert (mediator["name"], mediator["cluster"], mediator["connected"]) == ("mediator", "shop", False)


async def test_status_tells_who_is_connected(api, told):
    await told.say(TOPOLOGY)

    async def connected():
        return [one["connected"] for one in (await get(api, "/status"))["mediators"]]

    assert await until(connected) == [True]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/root-causes/none", 404, "there is no root cause 'none'"),
        ("/root-causes?limit=501", 422, "query.limit: Input should be less than or equal to 500"),
        ("/symptoms?active=perhaps", 422, "query.active: Input should be a valid boolean"),
        ("/entities?offset=-1", 422, "query.offset"),
        ("/nowhere", 404, "Not Found"),
    ],
)
async def test_problems(api, path, status, detail):
    answer = await api.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert detail in problem["detail"]
    assert set(problem) == {"type", "title", "status", "detail", "instance"}


async def test_a_wrong_method_tells_the_right_one(api):
    answer = await api.post("/status")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(("raised", "status"), [(StorageError("database x: no"), 503), (ValueError("x"), 500)])
async def test_failures_are_problems(raised, status):
    class Broken:
        connected = frozenset()

        async def ask(self, question):
            raise raised

    transport = httpx.ASGITransport(create_api(Broken()), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/api/v1/status")
    assert answer.status_code == answer.json()["status"] == status


async def test_openapi_names_every_resource(api):
    paths = (await get(api, "/openapi.json"))["paths"]
    resources = ("root-causes", "root-causes/{id}", "symptoms", "entities", "relations", "status")
    assert {f"/api/v1/{name}" for name in resources} <= paths.keys()
