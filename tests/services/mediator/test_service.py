"""A whole mediator on loopback: a plugin's streams in, real gRPC to the analyzer's end out."""

import time

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from causely_core.egress.ledger import read_ledger
from causely_core.egress.policy import EgressPolicy, EvidencePolicy
from causely_core.errors import CauselyError, ConfigError
from causely_core.hookspecs import hookimpl
from causely_core.isolation import UnitState
from causely_core.model import Entity, EvidenceRequest, SymptomDelta, TopologyDelta
from causely_core.services.watching.topology import WATCHED
from causely_core.wire import Snapshot

from ..shop import CALL, CART, HIGH, SHOP, WEB, ShopPlugin, running, until
from .worlds import mediator


def request(id="r1", entity=CART.id, **bounds):
    return EvidenceRequest(id, "cause-1", (entity,), time.time() - 60, time.time() + 60, **bounds)


async def test_what_a_plugin_sees_reaches_the_analyzer_as_topology_and_symptoms_only(served, analyzer, plugin):
    plugin.discovers(SHOP)
    plugin.observes(50.0)
    await until(analyzer.symptoms)
    assert analyzer.symptoms() == [(CART.id, HIGH)]
    await until(lambda: WEB.id in analyzer.topology.entities)
    assert analyzer.topology.relations == [CALL]
    plugin.observes(1.0)
    await until(lambda: not analyzer.symptoms())
    assert {type(payload) for payload in analyzer.payloads} <= {TopologyDelta, SymptomDelta}


async def test_the_analyzer_learns_which_symptoms_are_watched(served, analyzer, plugin):
    plugin.discovers(SHOP)
    plugin.observes(1.0)

    def told():
        return {id: entity.attributes for id, entity in analyzer.topology.entities.items()}

    await until(lambda: told().get(CART.id) == {WATCHED: HIGH})
    assert told()[WEB.id] == {}


async def test_deltas_of_a_source_are_numbered_and_named(served, analyzer, plugin):
    plugin.discovers(SHOP, TopologyDelta("whatever", 99, (Entity.of("Service", "bank"),), deleted_entities=(WEB.id,)))
    await until(lambda: set(analyzer.topology.entities) == {CART.id, "Service:bank"})
    deltas = [payload for payload in analyzer.payloads if isinstance(payload, TopologyDelta)]
    assert {delta.source for delta in deltas} == {"mediator/p0/told"}
    assert [delta.snapshot for delta in deltas] == [True, False]


async def test_an_evidence_request_is_answered_with_series(served, analyzer, plugin):
    plugin.observes(1.0)
    plugin.observes(2.0)
    plugin.observes(0.5, WEB.id)
    await until(lambda: served.plugins.plugins["p0"].units[1].items == 3)
    await until(lambda: "mediator" in analyzer.link.connected)
    assert await analyzer.link.request_evidence("mediator", request())
    (evidence,) = await until(lambda: analyzer.evidence)
    assert (evidence.request_id, evidence.root_cause, evidence.refused) == ("r1", "cause-1", "")
    assert [(item.entity, item.title, item.values) for item in evidence.items] == [
        (CART.id, "request_rate", (1.0, 2.0))
    ]


async def test_a_policy_that_refuses_evidence_is_obeyed(tmp_path, analyzer, plugin):
    subject = mediator(tmp_path, analyzer.port, plugin, egress=EgressPolicy(evidence=EvidencePolicy.REFUSE))
    async with running(subject):
        plugin.observes(1.0)
        await until(lambda: "mediator" in analyzer.link.connected)
        assert await analyzer.link.request_evidence("mediator", request())
        (evidence,) = await until(lambda: analyzer.evidence)
    assert evidence.items == ()
    assert "refuses evidence" in evidence.refused


async def test_redacted_entities_are_found_again_for_evidence(served, analyzer, plugin):
    user = Entity.of("Service", "ada@example.org")
    plugin.discovers(TopologyDelta("", 0, (user,)))
    plugin.observes(3.0, user.id)
    (hidden,) = await until(lambda: analyzer.topology.entities)
    assert "ada@example.org" not in hidden
    assert await analyzer.link.request_evidence("mediator", request(entity=hidden))
    (evidence,) = await until(lambda: analyzer.evidence)
    assert [(item.entity, item.values) for item in evidence.items] == [(hidden, (3.0,))]


async def test_everything_that_crossed_is_in_the_ledger(served, analyzer, plugin, tmp_path):
    plugin.discovers(SHOP)
    plugin.observes(50.0)
    await until(analyzer.symptoms)
    assert await analyzer.link.request_evidence("mediator", request())
    await until(lambda: analyzer.evidence)
    crossings = read_ledger(tmp_path)
    assert {(crossing.direction, crossing.kind) for crossing in crossings} == {
        ("out", "topology"),
        ("out", "symptoms"),
        ("out", "evidence"),
        ("in", "evidence_request"),
    }
    assert {crossing.destination for crossing in crossings} == {f"127.0.0.1:{analyzer.port}"}


async def test_what_happens_while_the_analyzer_is_away_is_told_later(tmp_path, analyzer, plugin):
    await analyzer.stop()
    async with running(mediator(tmp_path, analyzer.port, plugin)) as one:
        plugin.discovers(SHOP)
        plugin.observes(50.0)
        await until(lambda: one.watch.judge.active)
        assert not analyzer.payloads
        await analyzer.start()
        await until(analyzer.symptoms)
        await until(lambda: set(analyzer.topology.entities) == {CART.id, WEB.id})


