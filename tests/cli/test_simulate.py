"""``causely simulate``."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from causely_core.cli.main import cli
from causely_core.incidents.simulation import simulate


def run(*arguments):
    return CliRunner().invoke(cli, ["simulate", *map(str, arguments)])


def contents(folder):
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in "ab":
        result = run("--entities", 60, "--seed", 4, tmp_path / name)
        assert result.exit_code == 0, result.output
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_truth_is_told_and_written(tmp_path):
    result = run("--entities", 60, "--seed", 4, "--causes", 2, tmp_path / "a")
    named = [{"entity": entity, "cause": cause} for entity, cause in simulate(60, 4, causes=2).truth]
    expected = json.loads((tmp_path / "a" / "expected.json").read_text())
    assert expected == {"root_cause": named[0], "root_causes": named}
    assert all(f"{each['cause']} of {each['entity']}" in result.output for each in named)


def test_a_quiet_incident_expects_no_root_cause(tmp_path):
    assert "nothing is wrong" in run("--entities", 40, "--causes", 0, tmp_path / "a").output
    assert json.loads((tmp_path / "a" / "expected.json").read_text()) == {"root_cause": None, "root_causes": []}


def test_many_incidents_are_written_into_folders_of_their_own(tmp_path):
    assert run("--entities", 40, "--count", 2, "--step", "60s", tmp_path).exit_code == 0
    first, second = (contents(tmp_path / f"incident-000{number}") for number in range(2))
    assert first["topology.json"] != second["topology.json"]


@pytest.mark.parametrize(
    "option", [("--entities", 3), ("--seed", -1), ("--causes", 4), ("--step", "1h"), ("--step", "x")]
)
def test_bad_options_are_refused(tmp_path, option):
    result = run(*option, tmp_path / "a")
    assert result.exit_code == 2
    assert option[0] in result.output
    assert not (tmp_path / "a").exists()
