"""What ``causely plugins check`` adds to pytest: only contract tests run, and what comes of them goes to a file."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from causely_core.testing.contracts.plugin import PluginContract


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to write."""
    parser.addoption("--causely-report", type=Path, help="file that gets a line of JSON for each contract test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is no contract test."""
    contracts = [item for item in items if issubclass(_class_of(item), PluginContract)]
    config.hook.pytest_deselected(items=[item for item in items if item not in contracts])
    items[:] = contracts


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write the outcome of the test, or of a fixture that failed."""
    report = yield
    if report.when == "call" or report.outcome != "passed":
        told = str(call.excinfo.value) if call.excinfo else ""
        row = {"contract": _class_of(item).__name__, "rule": _rule(item), "result": report.outcome, "told": told}
        with item.config.getoption("--causely-report").open("a") as file:
            file.write(json.dumps(row) + "\n")
    return report


def _class_of(item: pytest.Item) -> type:
    return getattr(item, "cls", None) or object


def _rule(item: pytest.Item) -> str:
    """Tests are named by the rule that they check."""
    return item.name.removeprefix("test_").replace("_", " ")
