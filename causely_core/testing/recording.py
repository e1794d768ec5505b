"""How tests with the fixture ``golden`` are told to record, and how they end. All runs of pytest load this module."""

from __future__ import annotations

from collections.abc import Generator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--golden-record``."""
    told = "let tests that use the fixture golden ask the real servers, and write their recordings"
    parser.getgroup("causely").addoption("--golden-record", action="store_true", help=told)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A request that is not recorded is why its test fails, whatever the plugin made of it."""
    golden = getattr(item, "funcargs", {}).get("golden")
    if golden is None:
        return (yield)
    try:
        outcome = yield
    finally:
        golden.check()
    golden.write()
    return outcome
