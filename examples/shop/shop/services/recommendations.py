"""Recommendations: what a user may also like (gRPC, asks nobody)."""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING

from shop import rpc
from shop.faults.switch import Switch
from shop.goods import GOODS
from shop.runtime import Commands, run, switches

if TYPE_CHECKING:
    from shop.settings import Settings

SUGGESTIONS = 3


class Recommender:
    """Suggestions that stay the same for the same user."""

    def __init__(self) -> None:
        self.error_leaf = Switch()

    def suggest(self, user: str) -> list[str]:
        """Return names of products; under the fault, half of the calls look into an empty shelf."""
        shelf = [name for name, _price in GOODS]
        if self.error_leaf.on and random.random() < 0.5:
            shelf = []
        first = zlib.crc32(user.encode()) % len(GOODS)
        return [shelf[(first + step) % len(GOODS)] for step in range(SUGGESTIONS)]


def start(settings: Settings) -> Commands:
    """Open the port."""
    recommender = Recommender()
    rpc.serve("shop.Recommendations", {"Suggest": recommender.suggest}, settings.port)
    return switches({"error-leaf": recommender.error_leaf})


if __name__ == "__main__":
    run(start)
