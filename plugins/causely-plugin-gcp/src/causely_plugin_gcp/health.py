"""Compute Engine's view of the health of backends, which no metric tells: one request for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from causely_plugin_gcp.rest import Rest

_HOST = "//compute.googleapis.com/"


@frozen
class Checked:
    """Endpoints of a backend, or of several together.

    Attributes:
        endpoints: how many are checked.
        unhealthy: those that fail.
    """

    endpoints: int = 0
    unhealthy: int = 0

    def plus(self, other: Checked) -> Checked:
        """Both together."""
        return Checked(self.endpoints + other.endpoints, self.unhealthy + other.unhealthy)


async def check(rest: Rest, service: str, group: str) -> Checked:
    """The endpoints of one group of a backend service.

    Args:
        rest: asks Compute Engine.
        service: full name of the backend service.
        group: link to the group, as the backend service has it.

    Raises:
        PollError: they cannot be had.
    """
    path = f"/compute/v1/{service.removeprefix(_HOST)}/getHealth"
    return counted((await rest.ask("POST", path, json={"group": group})).get("healthStatus") or ())


def counted(statuses: Iterable[Any]) -> Checked:
    """Count what an answer tells; endpoints that were not checked yet are left out. Pure."""
    states = [str(each.get("healthState")) for each in statuses if isinstance(each, dict)]
    return Checked(sum(state in ("HEALTHY", "UNHEALTHY") for state in states), states.count("UNHEALTHY"))
