"""Failing with one line that says what to fix."""

from __future__ import annotations

from typing import NoReturn

import pytest


def fix(problem: str, remedy: str) -> NoReturn:
    """Fail the test: ``problem`` is what was seen, ``remedy`` what to do about it."""
    raise pytest.fail.Exception(f"{problem}; to fix: {remedy}", pytrace=False) from None


def require(holds: object, problem: str, remedy: str) -> None:
    """Fail as :func:`fix` does unless ``holds``."""
    if not holds:
        fix(problem, remedy)
