"""Mediator and analyzer in a test: what is told becomes a root cause, and a wrong one explains itself."""

import httpx
import pytest

from causely_core.hookspecs import hookimpl
from causely_core.model import CausalModel, Effect, RootCauseSpec, SymptomSpec
from causely_core.testing import assert_diagnosis, topology
from causely_core.testing.feed import Told

pytest_plugins = ["pytester"]

SCOPE = "asyncio_default_fixture_loop_scope=function"


class Printers:
    """A plugin that is installed nowhere."""

    causely_api = 1

    @hookimpl
    def causely_causal_models(self):
        out_of_paper = RootCauseSpec("OutOfPaper", 0.05, "resource", "No paper.", (Effect("Queue_Jammed", 0.9),))
        return [CausalModel("Printer", (SymptomSpec("Queue_Jammed", "Jobs wait."),), (out_of_paper,))]


@pytest.fixture
def plugin():
    return Printers


async def erring(causely):
    """A cart that errs, and the web that calls it."""
    causely.discover("Service:web calls Service:cart")
    for service in ("Service:cart", "Service:web"):
        causely.observe(service, "request_count", [100.0] * 30)
        causely.observe(service, "error_rate", [0.0] * 15 + [0.6] * 15)


async def test_what_is_told_becomes_a_root_cause(causely):
    await erring(causely)
    found = await causely.diagnosed("Malfunction", "Service:cart")
    assert_diagnosis([found], "Malfunction", "Service:cart", explains=[("RequestErrorRate_High", "Service:web")])


async def test_a_wrong_diagnosis_shows_its_causal_path(causely):
    await erring(causely)
    found = await causely.diagnosed("Malfunction", "Service:cart")
    with pytest.raises(pytest.fail.Exception) as failed:
        assert_diagnosis([found], "Malfunction", "Service:web")
    assert "Malfunction on Service:cart" in str(failed.value)
    assert "RequestErrorRate_High on Service:cart -> RequestErrorRate_High on Service:web" in str(failed.value)


async def test_what_is_never_found_is_told_with_the_symptoms(causely):
    await erring(causely)
    await causely.diagnosed("Malfunction", "Service:cart")
    with pytest.raises(pytest.fail.Exception, match="symptom RequestErrorRate_High on Service:cart"):
        await causely.diagnosed("Malfunction", "Service:bank", deadline=0.2)


async def test_a_symptom_that_is_never_seen_is_told_with_those_that_are(causely):
    await erring(causely)
    found = await causely.seen("RequestErrorRate_High", "Service:cart")
    assert found["value"] == 0.6
    with pytest.raises(pytest.fail.Exception, match="symptom RequestErrorRate_High on Service:cart"):
        await causely.seen("RequestLatency_High", "Service:cart", deadline=0.2)


async def test_the_plugin_under_test_is_loaded_beside_the_core_and_nothing_else(causely):
    loaded = {name for name, each in causely.mediator.plugins.plugins.items() if each.enabled}
    assert loaded == {"core", "feed", "tested"}
    assert "Printer" in {model.entity_type for model in causely.analyzer.catalogue}


class Watching(Printers):
    """It sees one entity in whatever loads it."""

    @hookimpl
    def causely_discoverers(self, context):
        one = Told(topology(f"Printer:{context.component}"), "printers")
        return [one]


class TestAgent:
    @pytest.fixture
    def plugin(self):
        return Watching

    async def test_an_agent_forwards_what_the_plugin_sees(self, causely, agent):
        known = causely.mediator.watch.intake.topology
        await causely.until(lambda: {"Printer:agent", "Printer:mediator"} <= set(known.entities))


def logged(causely):
    """The highest rate of errors that was logged."""
    window = causely.mediator.watch.judge.buffer.window(["error_log_rate"], causely.clock.now())
    return max((columns.values.max() for columns in window.values() if columns.values.size), default=0.0)


class TestOtlp:
    @pytest.fixture
    def installed(self):
        return ("otlp",)

    async def test_spans_become_services_that_call_each_other(self, causely, otlp):
        await otlp.requests("cart", 0.05, count=5, caller="web")
        await otlp.gauge("cart", "process.memory.usage", 1e6, "By")
        calls = causely.mediator.watch.intake.topology
        await causely.until(lambda: [each for each in calls.relations if each.type == "calls"])
        assert {"cart", "web"} <= {entity.name for entity in calls.entities.values()}

    async def test_errors_that_are_logged_become_observations(self, causely, otlp):
        await otlp.requests("cart", 0.05)
        known = causely.mediator.watch.intake.topology
        await causely.until(lambda: "Service:cart" in known.entities)
        await otlp.log("cart", "disk is full", "disk is full")
        await otlp.log("cart", "all is well", severity="INFO")
        await causely.until(lambda: logged(causely) > 0)

    async def test_a_severity_that_does_not_exist_is_refused(self, otlp):
        with pytest.raises(ValueError, match="SEVERITY_NUMBER_BAD"):
            await otlp.log("cart", "disk is full", severity="BAD")


def test_without_the_plugin_that_receives_it_otlp_says_so(pytester):
    pytester.makepyfile(test_it="def test_it(otlp):\n    pass\n")
    told = pytester.runpytest_inprocess("-p", "causely_core.testing.plugin", "-o", SCOPE).stdout.str()
    assert 'nobody receives OTLP; to fix: give a fixture `installed` that returns ("otlp",)' in told


async def test_victoria_metrics_is_real(victoria_metrics):
    async with httpx.AsyncClient(base_url=victoria_metrics) as client:
        assert (await client.get("/api/v1/query", params={"query": "1"})).json()["status"] == "success"


def test_a_topology_is_told_in_sentences(topology):
    told = topology("Service:web calls Service:cart", "Queue:mail")
    assert [each.id for each in told.entities] == ["Service:web", "Service:cart", "Queue:mail"]
    assert [(each.source, each.type, each.target) for each in told.relations] == [
        ("Service:web", "calls", "Service:cart")
    ]


@pytest.mark.parametrize("sentence", ["web", "Service: calls Service:cart", "Service:web calls", ""])
def test_what_is_no_sentence_is_told(topology, sentence):
    with pytest.raises(Exception, match="expected <type>:<key>"):
        topology(sentence)
