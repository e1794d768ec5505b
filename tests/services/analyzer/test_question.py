"""Who answers questions with causal inference."""

import gc

import pytest

from causely_core.causal.catalogue import Catalogue
from causely_core.services.analyzer.question import CausalReasoner, Question

from .worlds import CART, SHOP, active, symptom


@pytest.fixture
def thawed():
    gc.unfreeze()
    yield
    gc.unfreeze()


def question(revision):
    return Question(100.0, {one.id: one for one in (CART, SHOP)}, (), active(symptom()), revision)


def test_the_first_graph_is_set_apart_from_garbage_collection(thawed):
    reasoner = CausalReasoner(Catalogue())
    reasoner.answer(question(1))
    frozen = gc.get_freeze_count()
    assert frozen > 1000
    reasoner.answer(question(2))
    # Objects that are freed leave; none is added.
    assert gc.get_freeze_count() <= frozen
