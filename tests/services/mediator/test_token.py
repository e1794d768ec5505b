"""A whole mediator and a whole analyzer that know each other by TLS and a token."""

import pytest
from structlog.testing import capture_logs

from causely_core.services.mediator.config import MediatorConfig
from causely_core.wire import WireError

from ..analyzer.standalone import analyzer
from ..certificates import Authority
from ..shop import running, until
from .worlds import mediator


@pytest.fixture
def ours(tmp_path):
    return Authority(tmp_path, "causely")


@pytest.fixture
async def served(tmp_path, ours):
    """An analyzer over TLS for whoever shows its token."""
    (tmp_path / "analyzer-token").write_text("right\n")
    tls = ours.issue("analyzer")
    served = analyzer(tmp_path / "analyzer", tls=tls, token=tmp_path / "analyzer-token")
    await served.start()
    yield served
    await served.stop()


@pytest.mark.parametrize("shown", ["right", "wrong"])
async def test_a_mediator_is_heard_if_it_shows_the_token(tmp_path, ours, served, shown):
    (tmp_path / "token").write_text(shown)
    tls = ours.issue("mediator")
    one = mediator(tmp_path / "mediator", served.port, analyzer_tls=tls, analyzer_token=tmp_path / "token")
    with capture_logs() as logs:
        async with running(one):
            await until(lambda: served.connected or any(line["event"] == "link refused" for line in logs))
            assert bool(served.connected) == (shown == "right")


async def test_an_analyzer_whose_token_is_not_there_does_not_start(tmp_path):
    with pytest.raises(WireError, match=r"analyzer\.token: .*none: No such file or directory, expected a file with a"):
        await analyzer(tmp_path / "analyzer", token=tmp_path / "none").start()


def test_a_token_is_not_sent_where_others_could_listen(tmp_path):
    MediatorConfig(analyzer="localhost:50055", analyzer_token=tmp_path)
    with pytest.raises(ValueError, match="sent over TLS only, expected analyzer_tls for analyzer:50055"):
        MediatorConfig(analyzer="analyzer:50055", analyzer_token=tmp_path)
