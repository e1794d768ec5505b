"""A whole agent on loopback: a plugin's streams in, real gRPC to a real mediator out."""

import time

import pytest

from causely_core.hookspecs import hookimpl
from causely_core.model import SymptomDelta, SymptomKey, TopologyDelta
from causely_core.timeseries.memory import MemoryStore
from causely_core.wire.errors import WireError
from causely_core.wire.tls import TlsConfig

from ..shop import CALL, CART, HIGH, SHOP, WEB, ShopPlugin, running, until
from .worlds import NAME, agent

HOT = SymptomKey(CART.id, HIGH)


def episodes(analyzer):
    """What of the agent's symptom began and ended, in the order told, without what is told again."""
    told = [
        manifestation.symptom
        for payload in analyzer.payloads
        if isinstance(payload, SymptomDelta) and payload.source == NAME
        for manifestation in payload.manifestations
    ]
    return list(dict.fromkeys((symptom.entity, symptom.active) for symptom in told))


async def test_what_a_plugin_sees_reaches_the_mediator_and_through_its_gate_the_analyzer(
    home, analyzer, plugin, tmp_path
):
    async with running(agent(tmp_path, home.port, plugin)):
        plugin.discovers(SHOP)
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME))
        assert home.active() == [HOT]
        await until(lambda: WEB.id in home.one.watch.intake.entities)
        await until(lambda: analyzer.topology.relations == [CALL])
        plugin.observes(1.0)
        await until(lambda: not analyzer.symptoms(NAME))
    sources = {payload.source for payload in analyzer.payloads if isinstance(payload, TopologyDelta)}
    assert sources == {f"{NAME}/p0/told", f"{NAME}/watched"}


async def test_series_are_written_to_the_store_and_go_nowhere_else(home, analyzer, plugin, tmp_path):
    store = MemoryStore()
    async with running(agent(tmp_path, home.port, plugin, store=store)):
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME))
    kept = await store.read([CART.id], None, time.time() - 60.0, time.time() + 60.0)
    assert list(kept.values) == [50.0]
    assert {type(payload) for payload in analyzer.payloads} <= {TopologyDelta, SymptomDelta}


async def test_what_began_and_ended_while_the_mediator_was_away_is_told_in_order(home, analyzer, plugin, tmp_path):
    async with running(agent(tmp_path, home.port, plugin)) as one:
        await until(lambda: one.link.connected)
        await home.stop()
        plugin.observes(50.0)
        await until(lambda: HOT in one.watch.judge.active)
        plugin.observes(1.0)
        plugin.observes(50.0, WEB.id)
        await until(lambda: list(one.watch.judge.active) == [(WEB.id, HIGH)])
        await home.start()
        await until(lambda: analyzer.symptoms(NAME) == [(WEB.id, HIGH)])
        assert episodes(analyzer)[:2] == [(CART.id, True), (CART.id, False)]
        assert home.active() == [(WEB.id, HIGH)]


async def test_a_restart_withdraws_what_the_agent_does_not_hold_any_more(home, analyzer, plugin, tmp_path):
    async with running(agent(tmp_path, home.port, plugin)):
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME))
    async with running(agent(tmp_path, home.port, ShopPlugin())):
        await until(lambda: not analyzer.symptoms(NAME))
        assert home.active() == []


async def test_what_a_former_life_saw_alone_is_told_and_withdrawn(home, analyzer, plugin, tmp_path):
    await home.stop()
    async with running(agent(tmp_path, home.port, plugin)) as one:
        plugin.observes(50.0)
        await until(lambda: one.watch.judge.active)
        # Judging tells what it found before it judges again.
        plugin.observes(50.0, WEB.id)
        await until(lambda: len(one.watch.judge.active) == 2)
    async with running(agent(tmp_path, home.port, ShopPlugin())) as one:
        await home.start()
        await until(lambda: episodes(analyzer) and not analyzer.symptoms(NAME))
        assert home.active() == []
        assert episodes(analyzer)[0] == (CART.id, True)


async def test_two_restarts_of_the_mediator_tell_nothing_of_it_twice(home, analyzer, plugin, tmp_path):
    async with running(agent(tmp_path, home.port, plugin)) as one:
        plugin.discovers(SHOP)
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME))
        for _ in range(2):
            await home.stop()
            await home.start()
            await until(lambda: home.active() == [HOT])
        await one.link.drained()
        assert analyzer.symptoms(NAME) == [HOT]
        onsets = {told.onset for known in analyzer.active.values() for told in known.values()}
        assert len(onsets) == 1


async def test_a_small_spool_overflows_and_everything_that_is_now_arrives(home, analyzer, plugin, tmp_path):
    await home.stop()
    async with running(agent(tmp_path, home.port, plugin, spool_max_bytes=2000)) as one:
        plugin.discovers(SHOP)
        for value in (50.0, 1.0) * 20 + (50.0,):
            plugin.observes(value)
            await until(lambda value=value: bool(one.watch.judge.active) == (value > 10.0))
            assert one.link.spool.size <= 2000
        await home.start()
        await until(lambda: analyzer.symptoms(NAME) == [HOT])
        await until(lambda: {CART.id, WEB.id} <= set(analyzer.topology.entities))


async def test_a_plugin_learns_that_it_is_in_an_agent(home, tmp_path):
    seen = []

    class Curious:
        causely_api = 1

        @hookimpl
        def causely_collectors(self, context):
            seen.append(context.component)

    async with running(agent(tmp_path, home.port, Curious)):
        assert seen == ["agent"]


async def test_a_source_that_only_a_former_life_had_is_void(home, analyzer, plugin, tmp_path):
    async with running(agent(tmp_path, home.port, plugin)):
        plugin.discovers(SHOP)
        await until(lambda: CART.id in analyzer.topology.entities)
    async with running(agent(tmp_path, home.port, settle_after=0.1)) as one:
        await until(lambda: not analyzer.topology.entities)
        assert not home.one.watch.intake.entities
        assert one.not_ready() == ""


async def test_an_agent_that_does_not_come_back_is_forgotten_until_it_does(home, analyzer, plugin, tmp_path):
    await home.stop()
    home.config = {"agents_away": 0.2}
    await home.start()
    async with running(agent(tmp_path, home.port, plugin)):
        plugin.discovers(SHOP)
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME) and CART.id in analyzer.topology.entities)
    await until(lambda: not analyzer.symptoms(NAME) and not analyzer.topology.entities)
    async with running(agent(tmp_path, home.port, plugin)):
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME) == [HOT])


async def test_readiness_does_not_hang_on_the_mediator(home, plugin, tmp_path):
    one = agent(tmp_path, home.port, plugin)
    assert one.not_ready() == "not started"
    async with running(one):
        await home.stop()
        assert one.not_ready() == ""
    assert one.not_ready() == "a stream has ended"


async def test_a_certificate_that_is_missing_stops_the_start(tmp_path):
    tls = TlsConfig(cert=str(tmp_path / "none.pem"), key=str(tmp_path / "none.key"))
    with pytest.raises(WireError, match=r"none\.(pem|key)"):
        await agent(tmp_path, 9, mediator_tls=tls).start()
