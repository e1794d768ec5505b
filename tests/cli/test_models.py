"""``causely models``: what is installed, and files of one's own."""

from __future__ import annotations

import json
import os

import pytest

from causely_core.builtin import MODEL_FOLDER
from causely_core.causal.carrier import is_carrier

TOASTER = """\
entity: Toaster
symptoms:
  RequestLatency_High: {description: Toast takes longer.}
root_causes:
  Old: {prior: 0.003, category: platform, description: It is old., effects: {RequestLatency_High: 0.9}}
propagates:
  - along: calls
    direction: inverse
    to: Service
    effects: {RequestLatency_High: {RequestLatency_High: 0.7}}
"""


@pytest.fixture
def checked(causely, tmp_path):
    def check(text, *options):
        path = tmp_path / "toaster.yaml"
        path.write_text(text)
        done = causely("models", "check", path, *options)
        return done.status, done.out, done.err.replace(f"{tmp_path}/", "")

    return check


def test_types_are_listed_with_how_much_is_known(causely):
    rows = {row["entity"]: row for row in json.loads(causely("models", "list", "-o", "json").out)}
    assert rows["Service"]["root_causes"] > 3
    assert rows["Service"]["symptoms"] > 5
    assert rows["Service"]["rules"] > 5
    heading = causely("models", "list").out.splitlines()[0]
    assert heading.split() == ["ENTITY", "SYMPTOMS", "STATES", "ROOT", "CAUSES", "RULES"]


def test_root_causes_are_listed(causely):
    rows = json.loads(causely("models", "list", "--root-causes", "-o", "json").out)
    assert {("Service", "MemoryLeak"), ("Cache", "Congested")} <= {(row["entity"], row["name"]) for row in rows}
    assert all(row["category"] and row["description"] and 0 < row["prior"] < 1 for row in rows)
    assert "MemoryLeak" in causely("models", "list", "--root-causes").out


def test_a_type_is_shown_with_all_that_is_known(causely):
    found = json.loads(causely("models", "show", "Service", "-o", "json").out)
    assert {"name", "description", "attribute", "detector", "leak", "miss"} == set(found["symptoms"][0])
    leak = next(cause for cause in found["root_causes"] if cause["name"] == "MemoryLeak")
    assert leak["effects"]["MemoryUsage_Growing"] > 0.5
    assert leak["remediation"]
    assert {way["to"] for way in found["out"]} >= {"Service"}
    assert {way["from"] for way in found["in"]} >= {"Service", "Database"}
    assert not any(is_carrier(way[end]) for way in found["in"] + found["out"] for end in ("state", "effect"))


def test_a_type_is_shown_for_people(causely):
    out = causely("models", "show", "Service").out
    assert "MemoryLeak (code, prior " in out
    assert [line for line in ("Symptoms", "Root causes", "Spreads to", "Comes from") if f"{line}\n" in out] == [
        "Symptoms",
        "Root causes",
        "Spreads to",
        "Comes from",
    ]


@pytest.mark.parametrize("command", ["show", "graph"])
def test_an_unknown_type_is_one_line_with_what_may_be_meant(causely, command):
    done = causely("models", command, "Servce")
    assert (done.status, done.out) == (os.EX_USAGE, "")
    assert done.err == "causely: there is no causal model of 'Servce', did you mean 'Service'?\n"


def test_a_good_file_is_one_line(checked):
    assert checked(TOASTER, "--strict") == (0, "1 file checked: ok\n", "")


def test_the_built_in_files_are_good(causely):
    done = causely("models", "check", *sorted(MODEL_FOLDER.glob("*.yaml")))
    assert (done.status, done.err) == (0, "")


def test_a_wrong_file_is_a_line_and_a_status(checked, tmp_path):
    status, out, err = checked(TOASTER.replace("platform", "plattform"))
    assert (status, out) == (os.EX_CONFIG, "")
    assert err == "toaster.yaml:5: 'plattform' is not known, did you mean 'platform'?\n"


def test_all_files_are_read_before_the_check_fails(causely, tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"entity: A\n# \xff\n")
    done = causely("models", "check", tmp_path / "none.yaml", tmp_path / "binary.yaml", tmp_path)
    lines = done.err.replace(f"{tmp_path}", "TMP").splitlines()
    assert done.status == os.EX_CONFIG
    assert lines == [
        "TMP/none.yaml: cannot be read: No such file or directory",
        "TMP/binary.yaml:2: not UTF-8 text: invalid start byte",
        "TMP: cannot be read: Is a directory",
    ]


def test_a_warning_fails_only_when_strict(checked):
    text = TOASTER.replace("to: Service", "to: Servce")
    warning = "toaster.yaml:10: warning: there is no causal model of 'Servce', did you mean 'Service'?\n"
    assert checked(text) == (0, "1 file checked: ok, 1 warning\n", warning)
    assert checked(text, "--strict") == (os.EX_CONFIG, "", warning)


def test_warnings_come_in_the_order_of_lines_and_once(checked):
    text = TOASTER.replace("to: Service", "to: [Servce, Datbase]").replace("{RequestLatency_High: 0.9}", "{Slow: 0.9}")
    text = text.replace("{RequestLatency_High: {", "{Slow: {RequestErrorRate_High: 0.5, ")
    lines = [line.partition(" ")[0] for line in checked(text)[2].splitlines()]
    assert lines == ["toaster.yaml:5:", *["toaster.yaml:10:"] * 3]


def test_files_are_checked_against_what_is_installed(checked):
    extends = "entity: Service\nroot_causes:\n" + TOASTER.splitlines()[4]
    assert checked(extends)[0] == 0
    hides = "entity: Toaster\nstates:\n  Off: {description: It is off.}\nroot_causes:\n" + TOASTER.splitlines()[4]
    status, _, err = checked(hides.replace("RequestLatency_High", "Off"))
    assert status == os.EX_CONFIG
    assert "toaster.yaml:5: root cause 'Old' leads to no symptom that can be observed" in err


@pytest.mark.parametrize(("format", "begin"), [("mermaid", "flowchart LR\n"), ("dot", "digraph causely {\n")])
def test_the_graph_of_a_cause_is_drawn(causely, format, begin):
    whole = causely("models", "graph", "--format", format)
    one = causely("models", "graph", "Service", "--format", format, "--cause", "MemoryLeak")
    assert whole.out.startswith(begin)
    assert one.out.startswith(begin)
    assert "MemoryLeak" in one.out
    assert "CPUCongested" in whole.out
    assert "CPUCongested" not in one.out
    assert len(one.out) < len(whole.out)


def test_an_unknown_cause_is_one_line(causely):
    done = causely("models", "graph", "Service", "--cause", "MemoryLeek")
    assert done.status == os.EX_USAGE
    assert done.err == "causely: there is no root cause 'MemoryLeek', did you mean 'MemoryLeak'?\n"


def test_the_schema_is_printed(causely):
    assert json.loads(causely("models", "schema").out)["required"] == ["entity"]
