"""What users do, and how often."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

USERS = 40

# Visits in a hundred. At twelve visits a second there are three checkouts a second.
WEIGHTS = {
    "GET /products": 25,
    "GET /products/{id}": 14,
    "GET /recommendations/{user}": 12,
    "GET /cart/{user}": 10,
    "POST /cart/{user}": 8,
    "POST /checkout": 25,
    "GET /orders/{user}": 6,
}


@dataclass(frozen=True)
class Visit:
    """One request of one user; `body` is JSON or nothing."""

    route: str
    method: str
    path: str
    body: str | None


def deck(chance: random.Random, products: int) -> Iterator[Visit]:
    """Deal visits for ever in shuffled hundreds, so that each hundred has exactly the given mix."""
    cards = [route for route, weight in WEIGHTS.items() for _ in range(weight)]
    while True:
        chance.shuffle(cards)
        for route in cards:
            yield visit(route, f"user{chance.randrange(USERS)}", chance.randrange(products) + 1)


def visit(route: str, user: str, product: int) -> Visit:
    """Return the request of `user` for a route, with its blanks filled in."""
    method, template = route.split(" ")
    path = template.format(user=user, id=product)
    body: dict[str, Any] = {"user": user, "mail": f"{user}@example.com", "product": product}
    return Visit(route, method, path, json.dumps(body) if method == "POST" else None)
