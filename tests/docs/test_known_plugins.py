"""docs/known-plugins.md names every plugin of this repository, with the hooks that it has."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from causely_core.hookspecs import CauselySpecs

ROOT = Path(__file__).parents[2]
KNOWN = (ROOT / "docs" / "known-plugins.md").read_text()
PROJECTS = [ROOT / "pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml"))]
EXAMPLE = ROOT / "examples" / "causely-plugin-example" / "pyproject.toml"


def rows(text):
    """Package to its cells, without what is only Markdown's."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ") and "`" in line]
    return {re.sub(r"\[(.*)\]\(.*\)", r"\1", cells[0].strip()): [cell.strip() for cell in cells[1:]] for cells in lines}


def described(project):
    told = tomllib.loads(project.read_text())["project"]
    return told["name"], told["entry-points"]["causely"]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.parent.name)
def test_a_plugin_is_told_of_as_it_is(project):
    package, entries = described(project)
    [(name, place)] = entries.items()
    module, _, attribute = place.partition(":")
    plugin = getattr(import_module(module), attribute)
    hooks = [hook for hook in vars(CauselySpecs) if hook.startswith("causely_") and hasattr(plugin, hook)]
    cells = rows(KNOWN)[package]
    assert cells[0] == f"`{name}`"
    told, there = re.findall(r"`(\w+)`", cells[1]), [hook.removeprefix("causely_") for hook in hooks]
    assert told == there


def test_no_others_are_told_of():
    assert set(rows(KNOWN)) == {described(project)[0] for project in [*PROJECTS, EXAMPLE]}
