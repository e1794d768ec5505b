"""What the mediator keeps of its agents."""

import pytest
from attrs import define, evolve, field

from causely_core.model import Aliases, Entity, Relation, SymptomKey, TopologyDelta
from causely_core.services.mediator.agents import AgentIntake
from causely_core.services.watching import Resolver
from causely_core.services.watching.topology import TopologyIntake
from causely_core.wire import Snapshot, Update
from causely_core.wire.cursor import Cursor, Sender

from ..shop import CART, HIGH, WEB, symptom, symptoms

AGENT = Sender("agent/n1", "e1", "1.0", "shop")
NODE = Entity.of("Node", "n1")


@define
class Recorded:
    """The way up, as a list."""

    passed: list = field(factory=list)

    async def topology(self, delta):
        self.passed.append(delta)

    async def symptoms(self, delta):
        self.passed.append(delta)


@pytest.fixture
def uplink():
    return Recorded()


@pytest.fixture
def intake(uplink):
    return AgentIntake(TopologyIntake("mediator"), lambda: uplink)


async def told(intake, *payloads, first=1):
    await intake.apply(AGENT, [Update(number, 0.0, payload) for number, payload in enumerate(payloads, first)])


def active(intake):
    return {source: known.keys for source, known in intake.active.items()}


async def test_an_agent_never_heard_of_is_given_an_epoch_that_none_has(intake):
    assert await intake.get(AGENT.name) == Cursor("", 0)


async def test_the_cursor_follows_what_was_applied(intake):
    await told(intake, symptoms(AGENT.name), symptoms(AGENT.name), first=4)
    assert await intake.get(AGENT.name) == Cursor("e1", 5)


async def test_active_symptoms_are_kept_until_they_clear(intake):
    await told(intake, symptoms(AGENT.name, symptom(), symptom(WEB.id)))
    await told(intake, symptoms(AGENT.name, symptom(active=False), symptom(NODE.id, active=False)))
    assert active(intake) == {AGENT.name: [SymptomKey(WEB.id, HIGH)]}


async def test_a_snapshot_replaces_what_the_agent_said_before(intake, uplink):
    await told(intake, symptoms(AGENT.name, symptom()))
    nodes = TopologyDelta("agent/n1/k8s", 9, (NODE,), snapshot=True)
    await told(intake, Snapshot((nodes,), (symptoms(AGENT.name, symptom(WEB.id), snapshot=True),)))
    assert active(intake) == {AGENT.name: [SymptomKey(WEB.id, HIGH)]}
    assert set(intake.intake.entities) == {NODE.id}
    assert [type(delta).__name__ for delta in uplink.passed] == ["SymptomDelta", "TopologyDelta", "SymptomDelta"]


async def test_what_a_snapshot_does_not_name_any_more_is_gone(intake, uplink):
    await told(intake, TopologyDelta("agent/n1/k8s", 9, (NODE,)), symptoms("agent/n1/ebpf", symptom()))
    await told(intake, Snapshot((), ()))
    assert active(intake) == {"agent/n1/ebpf": []}
    assert set(intake.intake.entities) == set()
    assert [(delta.source, delta.snapshot) for delta in uplink.passed[2:]] == [
        ("agent/n1/k8s", True),
        ("agent/n1/ebpf", True),
    ]


async def test_what_a_forgotten_agent_said_is_withdrawn_and_asked_for_again(intake, uplink):
    await told(intake, TopologyDelta("agent/n1/k8s", 9, (NODE,)), symptoms(AGENT.name, symptom()))
    await intake.forget(AGENT.name)
    assert set(intake.intake.entities) == set()
    assert active(intake) == {AGENT.name: []}
    assert [delta.snapshot for delta in uplink.passed[2:]] == [True, True]
    assert await intake.get(AGENT.name) == Cursor("", 0)


async def test_the_snapshot_for_the_analyzer_has_one_part_an_agent(intake):
    await told(intake, symptoms("agent/n1", symptom()), symptoms("agent/n2", symptom(CART.id, "Other_High")))
    parts = intake.snapshots()
    assert [(part.source, part.snapshot) for part in parts] == [("agent/n1", True), ("agent/n2", True)]
    assert [one.symptom.name for part in parts for one in part.manifestations] == [HIGH, "Other_High"]


REMOTE = Entity.of("ExternalService", "10.1.0.7:80")
SAME = Relation(REMOTE.id, "same_as", CART.id)


async def test_symptoms_are_told_of_entities_as_they_are_known(uplink):
    intake = AgentIntake(TopologyIntake("mediator", Resolver(Aliases())), lambda: uplink)
    severe = evolve(symptom(REMOTE.id), severity=0.9)
    await told(intake, TopologyDelta("agent/n1/ebpf", 1, (CART, REMOTE)), symptoms("agent/n1", symptom(), severe))
    intake.intake.accept("kubernetes", TopologyDelta("", 0, (CART,), (SAME,)))
    await intake.rename()
    renamed = evolve(severe, entity=CART.id)
    assert uplink.passed[-1] == symptoms("agent/n1", renamed, snapshot=True)
    assert intake.snapshots() == (symptoms("agent/n1", renamed, snapshot=True),)
    await intake.rename()
    assert uplink.passed[-1] == symptoms("agent/n1", renamed, snapshot=True)
    await told(intake, symptoms("agent/n1", evolve(severe, active=False)))
    assert uplink.passed[-1] == symptoms("agent/n1", symptom())
    await told(intake, symptoms("agent/n1", symptom(active=False)))
    assert uplink.passed[-1] == symptoms("agent/n1", symptom(active=False))


async def test_an_agent_may_say_what_ids_mean(uplink):
    intake = AgentIntake(TopologyIntake("mediator", Resolver(Aliases())), lambda: uplink)
    await told(intake, TopologyDelta("agent/n1/ebpf", 1, (CART, REMOTE), (SAME,)))
    assert [(each.entities, each.relations) for each in uplink.passed] == [((CART,), ())]
