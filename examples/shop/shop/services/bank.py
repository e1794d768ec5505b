"""Bank: a third party's HTTP API; the shop cannot see into it, so it exports nothing."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from shop.faults.switch import Switch
from shop.runtime import Commands, run, switches
from shop.web import Request, Web

if TYPE_CHECKING:
    from shop.settings import Settings

ANSWER_SECONDS = 0.005
SLOW_ANSWER_SECONDS = 0.9


class Bank:
    """Accepts every transfer."""

    def __init__(self) -> None:
        self.slow_third_party = Switch()

    def transfer(self, request: Request) -> dict[str, Any]:
        """Return a receipt, sooner or later."""
        time.sleep(SLOW_ANSWER_SECONDS if self.slow_third_party.on else ANSWER_SECONDS)
        return {"receipt": uuid.uuid4().hex, "reference": request.body["reference"]}


def start(settings: Settings) -> Commands:
    """Open the port."""
    bank = Bank()
    Web({"POST /v1/transfers": bank.transfer}).serve(settings.port)
    return switches({"slow-third-party": bank.slow_third_party})


if __name__ == "__main__":
    run(start, instrumented=False)
