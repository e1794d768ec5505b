"""One shop and one telemetry sink for all tests of a module."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The helpers stand beside the tests and are nobody's package.
sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from otlp_sink import Sink
from shop_driver import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture(scope="session")
def shop(sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shop = Shop(sink.endpoint, tmp_path_factory.mktemp("shop"), "sqlite")
    yield shop
    shop.stop()
