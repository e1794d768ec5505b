"""Shipping: packs one order after the other (consumes the queue)."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from shop.faults.switch import Switch
from shop.messaging import OrderQueue
from shop.runtime import Commands, run, switches

if TYPE_CHECKING:
    from shop.settings import Settings

PRINT_SECONDS = 0.005
SLOW_PRINT_SECONDS = 0.6


class Shipping:
    """One packer with one label printer."""

    def __init__(self) -> None:
        self.slow_consumer = Switch()

    def pack(self, _order: dict[str, Any]) -> None:
        """Wait for the printer to deliver the label."""
        time.sleep(SLOW_PRINT_SECONDS if self.slow_consumer.on else PRINT_SECONDS)

    def work(self, orders: OrderQueue) -> None:
        """Pack orders for ever."""
        while True:
            orders.process(self.pack)


def start(settings: Settings) -> Commands:
    """Start to consume."""
    shipping = Shipping()
    threading.Thread(target=shipping.work, args=[OrderQueue(settings)], daemon=True).start()
    return switches({"slow-consumer": shipping.slow_consumer})


if __name__ == "__main__":
    run(start)
