"""Processes that listen and connect on loopback in a network namespace of their own; ``python peers.py PART``."""

from __future__ import annotations

import socket
import subprocess
import sys

PORT = 5000
PEOPLE = ("127.0.0.1", PORT)


def stuck():
    """Listens, accepts nobody, and has more callers than it takes."""
    with socket.create_server(PEOPLE, backlog=1) as server:
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(PEOPLE)
        ready()
        for line in sys.stdin:
            if line == "more\n":
                late = socket.socket()
                late.setblocking(False)
                late.connect_ex(PEOPLE)
                ready()
        del server


def neighbour():
    """Listens beside another."""
    with socket.create_server(("127.0.0.1", PORT + 1)):
        ready()
        sys.stdin.read()


def lossy():
    """Sends data, of which a tenth is lost on the way."""
    for rule in (
        "add table inet t",
        "add chain inet t lost { type filter hook input priority 0; }",
        f"add rule inet t lost tcp dport {PORT} tcp flags & (syn|fin) == 0x0 numgen inc mod 10 == 0 drop",
    ):
        subprocess.run(["nft", rule], check=True)
    with socket.create_server(PEOPLE) as server, socket.create_connection(PEOPLE) as client:
        accepted, _ = server.accept()
        ready()
        for _ in sys.stdin:
            for _ in range(80):
                client.sendall(b"x" * 100)
                accepted.recv(100, socket.MSG_WAITALL)
            ready()


def ready():
    print("ready", flush=True)


if __name__ == "__main__":
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    {"stuck": stuck, "neighbour": neighbour, "lossy": lossy}[sys.argv[1]]()