async def test_an_analyzer_that_lost_its_state_is_told_everything_again(served, analyzer, plugin):
    plugin.discovers(SHOP)
    plugin.observes(50.0)
    await until(analyzer.symptoms)
    await until(lambda: WATCHED in analyzer.topology.entities.get(CART.id, CART).attributes)
    await analyzer.stop()
    analyzer.forget()
    await analyzer.start()
    await until(lambda: analyzer.symptoms() and set(analyzer.topology.entities) == {CART.id, WEB.id})
    assert any(isinstance(payload, Snapshot) for payload in analyzer.payloads)


@pytest.mark.parametrize("attempt", range(3))
async def test_a_mediator_with_a_new_disk_is_asked_for_everything_at_once(tmp_path, analyzer, attempt):
    for life in ("first", "second"):
        plugin = ShopPlugin()
        async with running(mediator(tmp_path / life, analyzer.port, plugin)) as one:
            plugin.discovers(TopologyDelta("", 0, (Entity.of("Service", life),)))
            await until(lambda life=life: set(analyzer.topology.entities) == {f"Service:{life}"})
            assert one.not_ready() == ""


async def test_a_restart_withdraws_the_symptoms_of_the_life_before(tmp_path, analyzer):
    plugin = ShopPlugin()
    async with running(mediator(tmp_path, analyzer.port, plugin)):
        plugin.observes(50.0)
        await until(analyzer.symptoms)
    async with running(mediator(tmp_path, analyzer.port, ShopPlugin())):
        await until(lambda: not analyzer.symptoms())


async def test_what_only_a_former_life_discovered_is_void_once_the_mediator_has_settled(tmp_path, analyzer):
    plugin = ShopPlugin()
    async with running(mediator(tmp_path, analyzer.port, plugin)):
        plugin.discovers(SHOP)
        await until(lambda: CART.id in analyzer.topology.entities)
    async with running(mediator(tmp_path, analyzer.port, settle_after=0.1)) as one:
        await until(lambda: not analyzer.topology.entities)
        assert one.not_ready() == ""


async def test_a_failing_stream_begins_anew_and_spoils_no_other(tmp_path, analyzer, plugin):
    other = ShopPlugin()
    async with running(mediator(tmp_path, analyzer.port, plugin, other)) as one:
        plugin.collector.items.put_nowait(RuntimeError("socket closed"))
        other.observes(50.0)
        await until(analyzer.symptoms)
        plugin.observes(60.0, WEB.id)
        await until(lambda: (WEB.id, HIGH) in analyzer.symptoms())
        collector = next(unit for unit in one.plugins.plugins["p0"].units if unit.kind == "collector")
        assert (collector.total_failures, collector.last_error) == (1, "RuntimeError: socket closed")
        assert one.not_ready() == ""


async def test_what_the_egress_gate_cannot_take_is_the_plugins_failure_alone(served, analyzer, plugin):
    plugin.discovers("no delta")
    plugin.discovers(SHOP)
    await until(lambda: CART.id in analyzer.topology.entities)
    assert served.not_ready() == ""


async def test_a_judgement_that_fails_is_logged_and_the_next_one_is_made(tmp_path, analyzer, plugin):
    async with running(mediator(tmp_path, analyzer.port, plugin)) as one:
        link, one.uplink.link = one.uplink.link, None
        plugin.observes(50.0)
        await until(lambda: one.watch.judge.active)
        one.uplink.link = link
        plugin.observes(60.0, WEB.id)
        await until(lambda: (WEB.id, HIGH) in analyzer.symptoms())


async def test_a_plugin_whose_hook_raises_is_left_out(tmp_path, analyzer, plugin):
    class Broken:
        causely_api = 1

        @hookimpl
        def causely_collectors(self, context):
            raise OSError("no such device")

    async with running(mediator(tmp_path, analyzer.port, Broken, plugin)) as one:
        plugin.observes(50.0)
        await until(analyzer.symptoms)
        assert one.plugins.plugins["p0"].error == "causely_collectors: OSError: no such device"


async def test_readiness(tmp_path, analyzer, plugin):
    one = mediator(tmp_path, analyzer.port, plugin)
    assert one.not_ready() == "not started"
    async with running(one):
        assert one.not_ready() == ""
    assert one.not_ready() == "a stream has ended"


async def test_stopping_closes_every_stream(tmp_path, analyzer, plugin):
    async with running(mediator(tmp_path, analyzer.port, plugin)) as one:
        await until(lambda: one.plugins.plugins["p0"].units[-1].state is UnitState.RUNNING)
        plugin.discovers(SHOP)
        plugin.observes(1.0)
        await until(lambda: CART.id in analyzer.topology.entities)
    assert (plugin.collector.closed, plugin.discoverer.closed) == (1, 1)


async def test_a_store_that_is_no_url_stops_the_start(tmp_path, analyzer):
    with pytest.raises(ConfigError, match="'victoriametrics' is no URL"):
        await mediator(tmp_path, analyzer.port, timeseries="victoriametrics").start()


async def test_a_taken_port_stops_the_start(served, tmp_path, analyzer):
    taken = f"127.0.0.1:{served.server.port}"
    second = mediator(tmp_path / "other", analyzer.port, agents_listen=taken)
    with pytest.raises(CauselyError, match=f"cannot listen on {taken}"):
        await second.start()
    await second.stop()


async def test_what_is_known_is_counted(tmp_path, analyzer, plugin):
    reader = InMemoryMetricReader()
    meter = MeterProvider([reader]).get_meter("test")
    async with running(mediator(tmp_path, analyzer.port, plugin, meter=meter)):
        plugin.discovers(SHOP)
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms() and WEB.id in analyzer.topology.entities)
        (scope,) = reader.get_metrics_data().resource_metrics[0].scope_metrics
        counted = {metric.name: metric.data.data_points[0].value for metric in scope.metrics}
    assert (counted["causely.symptoms.active"], counted["causely.topology.entities"]) == (1, 2)
