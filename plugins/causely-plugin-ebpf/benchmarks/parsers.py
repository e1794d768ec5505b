"""Print microseconds of CPU per exchange for each protocol; asserts nothing.

python benchmarks/parsers.py [--seconds 1]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from causely_plugin_ebpf.protocols import Segment, dialogue

sys.path.append(str(Path(__file__).parents[1] / "tests" / "protocols"))
from conversations import CONVERSATIONS

STEP = 1_000_000


def measured(protocol: str, seconds: float) -> tuple[float, int]:
    """Microseconds per exchange, and how many exchanges there were, over one long connection."""
    connection = dialogue(protocol)
    said = CONVERSATIONS[protocol]
    segments = [Segment(to_server, i * STEP, len(data), data[:512]) for i, (to_server, data) in enumerate(said)]
    for segment in segments:
        connection.feed(segment)
    exchanges, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for _ in range(50):
            for segment in segments:
                exchanges += len(connection.feed(segment))
    return (time.process_time() - began) / max(exchanges, 1) * 1e6, exchanges


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each protocol")
    seconds = parser.parse_args().seconds
    for protocol in CONVERSATIONS:
        micros, exchanges = measured(protocol, seconds)
        print(f"{protocol:12}{micros:8.1f} us per exchange   ({exchanges:,})")


if __name__ == "__main__":
    main()
