"""Updates in, root causes out, with times by hand."""

from attrs import define, field

from causely_core.model import TopologyDelta
from causely_core.services.analyzer.engine import Engine
from causely_core.services.analyzer.lifecycle import Lifecycle

from .standalone import FirstIsToBlame
from .worlds import CART, SHOP, TOPOLOGY, key, symptom, symptoms, updates


def engine(reasoner=None):
    return Engine(reasoner or FirstIsToBlame(), Lifecycle.of(2.0, 4.0, 0.5))


def test_an_incident_from_its_first_symptom_to_its_end():
    one = engine()
    assert one.apply("mediator", updates(TOPOLOGY, symptoms(symptom(), symptom("Service:shop"))))
    assert not one.diagnose(100.0).records
    (named,) = one.diagnose(102.0).confirmed
    assert named.root_cause.entity == CART.id
    assert named.root_cause.explains == (key("Service:cart"), key("Service:shop"))
    one.apply("mediator", updates(symptoms(snapshot=True)))
    assert not one.diagnose(110.0).records
    assert one.diagnose(114.0).cleared[0].id == named.id
    assert one.diagnosed_at == 114.0


@define
class Listener(FirstIsToBlame):
    revisions: list = field(factory=list)

    def answer(self, question):
        self.revisions.append(question.revision)
        return super().answer(question)


def test_only_a_changed_topology_is_another_revision():
    listener = Listener()
    one = engine(listener)
    for update in (
        TOPOLOGY,
        symptoms(symptom()),
        TopologyDelta("otlp", 1),
        TopologyDelta("otlp", 2, (SHOP,)),
    ):
        one.apply("mediator", updates(update))
        one.diagnose(0.0)
    first, *others = listener.revisions
    assert others[:2] == [first, first]
    assert others[2] != first


def test_a_question_does_not_change_afterwards():
    one = engine()
    one.apply("mediator", updates(TOPOLOGY, symptoms(symptom())))
    question = one.question(0.0)
    one.apply("mediator", updates(TopologyDelta("otlp", 2, deleted_entities=(CART.id,)), symptoms(snapshot=True)))
    assert list(question.entities) == [CART.id, SHOP.id]
    assert list(question.active) == [key()]
    assert list(one.view.entities) == [SHOP.id]
    assert one.view.relations == ()
