"""Feed random and damaged inputs to every parser: none may raise or grow.

    python benchmarks/fuzz.py --inputs 1000000 [--seed 1]

Exits with 1 at the first input that does, and prints what it was.
"""

from __future__ import annotations

import argparse
import pickle
import random
import sys
import time
from pathlib import Path

from causely_plugin_ebpf.protocols import MAX_PENDING, Dialogue, Segment, dialogue, sniff

sys.path.append(str(Path(__file__).parents[1] / "tests" / "protocols"))
from conversations import CONVERSATIONS

INPUTS_A_CONNECTION = 500
MAX_STATE = 400_000
"""Bytes of one connection's pickled state."""


def damaged(rng: random.Random, data: bytes) -> bytes:
    """The same bytes with something changed, lost, repeated or cut."""
    bytes_ = bytearray(data)
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(bytes_) + 1)
        match rng.randrange(5):
            case 0 if at < len(bytes_):
                bytes_[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            case 1:
                bytes_[at:at] = rng.randbytes(rng.randrange(9))
            case 2:
                del bytes_[at : at + rng.randrange(16)]
            case 3:
                bytes_ += bytes_[at : at + 64]
            case _:
                del bytes_[at:]
    return bytes(bytes_[:4096])


def segment(rng: random.Random, protocol: str, at: int) -> Segment:
    """Any segment: mostly one of the protocol's own, damaged."""
    to_server, data = rng.choice(CONVERSATIONS[protocol])
    kind = rng.random()
    if kind < 0.2:
        data = rng.randbytes(rng.randrange(64))
    elif kind < 0.9:
        data = damaged(rng, data)
    head = data[: rng.choice((512, 512, 512, rng.randrange(513)))]
    unseen = rng.choice((0, 0, 0, rng.randrange(1 << 16)))
    return Segment(to_server if rng.random() < 0.9 else not to_server, at, max(len(data), len(head)) + unseen, head)


def state_size(connection: Dialogue) -> int:
    """Bytes of its state, as pickled."""
    return len(pickle.dumps(connection))


def try_connection(rng: random.Random, protocol: str, inputs: int) -> int:
    """Feed one connection; returns the size of its state afterwards. Prints the input at which it breaks."""
    connection, fed = dialogue(protocol), None
    try:
        for turn in range(inputs):
            fed = segment(rng, protocol, turn * 1_000_000)
            sniff(fed.head, fed.to_server, rng.choice((0, 53, 80, 5432)))
            for exchange in connection.feed(fed):
                assert exchange.started <= exchange.ended, exchange
                assert len(exchange.operation) <= 600, exchange
            assert connection.pending <= MAX_PENDING + 1, connection.pending
        connection.close()
    except Exception:
        print(f"{protocol}: {fed!r}", file=sys.stderr)
        raise
    return state_size(connection)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=1_000_000, help="segments over all parsers")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng, began, largest = random.Random(arguments.seed), time.perf_counter(), dict.fromkeys(CONVERSATIONS, 0)
    rounds = -(-arguments.inputs // (INPUTS_A_CONNECTION * len(CONVERSATIONS)))
    for _ in range(rounds):
        for protocol in CONVERSATIONS:
            largest[protocol] = max(largest[protocol], try_connection(rng, protocol, INPUTS_A_CONNECTION))
    assert max(largest.values()) < MAX_STATE, largest
    fed = rounds * INPUTS_A_CONNECTION * len(CONVERSATIONS)
    print(f"{fed:,} inputs, no crash, {time.perf_counter() - began:.0f} s; largest state of a connection, bytes:")
    print("  " + ", ".join(f"{protocol} {size:,}" for protocol, size in largest.items()))


if __name__ == "__main__":
    main()
