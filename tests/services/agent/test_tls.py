"""Mutual TLS between agent and mediator."""

import pytest
from attrs import evolve

from causely_core.wire.tls import TlsConfig

from ..certificates import Authority
from ..shop import running, until
from .worlds import NAME, Home, agent


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ours"), "causely")


@pytest.fixture
async def home(tmp_path, analyzer, ours):
    """A mediator that serves only whom our authority vouches for."""
    home = Home(tmp_path / "mediator", analyzer.port, {"agents_tls": ours.issue("mediator")})
    await home.start()
    yield home
    await home.stop()


async def test_an_agent_of_ours_is_served(home, analyzer, plugin, tmp_path, ours):
    async with running(agent(tmp_path, home.port, plugin, mediator_tls=ours.issue("agent"))):
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME))


async def test_the_certificate_may_name_another_host_than_the_address(home, analyzer, plugin, tmp_path, ours):
    tls = evolve(ours.issue("agent"), server_name="localhost")
    async with running(agent(tmp_path, home.port, plugin, mediator_tls=tls)) as one:
        await until(lambda: one.link.connected)


@pytest.mark.parametrize("kind", ["no certificate", "foreign certificate", "plaintext"])
async def test_a_stranger_is_not(home, plugin, tmp_path, ours, kind):
    theirs = Authority(tmp_path, "theirs").issue("stranger")
    tls = {
        "no certificate": TlsConfig(ca=str(ours.folder / "causely.pem")),
        "foreign certificate": evolve(theirs, ca=str(ours.folder / "causely.pem")),
        "plaintext": None,
    }[kind]
    await refused(home, agent(tmp_path, home.port, plugin, mediator_tls=tls))


async def test_a_strangers_mediator_is_told_nothing(tmp_path, analyzer, plugin, ours):
    theirs = Authority(tmp_path, "theirs").issue("mediator")
    home = Home(tmp_path / "mediator", analyzer.port, {"agents_tls": evolve(theirs, ca="")})
    await home.start()
    await refused(home, agent(tmp_path, home.port, plugin, mediator_tls=ours.issue("agent")))
    await home.stop()


async def refused(home, one):
    """``one`` tries more than once and is not heard; what it has to say stays in its spool."""
    reasons = []

    class Logger:
        def warning(self, event, **fields):
            reasons.append(fields["reason"])

    async with running(one):
        one.link.logger = Logger()
        await until(lambda: len(reasons) >= 2)
        assert not one.link.connected
        assert one.link.spool.size
    assert home.one.agents.cursors == {}
    assert all("UNAVAILABLE" in reason for reason in reasons)
