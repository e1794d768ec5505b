"""``causely plugins new`` and ``check``: from a name to a report of its contract."""

import json
import os

import pytest


@pytest.fixture
def package(causely, tmp_path):
    done = causely("plugins", "new", "acme", "--hook", "detector", "--folder", tmp_path)
    assert done.status == 0
    return tmp_path / "causely-plugin-acme"


def test_a_new_plugin_says_what_comes_next(causely, tmp_path):
    done = causely("plugins", "new", "acme", "--folder", tmp_path)
    assert done.out.splitlines()[1:] == [
        f"  cd {tmp_path}/causely-plugin-acme",
        "  pip install -e '.[testing]'",
        "  pytest",
    ]


def test_a_folder_that_is_there_is_refused_in_one_line(causely, tmp_path, package):
    done = causely("plugins", "new", "acme", "--folder", tmp_path)
    assert (done.status, done.out, done.err.count("\n")) == (os.EX_USAGE, "", 1)


def test_a_good_plugin_passes_its_contract(causely, package):
    done = causely("plugins", "check", package)
    assert done.status == 0
    assert done.out.splitlines()[0].split() == ["CONTRACT", "RULE", "RESULT", "TOLD"]
    assert "it is pure" in done.out


def test_tests_of_another_kind_are_left_out(causely, package):
    rows = json.loads(causely("plugins", "check", package, "-o", "json").out)
    assert {row["contract"] for row in rows} == {"TestContract"}


def test_what_is_broken_is_told_with_how_to_fix_it(causely, package):
    detector = package / "src" / "causely_plugin_acme" / "detector.py"
    detector.write_text(detector.read_text().replace("updated_at=window.now", "updated_at=0.0"))
    done = causely("plugins", "check", package, "-o", "json")
    assert done.status == 1
    [row] = [row for row in json.loads(done.out) if row["result"] == "failed"]
    assert row["rule"] == "symptoms are well formed"
    assert row["to_fix"].endswith("to fix: set `updated_at=window.now`")


def test_a_package_whose_tests_cannot_be_read_is_one_line(causely, package):
    (package / "tests" / "test_detector.py").write_text("import nothing_of_this_name\n")
    done = causely("plugins", "check", package)
    assert (done.status, done.err.count("\n")) == (os.EX_UNAVAILABLE, 1)
    assert "No module named 'nothing_of_this_name'" in done.err


@pytest.mark.parametrize(
    ("plugin", "told"), [("nobody", "neither a folder nor an installed plugin"), (".", "has no contract tests")]
)
def test_what_is_no_plugin_with_a_contract_is_one_line(causely, tmp_path, plugin, told):
    done = causely("plugins", "check", tmp_path if plugin == "." else plugin)
    assert (done.status, done.err.count("\n")) == (os.EX_USAGE, 1)
    assert told in done.err
