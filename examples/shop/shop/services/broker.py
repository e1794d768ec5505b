"""Broker: the process that holds the queue; it exports nothing."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any

from shop.messaging import QUEUE, Broker
from shop.ports import LISTEN
from shop.runtime import Commands, run

if TYPE_CHECKING:
    from shop.settings import Settings

CAPACITY = 10_000


def start(settings: Settings) -> Commands:
    """Serve one bounded queue to whoever knows the key."""
    orders: queue.Queue[Any] = queue.Queue(CAPACITY)
    Broker.register(QUEUE, lambda: orders)
    broker = Broker((LISTEN, settings.port), settings.queue_key.encode())
    threading.Thread(target=broker.get_server().serve_forever, daemon=True).start()
    return {}


if __name__ == "__main__":
    run(start, instrumented=False)
