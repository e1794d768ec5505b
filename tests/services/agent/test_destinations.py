"""Whom a running agent with all plugins sends anything to, as strace sees it: nobody but those it was told of."""

import os
import re
import shutil
from contextlib import ExitStack

import pytest

from causely_core.services.demo.stack import free_ports

from .living import LivingAgent, holding, sink
from .test_kill import until

CALLS = ("strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-e", "signal=none")
FAMILY = re.compile(r"sa_family=(\w+)")
DESTINATION = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"')
STAY_ON_THE_MACHINE = {"AF_UNIX", "AF_NETLINK", "AF_UNSPEC"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.getuid() != 0, reason="only root can watch an agent that watches all"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed (Debian's strace)"),
]


def destinations(text):
    """Addresses of the internet that were connected or sent to, and families of addresses."""
    found = {f"{address.removeprefix('::ffff:')}:{port}" for port, address in DESTINATION.findall(text)}
    return found, set(FAMILY.findall(text))


async def test_an_agent_sends_only_to_mediator_store_and_kubelet(tmp_path, home):
    calls, kubelet = tmp_path / "calls", free_ports(1)[0]
    with ExitStack() as stack:
        series = stack.enter_context(sink())
        (tmp_path / "token").write_text("secret")
        access = {
            "kubelet_url": f"https://{kubelet}",
            "kubelet_token": str(tmp_path / "token"),
            "kubelet_authority": "",
        }
        told = {f"127.0.0.1:{home.port}", series.address, kubelet}
        agent = LivingAgent(
            tmp_path,
            {"host": {**access, "kubelet_interval": 1.0}},
            mediator=f"127.0.0.1:{home.port}",
            timeseries=f"http://{series.address}",
        )
        process = stack.enter_context(agent.running(*CALLS, "-o", str(calls)))
        await until(agent.watches, 90.0)
        before, written = (await agent.metrics()).get("link_acked_total", 0.0), series.requests
        stack.enter_context(holding(400))
        # The load was seen, judged and told: all that the agent does it has done since.
        await until(lambda: busy(agent, series, before, written), 60.0)
        await until(lambda: all_seen(calls, told), 60.0)
        assert process.poll() is None, agent.log
    found, families = destinations(calls.read_text())
    assert found == told
    assert families <= STAY_ON_THE_MACHINE | {"AF_INET", "AF_INET6"}


async def busy(agent, series, before, written):
    """Whether the mediator and the store of series have been told of the load, several times."""
    metrics = await agent.metrics()
    seen = metrics.get("ebpf_connections", 0.0) >= 400 and metrics["link_acked_total"] > before
    return seen and series.requests > written + 5


async def all_seen(calls, told):
    return told <= destinations(calls.read_text())[0]


def test_destinations_are_read_off_what_strace_writes():
    text = (
        '7 connect(9, {sa_family=AF_INET, sin_port=htons(8428), sin_addr=inet_addr("10.0.0.1")}, 16) = 0\n'
        '8 sendto(9, "\\2", 1, 0, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0),'
        ' inet_pton(AF_INET6, "::ffff:10.0.0.2", &sin6_addr), sin6_scope_id=0}, 28) = 1\n'
        "8 sendto(9, [{nlmsg_len=76}], 76, 0, NULL, 0) = 76\n"
        '8 connect(5, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0\n'
    )
    assert destinations(text) == ({"10.0.0.1:8428", "10.0.0.2:53"}, {"AF_INET", "AF_INET6", "AF_UNIX"})
