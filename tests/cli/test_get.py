"""``causely get`` against a running analyzer."""

import json
import os
import re
import time

import pytest
import yaml

from .told import CALL, CART, ERRORS, ITEM, ONSET, WEB

SINCE = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(ONSET))


def table(done):
    """Rows of cells; columns are at least two spaces apart."""
    assert (done.status, done.err) == (0, "")
    return [re.split(r" {2,}", line.rstrip()) for line in done.out.splitlines()]


def test_root_causes_as_a_table(causely, running):
    heading, row = table(causely("get", "root-causes", *running.api))
    assert heading == ["ID", "ENTITY", "CAUSE", "PROBABILITY", "EXPLAINS", "AT RISK", "SINCE"]
    assert row[1:3] == [CART.id, "Malfunction"]
    assert re.fullmatch(r"\d+%", row[3])
    assert row[4:] == ["2", "0", SINCE]


def test_symptoms_as_a_table(causely, running):
    heading, *rows = table(causely("get", "symptoms", *running.api))
    assert heading == ["ENTITY", "SYMPTOM", "SEVERITY", "VALUE", "THRESHOLD", "SINCE"]
    assert sorted(rows) == [[entity.id, ERRORS, "90%", "0.5", "0.05", SINCE] for entity in (CART, WEB)]


def test_relations_as_a_table(causely, running):
    assert table(causely("get", "relations", *running.api)) == [
        ["SOURCE", "TYPE", "TARGET"],
        [CALL.source, CALL.type, CALL.target],
    ]


def test_names_with_brackets_are_shown_as_they_are(causely, running):
    heading, *rows = table(causely("get", "entities", *running.api))
    assert heading == ["ID", "TYPE", "NAME"]
    assert [ITEM.id, "Operation", "GET /items/[id] [/]"] in rows


@pytest.mark.parametrize(("output", "parse"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_programs_get_whole_rows(causely, running, output, parse):
    rows = {row["id"]: row for row in parse(causely("get", "entities", *running.api, "-o", output).out)}
    assert set(rows) == {CART.id, WEB.id, ITEM.id}
    assert rows[CART.id]["attributes"] == dict(CART.attributes)
    (cause,) = parse(causely("get", "root-causes", *running.api, "--output", output).out)
    assert [told["entity"] for told in cause["explains"]] == [CART.id, WEB.id]


def test_cleared_ones_are_asked_for_as_well(causely, running):
    done = causely("get", "symptoms", "--all", *running.api, "-o", "json")
    assert {row["entity"] for row in json.loads(done.out)} >= {CART.id, WEB.id}


def test_the_output_is_plain_when_it_is_no_terminal(causely, running):
    for kind in ("root-causes", "symptoms", "entities", "relations"):
        assert "\x1b" not in causely("get", kind, *running.api).out


def test_the_address_comes_from_the_environment_too(causely, running, monkeypatch):
    monkeypatch.setenv("CAUSELY_API", f"{running.stack.api}/")
    assert causely("get", "entities").status == 0


def test_a_service_that_is_no_analyzer_is_one_line(causely, running):
    done = causely("get", "entities", "--api", running.stack.admin)
    assert done.status == os.EX_SOFTWARE
    assert done.err == f"causely: {running.stack.admin}/api/v1/entities?limit=500&offset=0: 404 Not Found\n"


def test_an_address_that_is_none_is_one_line(causely):
    done = causely("get", "entities", "--api", "nowhere")
    assert done.status == os.EX_UNAVAILABLE
    assert done.err.startswith("causely: no analyzer answers at nowhere (")
    assert done.err.count("\n") == 1
