import pytest

from .server import VictoriaMetrics, binary


@pytest.fixture(scope="session")
def victoria_metrics(tmp_path_factory):
    """The URL of a server shared by all tests of this process; each test writes entities of its own."""
    binary()
    server = VictoriaMetrics(tmp_path_factory.mktemp("victoria-metrics"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def own_server(tmp_path):
    """A server that the test may stop and start; it is down at first."""
    binary()
    server = VictoriaMetrics(tmp_path)
    yield server
    server.stop()
