"""Frontend: the users' way in (HTTP); it only asks others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shop.http_peer import HttpPeer
from shop.rpc_peer import RpcPeer
from shop.runtime import Commands, run
from shop.web import Request, Web

if TYPE_CHECKING:
    from shop.settings import Settings


class Frontend:
    """One method a route."""

    def __init__(self, settings: Settings) -> None:
        where = settings.address
        self._catalog = RpcPeer("shop.Catalog", where("catalog"))
        self._recommendations = RpcPeer("shop.Recommendations", where("recommendations"))
        self._cart = HttpPeer("cart", where("cart"))
        self._checkout = HttpPeer("checkout", where("checkout"))
        self._orders = HttpPeer("orders", where("orders"))

    def products(self, _request: Request) -> Any:
        """List what is on sale."""
        return self._catalog.call("ListProducts")

    def product(self, request: Request) -> Any:
        """Show one product."""
        return self._catalog.call("GetProduct", id=int(request.params["id"]))

    def recommendations(self, request: Request) -> Any:
        """Suggest products to a user."""
        return self._recommendations.call("Suggest", user=request.params["user"])

    def cart(self, request: Request) -> Any:
        """Show a user's cart."""
        return self._cart.get(f"/carts/{request.params['user']}")

    def add_to_cart(self, request: Request) -> Any:
        """Put a product into a user's cart."""
        return self._cart.post(f"/carts/{request.params['user']}", **request.body)

    def checkout(self, request: Request) -> Any:
        """Buy what is in the cart."""
        return self._checkout.post("/checkout", **request.body)

    def orders(self, request: Request) -> Any:
        """Show a user's latest orders."""
        return self._orders.get(f"/orders/{request.params['user']}")


def start(settings: Settings) -> Commands:
    """Open the users' port."""
    frontend = Frontend(settings)
    Web(
        {
            "GET /products": frontend.products,
            "GET /products/{id}": frontend.product,
            "GET /recommendations/{user}": frontend.recommendations,
            "GET /cart/{user}": frontend.cart,
            "POST /cart/{user}": frontend.add_to_cart,
            "POST /checkout": frontend.checkout,
            "GET /orders/{user}": frontend.orders,
        }
    ).serve(settings.port)
    return {}


if __name__ == "__main__":
    run(start)
