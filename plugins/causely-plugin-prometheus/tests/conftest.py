"""Servers for each test that wants one."""

import pytest

from .servers import Exporter, prometheus, victoria_metrics


@pytest.fixture(params=[prometheus, victoria_metrics], ids=["prometheus", "victoria-metrics"])
def server(request, tmp_path):
    """A real server of each kind that scrapes an exporter of the test's own."""
    running = request.param(tmp_path, Exporter())
    yield running
    running.stop()
