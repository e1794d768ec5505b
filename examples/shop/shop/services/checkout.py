"""Checkout: turns a cart into a paid order (HTTP) and hands it to shipping through the queue."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from shop.errors import DownstreamFailure
from shop.http_peer import HttpPeer
from shop.messaging import OrderQueue
from shop.rpc_peer import RpcPeer
from shop.runtime import Commands, run
from shop.telemetry import log
from shop.web import Request, Web

if TYPE_CHECKING:
    from shop.settings import Settings


class Checkout:
    """The one who knows the steps of a purchase."""

    def __init__(self, settings: Settings) -> None:
        where = settings.address
        self._cart = HttpPeer("cart", where("cart"))
        self._inventory = RpcPeer("shop.Inventory", where("inventory"))
        self._payment = RpcPeer("shop.Payment", where("payment"))
        self._orders = HttpPeer("orders", where("orders"))
        self._queue = OrderQueue(settings)

    def buy(self, request: Request) -> dict[str, Any]:
        """Return the order that was placed."""
        user, mail = request.body["user"], request.body["mail"]
        order_id = f"ord-{uuid.uuid4().hex[:10]}"
        try:
            return self._place(order_id, user, mail)
        except DownstreamFailure as failure:
            log.error("order %s of %s was not placed: %s", order_id, mail, failure)
            raise

    def _place(self, order_id: str, user: str, mail: str) -> dict[str, Any]:
        cart = self._cart.get(f"/carts/{user}")
        self._inventory.call("Reserve", product=cart["items"][-1])
        self._payment.call("Charge", order=order_id, mail=mail, amount=cart["total"])
        order = {"id": order_id, "buyer": user, "mail": mail, "total": cart["total"]}
        self._orders.post("/orders", **order)
        self._queue.send(order)
        return order


def start(settings: Settings) -> Commands:
    """Open the port."""
    Web({"POST /checkout": Checkout(settings).buy}).serve(settings.port)
    return {}


if __name__ == "__main__":
    run(start)
