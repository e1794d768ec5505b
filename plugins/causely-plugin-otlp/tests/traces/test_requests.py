"""Requests, errors and durations of services, operations and edges."""

import numpy as np
import pytest

from ..builders import GET, World, client, failure, new_id, part, request, server, span

CART, EDGE = "Service:cart", "Dependency:shop > Service:cart"


@pytest.fixture
def world():
    return World.of()


def test_a_service_and_its_operation_show_rate_and_count(world):
    world.tell("cart", *(server({**GET, "http.route": "/carts/{id}"}) for _ in range(20)))
    values = world.flush(after=10.0)
    for entity in (CART, "Operation:cart:GET /carts/{id}"):
        assert values.get(entity, "request_rate") == 2.0
        assert values.get(entity, "request_count") == 20
        assert values.get(entity, "error_rate") == 0.0
    assert "Operation:cart:GET /carts/{id} part_of Service:cart" in world.relations


def test_a_rate_of_zero_is_told_when_requests_stop(world):
    world.tell("cart", server(GET))
    world.flush()
    assert world.flush().of(CART) == {"request_rate": 0.0, "request_count": 0.0}


def test_error_rate_is_the_failed_share(world):
    world.tell("cart", *(server(GET, status=failure() if n < 5 else None) for n in range(20)))
    assert world.flush().get(CART, "error_rate") == 0.25


def test_quantiles_are_within_five_percent_of_numpy(world):
    seconds = np.random.default_rng(7).lognormal(-3.0, 1.5, 4000)
    world.tell("cart", *(server(GET, seconds=float(each)) for each in seconds))
    values = world.flush()
    for name, quantile in {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}.items():
        assert values.get(CART, f"request_duration.{name}") == pytest.approx(np.quantile(seconds, quantile), rel=0.05)
    assert values.get(CART, "request_duration.avg") == pytest.approx(seconds.mean(), rel=1e-6)


def test_an_edge_has_its_own_values_as_the_caller_saw_them(world):
    for _ in range(10):
        id = new_id()
        world.tell("shop", client({**GET, "server.address": "cart"}, id=id, seconds=0.4))
        world.tell("cart", server(GET, parent=id, seconds=0.1))
    values = world.flush(after=10.0)
    assert values.get(CART, "request_duration.avg") == pytest.approx(0.1)
    assert values.get(EDGE, "request_duration.avg") == pytest.approx(0.4)
    assert values.get(EDGE, "request_rate") == 1.0
    assert values.get(CART, "unreachable_rate") == 0.0
    assert values.get(CART, "call_count") == 10
    assert "Service:shop calls Service:cart" in world.relations


def test_operations_do_not_mix_their_durations(world):
    world.tell("cart", server({**GET, "http.route": "/fast"}, seconds=0.01))
    world.tell("cart", server({**GET, "http.route": "/slow"}, seconds=10.0))
    values = world.flush()
    assert values.get("Operation:cart:GET /fast", "request_duration.p99") == pytest.approx(0.01, rel=0.05)
    assert values.get("Operation:cart:GET /slow", "request_duration.p50") == pytest.approx(10.0, rel=0.05)


@pytest.mark.parametrize("kind", [0, 1, 17])
def test_internal_and_unknown_kinds_are_taken_and_tell_nothing(world, kind):
    assert world.tell("cart", span(kind, GET)).accepted == 1
    assert world.flush().all == {}
    assert world.entities == {CART}


def test_more_requests_than_are_kept_one_by_one_still_count(world):
    many = request(part("cart", *(server(GET, seconds=0.001) for _ in range(1000)))).SerializeToString()
    for _ in range(270):
        world.fold(many)
    values = world.flush()
    assert values.get(CART, "request_count") == 270_000
    assert values.get(CART, "request_duration.p99") == pytest.approx(0.001, rel=0.05)
