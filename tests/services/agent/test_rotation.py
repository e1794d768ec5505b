"""Certificates that are replaced while agent and mediator talk."""

import pytest
import trustme
from structlog.testing import capture_logs

from ..certificates import Mount
from ..shop import running, until
from .worlds import NAME, Home, agent


@pytest.fixture
def mounts(tmp_path):
    return Mount(tmp_path / "mediator-tls"), Mount(tmp_path / "agent-tls")


@pytest.fixture
async def home(tmp_path, analyzer, mounts):
    home = Home(tmp_path / "mediator", analyzer.port)
    yield home
    await home.stop()


async def serve(home, mounts):
    """Both ends with certificates of one authority; returns it, and the agent's configuration."""
    first = trustme.CA()
    home.config = {"agents_tls": mounts[0].hold(first)}
    await home.start()
    return first, mounts[1].hold(first)


async def test_another_authority_and_other_certificates_are_taken_up_without_a_restart(
    home, analyzer, plugin, tmp_path, mounts
):
    first, tls = await serve(home, mounts)
    async with running(agent(tmp_path, home.port, plugin, mediator_tls=tls)) as one:
        plugin.observes(50.0)
        await until(lambda: analyzer.symptoms(NAME))
        second = trustme.CA()
        with capture_logs() as logs:
            for mount in mounts:
                mount.hold(second)
            await until(lambda: any(line["event"] == "link up" for line in logs))
        plugin.observes(1.0)
        await until(lambda: not analyzer.symptoms(NAME) and one.link.spool.size == 0)
    stranger = Mount(tmp_path / "stranger").hold(first)
    late = agent(tmp_path / "late", home.port, name="late", mediator_tls=stranger)
    with capture_logs() as logs:
        async with running(late):
            await until(lambda: any(line["event"] == "link down" for line in logs))
    assert "late" not in home.one.agents.cursors


async def test_a_connection_that_ends_is_made_anew_with_what_the_files_hold_by_then(
    home, analyzer, plugin, tmp_path, mounts
):
    _, tls = await serve(home, mounts)
    async with running(agent(tmp_path, home.port, plugin, mediator_tls=tls)) as one:
        await until(lambda: one.link.connected)
        one.link.look_at_files = 3600.0
        await home.stop()
        plugin.observes(50.0)
        await until(lambda: not one.link.connected and one.link.spool.size)
        second = trustme.CA()
        for mount in mounts:
            mount.hold(second)
        await home.start()
        await until(lambda: analyzer.symptoms(NAME))


@pytest.mark.parametrize("end", ["mediator", "agent"])
async def test_files_that_are_no_good_are_told_once_and_the_old_ones_stay(
    home, analyzer, plugin, tmp_path, mounts, end
):
    first, tls = await serve(home, mounts)
    with capture_logs() as logs:
        async with running(agent(tmp_path, home.port, plugin, mediator_tls=tls)) as one:
            await until(lambda: one.link.connected)
            mounts[end == "agent"].hold(first, key=b"no key")
            looks = one.link.clock.now()
            if end == "mediator":
                for number in range(3):
                    other = agent(tmp_path / f"{number}", home.port, name=f"other-{number}", mediator_tls=tls)
                    async with running(other):
                        await until(lambda other=other: other.link.connected)
            await until(lambda: complaints(logs) and one.link.clock.now() > looks + 0.5)
            assert one.link.connected
            plugin.observes(50.0)
            await until(lambda: analyzer.symptoms(NAME))
    [line] = complaints(logs)
    assert line["reason"].startswith(f"tls.cert, tls.key: {tmp_path}/{end}-tls/tls.crt, {tmp_path}/{end}-tls/tls.key: ")
    assert line["reason"].endswith("expected a certificate and its own key in PEM, without a password")


def complaints(logs):
    return [line for line in logs if line["event"] == "new certificates not used"]
