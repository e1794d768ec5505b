"""``causely diagnose`` on folders."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from causely_core.cli.main import cli
from causely_core.incidents.writer import write_incident
from tests.incidents.made import SLOW, incident


@pytest.fixture
def folder(tmp_path):
    write_incident(tmp_path / "slow", incident({"catalogue": SLOW}, reported="RequestLatency_High"))
    return tmp_path / "slow"


def run(*arguments):
    return CliRunner().invoke(cli, ["diagnose", *map(str, arguments)], catch_exceptions=False)


def test_root_causes_as_json(folder):
    answer = json.loads(run(folder, "--output", "json").stdout)
    assert answer["root_causes"][0]["entity"] == "catalogue"
    assert answer["reported"] == {"entity": "web", "symptom": "RequestLatency_High"}


def test_root_causes_for_people(folder):
    short, long = run(folder).stdout, run(folder, "--explain").stdout
    assert "on catalogue" in short.splitlines()[0]
    assert "of what was reported comes from there" in short
    assert "RequestLatency_High on web" in long
    assert "Path" in long


def test_no_root_cause_for_people(tmp_path):
    write_incident(tmp_path / "quiet", incident())
    assert run(tmp_path / "quiet").stdout.startswith("No root cause found")
