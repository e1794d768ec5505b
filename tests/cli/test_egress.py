"""``causely egress``: the ledger of a running mediator, and of none."""

import json
import os

import yaml

from causely_core.egress.crossing import Crossing
from causely_core.egress.ledger import Ledger

from .told import ERRORS


def test_what_crossed_is_listed(causely, running):
    done = causely("egress", "--data-dir", running.data_dir, "-o", "json")
    rows = json.loads(done.out)
    assert {row["direction"] for row in rows} == {"out", "in"}
    assert {row["kind"] for row in rows} >= {"topology", "symptoms", "evidence_request"}
    assert any(row["items"].get(ERRORS) == 2 for row in rows)
    assert all(row["destination"].startswith("127.0.0.1:") for row in rows)


def test_the_table_counts_items_by_type(causely, running):
    done = causely("egress", "--data-dir", running.data_dir)
    assert f"{ERRORS}:2" in done.out


def test_only_the_newest_are_shown(causely, tmp_path):
    ledger = Ledger(tmp_path)
    for number in range(5):
        ledger.record(Crossing(float(number), "out", "symptoms", "analyzer:50055", 10))
    ledger.close()
    done = causely("egress", "--data-dir", tmp_path, "--last", 2, "-o", "yaml")
    assert [row["time"] for row in yaml.safe_load(done.out)] == [3.0, 4.0]


def test_the_folder_comes_from_the_environment_too(causely, running, monkeypatch):
    monkeypatch.setenv("CAUSELY_DATA_DIR", running.data_dir)
    assert ERRORS in causely("egress").out


def test_a_file_for_a_folder_is_one_line(causely, tmp_path):
    path = tmp_path / "file"
    path.touch()
    done = causely("egress", "--data-dir", path)
    assert done.status == os.EX_USAGE
    assert done.err == f"causely: Invalid value for '--data-dir': Directory '{path}' is a file.\n"
