"""Evidence: a bounded slice of the series that stay in the cluster."""

from attrs import evolve

from causely_core.errors import UnavailableError
from causely_core.model import EntityId, EvidenceRequest, Observation, ObservationBatch, Series
from causely_core.services.mediator.evidence import POINTS_PER_SERIES, gather
from causely_core.timeseries.open_store import open_store

CART = EntityId("Service:cart")


def request(max_bytes=65_536):
    return EvidenceRequest("e1", "rc1", (CART,), 0.0, 1000.0, max_bytes)


def known(name):
    return (name,)


async def stored(points=200, attributes=("error_rate", "request_rate")):
    store = open_store(None)
    for attribute in attributes:
        rows = [Observation(Series(CART, attribute), float(t), float(t)) for t in range(points)]
        rows.append(Observation(Series(CART, attribute, "Service:web"), 1.0, 1.0))
        await store.write(ObservationBatch.of(rows))
    return store


async def test_each_series_is_thinned_out_evenly():
    evidence = await gather(request(), await stored(), known)
    assert [item.title for item in evidence.items] == ["error_rate", "request_rate"]
    for item in evidence.items:
        assert POINTS_PER_SERIES / 2 <= len(item.times) <= POINTS_PER_SERIES
        assert item.times == tuple(sorted(item.times))
        assert item.times == item.values


async def test_only_the_requested_attributes_are_given():
    asked = evolve(request(), attributes=("request_rate",))
    evidence = await gather(asked, await stored(), known)
    assert [item.title for item in evidence.items] == ["request_rate"]


async def test_an_answer_stays_within_its_bytes():
    evidence = await gather(request(max_bytes=1200), await stored(), known)
    assert evidence.truncated
    assert [item.title for item in evidence.items] == ["error_rate"]


async def test_a_store_that_is_away_is_a_refusal():
    class Away:
        async def read(self, *_):
            raise UnavailableError("VictoriaMetrics does not answer")

    evidence = await gather(request(), Away(), known)
    assert evidence.refused == "VictoriaMetrics does not answer"
    assert evidence.items == ()


async def test_series_of_all_ids_of_an_entity_are_given_under_its_name():
    store = open_store(None)
    by_address = EntityId("ExternalService:10.1.0.7")
    await store.write(ObservationBatch.of([Observation(Series(by_address, "reachability"), 1.0, 0.5)]))
    evidence = await gather(request(), store, lambda name: (name, by_address))
    assert [(item.entity, item.title, item.values) for item in evidence.items] == [(CART, "reachability", (0.5,))]
