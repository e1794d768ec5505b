"""Databases and caches, as their clients see them."""

import pytest
from causely_plugin_otlp.config import OtlpConfig

from .telling import CART, CLIENT, World, span

POSTGRES = {"db__system__name": "postgresql", "db__namespace": "shop", "server__address": "db", "server__port": 5432}
ID = "Database:postgresql/db:5432/shop"


def query(name="SELECT orders", **said):
    return span(CLIENT, name, **{**POSTGRES, **said})


def test_statements_make_a_database_with_operations():
    world = World()
    world.tell(CART, query(seconds=0.1, db__operation__name="SELECT", db__collection__name="orders"), query())
    values = world.flush()
    assert world.entities[ID].attributes == {"db.system.name": "postgresql"}
    assert world.entities[ID].name == "shop"
    assert ("Service:cart", "calls", ID) in world.relations
    operation = "Operation:postgresql/db:5432/shop:SELECT orders"
    assert (operation, "part_of", ID) in world.relations
    for entity in (ID, operation):
        assert values[entity, "request_count"] == 2.0
        assert values[entity, "request_duration.p95"] == pytest.approx(0.1, rel=0.05)


def test_reads_and_writes_are_told_apart():
    world = World()
    world.tell(
        CART, query("SELECT orders", seconds=0.2), query("INSERT orders", seconds=0.4), query("BEGIN", seconds=9)
    )
    values = world.flush()
    assert values[ID, "read_duration.p95"] == pytest.approx(0.2, rel=0.05)
    assert values[ID, "write_duration.p95"] == pytest.approx(0.4, rel=0.05)


def test_the_older_conventions():
    world = World()
    said = {"db__system": "mysql", "db__name": "shop", "net__peer__name": "db", "db__operation": "UPDATE"}
    world.tell(CART, span(CLIENT, "shop", **said, db__sql__table="users"))
    world.flush()
    assert set(world.entities) >= {"Database:mysql/db/shop", "Operation:mysql/db/shop:UPDATE users"}


@pytest.mark.parametrize("name", ["shop", "SELECT * FROM users WHERE email = 'a@b.c'"])
def test_nothing_of_a_statement_but_its_keyword_is_kept(name):
    world = World()
    world.tell(CART, query(name, db__query__text="select * from users where card = '4111111111111111'"))
    world.flush()
    assert "Operation:postgresql/db:5432/shop:SELECT" in world.entities
    assert "4111" not in str(world.entities)
    assert "a@b.c" not in str(world.entities)


def test_caches_are_no_databases():
    world = World()
    world.tell(CART, span(CLIENT, "GET", db__system__name="redis", server__address="cache", db__operation__name="GET"))
    values = world.flush()
    assert world.names("Cache") == ["redis"]
    assert values["Cache:redis/cache", "request_count"] == 1.0
    assert ("Cache:redis/cache", "read_duration.p95") not in values


def test_a_database_that_does_not_answer():
    world = World()
    world.tell(CART, query(error="connection to server at db failed: Connection refused"))
    values = world.flush()
    assert values[ID, "unreachable_rate"] == values[ID, "error_rate"] == 1.0


def test_a_database_is_never_taken_for_an_external_service():
    world = World(OtlpConfig(pairing_wait=0.0))
    world.tell(CART, query(), span(CLIENT, "HGET", db__system="redis"))
    world.flush()
    assert world.names("ExternalService") == []
