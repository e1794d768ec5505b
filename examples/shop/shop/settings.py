"""What the supervisor tells a service, carried in its environment."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.ports import HOST, Address

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Settings:
    """A service's name, where everyone listens, and which database to use.

    Attributes:
        name: The service's own name.
        ports: Port of each service, its own included.
        database: `postgresql` or `sqlite`.
        data_dir: Directory for files, such as SQLite's.
        rate: Requests per second that the users send.
        queue_key: Shared secret of the broker and its clients.
        named: Whether each service is on a host of its name, instead of all on loopback.
    """

    name: str
    ports: Mapping[str, int]
    database: str
    data_dir: str
    rate: float
    queue_key: str
    named: bool = False

    @property
    def port(self) -> int:
        """The port that this service listens on."""
        return self.ports[self.name]

    def address(self, name: str) -> Address:
        """Return where a service is."""
        return Address(name if self.named else HOST, self.ports[name])

    def environment(self) -> dict[str, str]:
        """Return the variable that carries these settings to the service."""
        return {"SHOP_SETTINGS": json.dumps(vars(self))}

    @classmethod
    def from_environment(cls) -> Settings:
        """Return the settings that the supervisor left in this process's environment."""
        return cls(**json.loads(os.environ["SHOP_SETTINGS"]))
