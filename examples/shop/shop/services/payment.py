"""Payment: charges the buyer's account at a bank (gRPC in front of a third party's HTTP API)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shop import rpc
from shop.http_peer import HttpPeer
from shop.runtime import Commands, run

if TYPE_CHECKING:
    from shop.settings import Settings


class Payment:
    """Charges, one transfer each."""

    def __init__(self, bank: HttpPeer) -> None:
        self._bank = bank

    def charge(self, order: str, mail: str, amount: float) -> dict[str, Any]:
        """Return the bank's receipt."""
        receipt: dict[str, Any] = self._bank.post("/v1/transfers", reference=order, account=mail, amount=amount)
        return receipt


def start(settings: Settings) -> Commands:
    """Open the port."""
    bank = HttpPeer("acme-bank", settings.address("bank"), third_party="acme-bank")
    rpc.serve("shop.Payment", {"Charge": Payment(bank).charge}, settings.port)
    return {}


if __name__ == "__main__":
    run(start)
