"""A survey: what fails takes nothing away and holds up nobody; what a complete answer lacks is gone."""

from itertools import pairwise

import pytest
import structlog

from causely_core.model import Entity, Relation
from causely_core.polling import Answer, Look, PollError, Survey

CART = Entity.of("Database", "aws/1/eu/rds/cart", "cart")
ORDERS = Entity.of("Database", "aws/1/eu/rds/orders", "orders")


class Server:
    """Answers what it is set to answer, and counts."""

    def __init__(self, *entities: Entity) -> None:
        self.entities, self.missing, self.problem, self.asked = list(entities), "", None, 0

    async def ask(self) -> Answer:
        self.asked += 1
        if self.problem:
            raise self.problem
        return Answer.of(
            self.entities, [Relation(each.id, "part_of", "Cluster:x") for each in self.entities], self.missing
        )


@pytest.fixture
def databases():
    return Server(CART, ORDERS)


@pytest.fixture
def survey(databases):
    return Survey([Look("rds", databases.ask), Look("sqs", Server().ask)], structlog.get_logger(), 300, 600)


async def test_all_that_is_answered_is_told(survey):
    told = await survey.round(0)
    assert {*told.entities} == {CART.id, ORDERS.id}
    assert survey.answered


async def test_nobody_is_asked_again_before_the_interval_is_over(survey, databases):
    for now in (0, 15, 299, 300):
        await survey.round(now)
    assert databases.asked == 2


async def test_what_fails_stays_known_and_is_asked_again_after_a_growing_pause(survey, databases):
    await survey.round(0)
    databases.problem = PollError("access denied")
    asked = []
    for now in range(300, 600):
        before = databases.asked
        told = await survey.round(now)
        asked += [now] * (databases.asked - before)
        assert CART.id in told.entities
    pauses = [later - sooner for sooner, later in pairwise(asked)]
    assert pauses == sorted(pauses)
    assert 3 <= len(pauses) <= 6


async def test_a_server_is_left_alone_for_as_long_as_it_wants(survey, databases):
    databases.problem = PollError("throttled", retry_after=120)
    for now in range(119):
        await survey.round(now)
    assert databases.asked == 1
    databases.problem = None
    assert CART.id in (await survey.round(120)).entities


async def test_what_is_not_found_any_more_is_gone_after_its_patience(survey, databases):
    await survey.round(0)
    databases.entities = [CART]
    assert ORDERS.id in (await survey.round(300)).entities
    await survey.round(600)
    assert {*(await survey.round(900)).entities} == {CART.id}


async def test_an_incomplete_answer_takes_nothing_away(survey, databases):
    await survey.round(0)
    databases.entities, databases.missing = [CART], "one zone did not answer"
    for now in range(300, 6000, 300):
        assert ORDERS.id in (await survey.round(now)).entities


async def test_nothing_was_answered_while_all_failed(databases):
    databases.problem = PollError("no credentials")
    survey = Survey([Look("rds", databases.ask)], structlog.get_logger(), 300, 600)
    await survey.round(0)
    assert not survey.answered


async def test_who_keeps_what_it_cannot_look_at_says_what_is_gone():
    answers = [Answer.of([CART, ORDERS], []), Answer.of([ORDERS], [], "one account is closed", settled=True)]

    async def ask() -> Answer:
        return answers.pop(0)

    survey = Survey([Look("rds", ask)], structlog.get_logger(), 10, 0)
    await survey.round(0)
    assert {*(await survey.round(10)).entities} == {ORDERS.id}
