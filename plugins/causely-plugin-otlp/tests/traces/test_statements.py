"""Statements stay where they are: of a query, only its kind and its table become known."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..builders import World, client, failure

DB = {"server.address": "db.example.com", "server.port": 5432}
POSTGRES = {**DB, "db.system.name": "postgresql", "db.namespace": "shop"}
ID = "postgresql/db.example.com:5432/shop"
SECRET = "hunter2secret"
OF_CART, OF_SHOP = (f"Dependency:{caller} > Database:{ID}" for caller in ("cart", "shop"))


def asked(values, **fields):
    world = World.of()
    world.tell("cart", client(values, **fields))
    world.flush()
    return world


def operations(values, **fields):
    return {id.rpartition(":")[2] for id in asked(values, **fields).of_type("Operation")}


@pytest.mark.parametrize(
    ("values", "id"),
    [
        (POSTGRES, f"Database:{ID}"),
        ({**DB, "db.system": "postgresql", "db.name": "shop"}, f"Database:{ID}"),
        ({"db.system": "mysql", "net.peer.name": "db", "net.peer.port": 3306}, "Database:mysql/db:3306"),
        ({"db.system.name": "mongodb", "db.namespace": "shop", "peer.service": "docs"}, "Database:mongodb/docs/shop"),
        ({"db.system": "redis", "db.redis.database_index": 2, "net.peer.name": "c"}, "Cache:redis/c/2"),
        ({"db.system.name": "memcached", "server.address": "c"}, "Cache:memcached/c"),
        ({"db.system": "sqlite", "db.name": "file.db"}, "Database:sqlite/file.db"),
    ],
)
def test_stores_are_known_by_system_address_and_name(values, id):
    world = asked(values)
    assert world.of_type("Database") | world.of_type("Cache") == {id}
    assert f"Service:cart calls {id}" in world.relations


@pytest.mark.parametrize(
    ("values", "name", "operation"),
    [
        ({"db.operation.name": "SELECT", "db.collection.name": "orders"}, "x", "SELECT orders"),
        ({"db.operation": "SELECT", "db.sql.table": "orders"}, "x", "SELECT orders"),
        ({"db.operation": "find", "db.mongodb.collection": "orders"}, "x", "find orders"),
        ({"db.operation.name": "BATCH INSERT"}, "x", "BATCH INSERT"),
        ({}, "SELECT orders", "SELECT orders"),
        ({}, "SELECT shop.orders", "SELECT shop.orders"),
        ({"db.query.text": f"select * from t where p = '{SECRET}'"}, "shop", "SELECT"),
        ({"db.statement": f"update t set p = '{SECRET}'"}, "shop", "UPDATE"),
        ({"db.statement": f"'{SECRET}'"}, "shop", "shop"),
        ({}, f"select p from t where p = '{SECRET}'", "SELECT"),
        ({"db.operation.name": f"select p from t where p = '{SECRET}'"}, "shop", "shop"),
        ({"db.operation": f"SELECT '{SECRET}'"}, "SELECT t", "SELECT t"),
    ],
)
def test_an_operation_is_a_keyword_and_a_table(values, name, operation):
    assert operations({**POSTGRES, **values}, name=name) == {operation}


@pytest.mark.parametrize("name", [f"GET {SECRET}", f"get {SECRET}:1", "GET"])
def test_a_key_of_a_cache_is_not_kept(name):
    redis = {"db.system.name": "redis", "server.address": "c", "db.query.text": f"GET {SECRET}"}
    assert operations(redis, name=name) == {"GET"}


VERBS = st.sampled_from(["SELECT", "insert into", "UPDATE", "delete from", "WITH x AS", "/* hi */ SELECT", ""])
VALUES = st.text(string.ascii_letters + string.digits + " '@.%", max_size=30).map(lambda text: f"'{SECRET}{text}'")
WHERE = st.sampled_from(["db.query.text", "db.statement", "db.operation.name", "db.operation", "name"])


@given(VERBS, VALUES, WHERE, st.sampled_from(["postgresql", "redis", "mongodb"]))
def test_a_literal_never_leaves_its_statement(verb, value, where, system):
    statement = f"{verb} users where password = {value}"
    values = {**DB, "db.system": system} | ({} if where == "name" else {where: statement})
    world = asked(values, name=statement if where == "name" else "query", status=failure(statement))
    assert SECRET not in str(world.topology)


def test_one_span_name_with_many_statements_gives_one_operation_a_keyword():
    world = World.of()
    for verb in ("select", "insert", "delete"):
        said = [{**POSTGRES, "db.statement": f"{verb} {number}"} for number in range(10)]
        world.tell("cart", *(client(values, name="shop") for values in said))
    values = world.flush()
    for verb in ("SELECT", "INSERT", "DELETE"):
        assert values.get(f"Operation:{ID}:{verb}", "request_count") == 10
    assert values.get(f"Database:{ID}", "request_count") == 30
    assert values.get(f"Dependency:cart > Database:{ID}", "request_count") == 30


def test_two_callers_of_one_database_have_values_each():
    world = World.of()
    world.tell("cart", client(POSTGRES, name="SELECT a", seconds=0.1))
    world.tell("shop", *(client(POSTGRES, name="SELECT a", seconds=0.3, status=failure()) for _ in range(3)))
    values = world.flush(after=10.0)
    told = ("request_rate", "request_count", "error_rate", "request_duration.avg", "request_duration.p95")
    seen = {each: [values.get(each, attribute) for attribute in told] for each in (OF_CART, OF_SHOP)}
    assert seen[OF_CART] == [0.1, 1, 0.0, pytest.approx(0.1), pytest.approx(0.1, rel=0.03)]
    assert seen[OF_SHOP] == [0.3, 3, 1.0, pytest.approx(0.3), pytest.approx(0.3, rel=0.03)]
    assert values.get(f"Database:{ID}", "error_rate") == 0.75


def test_span_names_beyond_what_is_remembered_still_count():
    world = World.of(max_operations_per_service=5)
    world.tell(
        "cart", *(client(POSTGRES, name=f"SELECT t{letter}{n % 100}") for letter in "abcdefghijkl" for n in range(100))
    )
    assert world.flush().get(f"Database:{ID}", "request_count") == 1200
    assert len(world.of_type("Operation")) == 6
