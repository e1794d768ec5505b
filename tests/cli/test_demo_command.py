"""``causely demo``: what can be told without running it; tests/e2e runs it."""

import os

import pytest

from causely_core.services.demo.faults import EXPECTED


def test_the_faults_are_listed_with_what_each_should_be_named(causely):
    done = causely("demo", "--list-faults")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == [*EXPECTED, "none"]
    assert "cpu-burn           CPUCongested on Service cart" in lines
    assert "slow-sql           SlowQueries on Database the shop's database" in lines
    assert done.status == 0


@pytest.mark.parametrize("output", ["text", "json"])
def test_an_unknown_fault_is_one_line_that_names_the_known_ones(causely, tmp_path, output):
    done = causely("demo", "--fault", "sloth", "--output", output, "--data-dir", tmp_path)
    assert done.status == os.EX_SOFTWARE
    assert done.out == ""
    assert done.err.startswith("causely: no fault named 'sloth'; there are slow-sql, ")
    assert done.err.count("\n") == 1


def test_a_wrong_option_is_one_line(causely):
    done = causely("demo", "--quiet-for", "long")
    assert done.status == os.EX_USAGE
    assert done.err == "causely: Invalid value for '--quiet-for': 'long' is not a valid float.\n"
