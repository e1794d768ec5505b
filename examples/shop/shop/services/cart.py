"""Cart: what each user is about to buy (HTTP, in memory)."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from shop.faults.busy_loop import BusyLoop
from shop.goods import GOODS
from shop.runtime import Commands, run, switches
from shop.web import Request, Web

if TYPE_CHECKING:
    from shop.settings import Settings

MAX_ITEMS = 3
OFFER_OF_THE_WEEK = 1
SEAL_ROUNDS = 8
SEAL_BLOCK = 512


class Carts:
    """The last few products that each user chose; a new user finds the offer of the week."""

    def __init__(self) -> None:
        self._items: defaultdict[str, deque[int]] = defaultdict(lambda: deque([OFFER_OF_THE_WEEK], MAX_ITEMS))

    def get(self, request: Request) -> dict[str, Any]:
        """Return the cart with its total and a seal against tampering."""
        user = request.params["user"]
        items = list(self._items[user])
        total = round(sum(GOODS[item - 1][1] for item in items), 2)
        return {"user": user, "items": items, "total": total, "seal": seal(f"{user}:{items}:{total}")}

    def add(self, request: Request) -> dict[str, Any]:
        """Put one product in and return the cart."""
        self._items[request.params["user"]].append(int(request.body["product"]))
        return self.get(request)


def seal(text: str) -> str:
    """Return a hash of `text` that takes about a millisecond."""
    digest = text.encode()
    for _ in range(SEAL_ROUNDS):
        digest = hashlib.sha256(digest * SEAL_BLOCK).digest()
    return digest.hex()


def start(settings: Settings) -> Commands:
    """Open the port."""
    carts = Carts()
    Web({"GET /carts/{user}": carts.get, "POST /carts/{user}": carts.add}).serve(settings.port)
    return switches({"cpu-burn": BusyLoop()})


if __name__ == "__main__":
    run(start)
