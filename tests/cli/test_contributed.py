"""Commands that plugins add."""

import os
import subprocess
import sys

import pytest

ENTRIES = """
[causely.commands]
acme = acme_commands:command
broken = acme_broken:command
odd = acme_commands:ODD
version = acme_commands:command
"""
COMMANDS = """
import click
from causely_core.errors import UnavailableError
ODD = 1
print("imported")
@click.command()
@click.option("--fail", is_flag=True)
def command(fail):
    \"\"\"Ask acme.\"\"\"
    if fail:
        raise UnavailableError("acme is away")
    click.echo("acme is well")
"""


@pytest.fixture
def causely(tmp_path):
    """Runs causely where a distribution with commands is installed."""
    folder = tmp_path / "acme-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(ENTRIES)
    (tmp_path / "acme_commands.py").write_text(COMMANDS)
    (tmp_path / "acme_broken.py").write_text("import nothing_of_that_name")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])

    def run(*arguments):
        code = "import sys; from causely_core.cli.main import main; main(sys.argv[1:])"
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})

    return run


def test_a_command_of_a_plugin_is_one_of_causely(causely):
    done = causely("acme")
    assert (done.stdout, done.returncode) == ("imported\nacme is well\n", 0)
    done = causely("acme", "--fail")
    assert (done.stderr, done.returncode) == ("causely: acme is away\n", os.EX_UNAVAILABLE)


def test_help_lists_it_and_imports_nothing_of_it(causely):
    said = causely("--help").stdout
    assert "imported" not in said
    assert [line.split() for line in said.splitlines() if line.split()[:1] == ["acme"]] == [
        ["acme", "Of", "the", "plugin", "acme_commands."]
    ]


def test_commands_of_causely_are_not_replaced(causely):
    assert causely("version").stdout.startswith("causely ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken", "'broken': acme_broken:command cannot be loaded: ModuleNotFoundError: No module named 'nothing_"),
        ("odd", "'odd': expected a click.Command at acme_commands:ODD, found 1"),
    ],
)
def test_what_cannot_be_used_is_one_line(causely, name, said):
    done = causely(name)
    assert done.returncode == os.EX_CONFIG
    assert done.stderr.startswith(f"causely: command {said}")
    assert done.stderr.count("\n") == 1


def test_an_unknown_command_is_a_usage_error(causely):
    assert causely("amce").returncode == os.EX_USAGE
