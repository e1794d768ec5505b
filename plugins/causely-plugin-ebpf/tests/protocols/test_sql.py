from __future__ import annotations

import pytest
from causely_plugin_ebpf.protocols import Outcome
from causely_plugin_ebpf.protocols.sql import sqlstate_outcome, statement
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("query", "operation", "access"),
    [
        ("SELECT * FROM orders WHERE id = 1", "SELECT orders", "read"),
        ("  /* app='x' */ select a, count(b) from shop.orders;", "SELECT shop.orders", "read"),
        ('SELECT "id", "name" FROM "orders" WHERE x', "SELECT orders", "read"),
        ("SELECT `id` FROM `orders`", "SELECT orders", "read"),
        ("INSERT INTO orders (a, b) VALUES (1, 'x')", "INSERT orders", "write"),
        ("UPDATE orders SET a = 'from x'", "UPDATE orders", "write"),
        ("DELETE FROM orders", "DELETE orders", "write"),
        ("COPY orders FROM STDIN", "COPY orders", "write"),
        ("SELECT extract(epoch from now()) FROM orders o", "SELECT orders", "read"),
        ("SELECT 1", "SELECT", "read"),
        ("SELECT * FROM (SELECT 1) x", "SELECT", "read"),
        ("SELECT * FROM orders_20240131 x", "SELECT", "read"),
        ("WITH x AS (SELECT 1) SELECT * FROM x", "WITH", "read"),
        ("BEGIN", "BEGIN", ""),
        ("hello from me", "", ""),
        ("", "", ""),
    ],
)
def test_statements_are_named_by_keyword_and_table(query, operation, access):
    assert statement(query.encode(), True) == (operation, access)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ' from secret ",
        "SELECT ' from secret '",
        'SELECT "x from secret "',
        r"SELECT 'a\', ' from secret '",
        "SELECT $$ from secret $$",
        "SELECT $x$ from secret $x$",
        "SELECT 1 # it's\n, ' from secret '",
        "SELECT 1 -- from secret",
        "SELECT f('a', ' from secret'",
        "SELECT f(1 from secret",
        "INSERT INTO 'secret'",
        "SELECT `x from secret `",
    ],
)
def test_what_was_written_between_quotes_stays_there(query):
    assert statement(query.encode(), True)[0].split() in ([query.split()[0]], [])


def test_a_name_that_may_be_cut_is_not_told():
    assert statement(b"SELECT * FROM ord", False) == ("SELECT", "read")


@given(st.text(max_size=200))
def test_any_string_is_hidden(value):
    quoted = value.replace("'", "''")
    assert statement(f"SELECT '{quoted}'".encode(), True) == ("SELECT", "read")


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_named_or_not(query, whole):
    operation, access = statement(query, whole)
    assert len(operation) < 200
    assert access in ("read", "write", "")


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        *((state, Outcome.OK) for state in ("23505", "42P01", "22012", "P0001")),
        *((state, Outcome.FAILED) for state in ("40P01", "57014", "XX000", "HY000")),
        *((state, Outcome.UNAUTHORIZED) for state in ("28P01", "42501")),
        ("53300", Outcome.THROTTLED),
    ],
)
def test_what_a_sqlstate_means(state, outcome):
    assert sqlstate_outcome(state) == outcome
