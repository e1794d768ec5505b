"""The queue of orders: a PRODUCER span where one is sent, a CONSUMER span where it is processed."""

from __future__ import annotations

import queue
import time
from multiprocessing.managers import BaseManager
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import Link, SpanKind, get_current_span

from shop.telemetry import extract, inject, span

if TYPE_CHECKING:
    from collections.abc import Callable

    from shop.settings import Settings

QUEUE = "orders"
START_SECONDS = 20.0
SEND_SECONDS = 1.0


class Broker(BaseManager):
    """The process that holds the queue, or a connection to it."""


Broker.register(QUEUE)


def connect(settings: Settings) -> Any:
    """Return a proxy of the broker's queue; the broker may still be starting."""
    host, port = settings.address("broker")
    broker = Broker((host, port), settings.queue_key.encode())
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            broker.connect()
            return getattr(broker, QUEUE)()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class OrderQueue:
    """Orders on their way from checkout to shipping, with the trace that they belong to."""

    def __init__(self, settings: Settings) -> None:
        self._queue = connect(settings)

    def send(self, order: dict[str, Any]) -> None:
        """Put an order into the queue; raise queue.Full after a second without room."""
        with span(f"send {QUEUE}", SpanKind.PRODUCER, _attributes("send")):
            headers: dict[str, str] = {}
            inject(headers)
            self._queue.put((headers, order), True, SEND_SECONDS)

    def process(self, handle: Callable[[dict[str, Any]], None]) -> None:
        """Wait up to a second for an order and handle it."""
        try:
            headers, order = self._queue.get(True, 1.0)
        except queue.Empty:
            return
        sent = extract(headers)
        link = Link(get_current_span(sent).get_span_context())
        with span(f"process {QUEUE}", SpanKind.CONSUMER, _attributes("process"), sent, [link]):
            handle(order)


def _attributes(operation: str) -> dict[str, Any]:
    return {
        "messaging.system": "shop-queue",
        "messaging.destination.name": QUEUE,
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
    }
