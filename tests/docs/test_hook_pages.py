"""The pages of the hooks: each has one, its example keeps its contract, and it cites what contracts really say."""

import ast
import re
from pathlib import Path

import pytest

from causely_core import testing
from causely_core.hookspecs import CauselySpecs

pytest_plugins = ["pytester"]

# Before pytester notes which modules there are: it drops all others, and numpy cannot be imported twice.
CONTRACTS = [getattr(testing, name) for name in testing.__all__]

PAGES = Path(__file__).parents[2] / "docs" / "hooks"
HOOKS = sorted(name.removeprefix("causely_") for name in vars(CauselySpecs) if name.startswith("causely_"))
FILE = re.compile(r'^```\w+ title="(\S+)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)
MISTAKE = re.compile(r"^\| (`.+) \| .*\|$", re.MULTILINE)


def page_of(hook):
    return (PAGES / f"{hook}.md").read_text()


def test_each_hook_has_a_page_and_each_page_a_hook():
    assert sorted(page.stem for page in PAGES.glob("*.md")) == HOOKS
    assert [hook for hook in HOOKS if f"`causely_{hook}`" not in page_of(hook).splitlines()[0]] == []


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_keeps_its_contract(hook, pytester):
    for name, text in FILE.findall(page_of(hook)):
        (pytester.path / name).write_text(text)
    pytester.syspathinsert()
    options = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")
    run = pytester.runpytest_inprocess("-p", "causely_core.testing.plugin", *options, "-q")
    outcomes = run.parseoutcomes()
    assert set(outcomes) == {"passed"}, run.stdout.str()
    assert outcomes["passed"] >= 6


@pytest.mark.parametrize("hook", HOOKS)
def test_mistakes_are_cited_as_contracts_tell_them(hook):
    known = said_by_contracts()
    cited = MISTAKE.findall(page_of(hook).partition("## Common mistakes")[2])
    assert len(cited) >= 5
    for message in cited:
        for part in re.split(r"…|; to fix:|`", message):
            assert part.strip() in known, message


def said_by_contracts():
    """All texts of the harness; where a value is put into one, it ends."""
    folder = Path(testing.__file__).parent
    trees = [ast.parse(file.read_text()) for file in folder.rglob("*.py")]
    constants = [each.value for tree in trees for each in ast.walk(tree) if isinstance(each, ast.Constant)]
    return "\n".join(each for each in constants if isinstance(each, str))
