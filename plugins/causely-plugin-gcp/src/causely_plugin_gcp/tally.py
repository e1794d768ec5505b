"""How often the APIs were asked, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from causely_core.polling import PollError
from causely_plugin_gcp.errors import Throttled

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter


class Tally:
    """The plugin's own metrics."""

    def __init__(self, meter: Meter) -> None:
        """Make the instruments."""
        self._requests = meter.create_counter("causely.gcp.requests", "1", "Requests by API and result.")
        self._seconds = meter.create_histogram("causely.gcp.request.duration", "s", "Time until the answer, by API.")
        self._left_out = meter.create_counter("causely.gcp.left_out", "1", "Resources beyond max_resources.")

    @contextmanager
    def request(self, api: str) -> Iterator[None]:
        """Count what is done within as one request."""
        start, result = time.monotonic(), "ok"
        try:
            yield
        except Throttled:
            result = "throttled"
            raise
        except PollError:
            result = "failed"
            raise
        finally:
            self._requests.add(1, {"api": api, "result": result})
            self._seconds.record(time.monotonic() - start, {"api": api})

    def left_out(self, resources: int) -> None:
        """Count resources that are not told."""
        self._left_out.add(resources)
