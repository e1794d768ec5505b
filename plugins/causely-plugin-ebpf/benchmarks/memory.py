"""Print the resident memory that one followed connection takes, by protocol and role; asserts nothing.

python benchmarks/memory.py [--connections 10000]
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
from pathlib import Path

from causely_plugin_ebpf.connection import Address, Connection
from causely_plugin_ebpf.connections import Connections
from causely_plugin_ebpf.counting import Counting
from causely_plugin_ebpf.protocols import Segment, dialogue
from causely_plugin_ebpf.records import CLIENT, SERVER

from causely_core.traffic import LiveTopology, Traffic

sys.path += [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1] / "tests" / "protocols")]
from conversations import CONVERSATIONS
from makers import owner

ROLES = {"client": CLIENT, "server": SERVER}
WARM = 500
"""Connections before it is measured, after which caches are filled."""


def measured(protocol: str, role: int, many: int) -> float:
    """Bytes that each of ``many`` connections takes on which the protocol's conversation was held."""
    connections, traffic, mine = Connections(many + WARM), Traffic(LiveTopology(1000, 60.0), 20), owner("shop")
    counting = Counting(traffic, connections)
    before = 0
    for number in range(WARM + many):
        if number == WARM:
            before = resident()
        ends = [Address(f"10.0.{number >> 14}.2", 2000 + number % 60_000), Address("10.0.0.1", 80)]
        remote, local = ends if role == SERVER else ends[::-1]
        connection = Connection(number, 7, number, role, number, remote, local, number, mine)
        connections.add(connection)
        if protocol:
            hold(connection, protocol, counting)
    return (resident() - before) / many


def hold(connection: Connection, protocol: str, counting: Counting) -> None:
    """Say all of a conversation."""
    connection.protocol, connection.dialogue = protocol, dialogue(protocol)
    for at, (to_server, data) in enumerate(CONVERSATIONS[protocol]):
        # Each connection has read bytes of its own.
        for exchange in connection.dialogue.feed(Segment(to_server, at, len(data), bytes(bytearray(data[:464])))):
            counting.exchange(connection, exchange)


def resident() -> int:
    """Bytes of this process in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Run each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--only", nargs=2, metavar=("PROTOCOL", "ROLE"), help="in this process; '' for none yet")
    wanted = parser.parse_args()
    if wanted.only:
        protocol, role = wanted.only
        print(f"{protocol or 'none yet':12}{role:8}{measured(protocol, ROLES[role], wanted.connections):8,.0f} bytes")
        return
    for protocol in ("", *CONVERSATIONS):
        for role in ROLES:
            many = ["--connections", str(wanted.connections)]
            subprocess.run([sys.executable, __file__, *many, "--only", protocol, role], check=True)


if __name__ == "__main__":
    main()
