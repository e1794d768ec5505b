"""Users: send requests at a steady rate whether or not they are answered, and remember what they saw."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from shop.goods import GOODS
from shop.journeys import Visit, deck
from shop.runtime import Commands, run
from shop.window import Window

if TYPE_CHECKING:
    from shop.ports import Address
    from shop.settings import Settings

MAX_IN_FLIGHT = 64
TIMEOUT_SECONDS = 5.0


class Users:
    """An open loop: a request that hangs does not hold up the next one."""

    def __init__(self, frontend: Address, rate: float) -> None:
        self._frontend, self._interval = frontend, 1.0 / rate
        self._people = ThreadPoolExecutor(MAX_IN_FLIGHT)
        self._free = threading.Semaphore(MAX_IN_FLIGHT)
        self.window = Window()

    def start(self) -> None:
        """Begin to shop, in the background."""
        threading.Thread(target=self._shop, daemon=True).start()

    def _shop(self) -> None:
        due = time.monotonic()
        for visit in deck(random.Random(7), len(GOODS)):
            due += self._interval
            time.sleep(max(0.0, due - time.monotonic()))
            if self._free.acquire(blocking=False):
                self._people.submit(self._go, visit)
            else:  # so many are stuck that the next one turns away at the door
                self.window.add(visit.route, 0.0, ok=False)

    def _go(self, visit: Visit) -> None:
        started = time.monotonic()
        ok = self._succeeds(visit)
        self.window.add(visit.route, time.monotonic() - started, ok=ok)
        self._free.release()

    def _succeeds(self, visit: Visit) -> bool:
        connection = HTTPConnection(*self._frontend, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(visit.method, visit.path, visit.body)
            response = connection.getresponse()
            response.read()
            return response.status < 400
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def start(settings: Settings) -> Commands:
    """Get ready; the load begins with the command `start`."""
    users = Users(settings.address("frontend"), settings.rate)
    return {"start": users.start, "report": users.window.report}


if __name__ == "__main__":
    run(start, instrumented=False)
