"""``causely describe root-cause`` against a running analyzer."""

import json
import os

import pytest
import yaml

from .told import CART, ERRORS, WEB


@pytest.fixture
def cause(running):
    (cause,) = running.stack.items("root-causes", active=True)
    return cause["id"]


def test_a_person_reads_why(causely, running, cause):
    done = causely("describe", "root-cause", cause, *running.api)
    lines = done.out.splitlines()
    assert done.status == 0
    assert lines[0].startswith(f"Malfunction on {CART.id} (")
    assert lines[2].endswith(f"id {cause}")
    titles = [line for line in lines if not line.startswith(" ")][1:]
    assert titles == ["Explains", "Path", "Impact", "Busiest in", "Why not", "Would tell them apart", "Remediation"]
    assert f"  {ERRORS} on {WEB.id}" in lines
    step = next(line for line in lines if f"-> {ERRORS} on {WEB.id} (calls)" in line)
    assert step.startswith(f"  {ERRORS} on {CART.id} -> ")
    assert ": error_rate 0.5 (usual 0.01, limit 0.05) since " in step
    assert step.endswith(", severity 90%")
    assert lines[lines.index("Impact") + 1] == f"  {WEB.id}"
    assert lines[lines.index("Busiest in") + 1] == "  libssl.so.3"
    assert "\x1b" not in done.out


@pytest.mark.parametrize(("output", "parse"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_programs_get_everything(causely, running, cause, output, parse):
    told = parse(causely("describe", "root-cause", cause, *running.api, "-o", output).out)
    assert told == running.stack.describe(cause)


def test_an_unknown_one_is_one_line(causely, running):
    done = causely("describe", "root-cause", "nothing", *running.api)
    assert (done.status, done.out) == (os.EX_SOFTWARE, "")
    assert "nothing" in done.err
    assert done.err.startswith("causely: ")
    assert done.err.count("\n") == 1


def test_without_an_id_usage_is_told(causely):
    done = causely("describe", "root-cause")
    assert (done.status, done.err) == (os.EX_USAGE, "causely: Missing argument 'ID'.\n")
