"""Which rules of contracts apply. All runs of pytest load this module."""

from __future__ import annotations

import pytest

DRIVEN = "driven_stream"
"""The fixture of the rules of those who ask a server."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rules of those who ask a server are there for them only: whose fixtures use ``upstream``."""
    items[:] = [item for item in items if _applies(getattr(item, "fixturenames", ()))]


def _applies(fixtures: list[str] | tuple[str, ...]) -> bool:
    return DRIVEN not in fixtures or "upstream" in fixtures
