"""The shop's faults and the diagnosis each one should lead to."""

from __future__ import annotations

from attrs import frozen

from causely_core.errors import CauselyError

NONE = "none"


@frozen
class Expected:
    """What should be on top after a fault.

    Attributes:
        type: the entity's type.
        name: the entity's name; empty where the address decides it (a database on a free port).
        cause: the root cause's name in the causal model.
    """

    type: str
    name: str
    cause: str

    def matches(self, root_cause: dict[str, str]) -> bool:
        """Whether a root cause, as the API gives it, is this one."""
        named = not self.name or root_cause["name"] == self.name
        return named and root_cause["type"] == self.type and root_cause["cause"] == self.cause


EXPECTED: dict[str, Expected] = {
    "slow-sql": Expected("Database", "", "SlowQueries"),
    "lock-contention": Expected("Database", "", "LockContention"),
    "cpu-burn": Expected("Service", "cart", "CPUCongested"),
    "error-leaf": Expected("Service", "recommendations", "Malfunction"),
    "dead-downstream": Expected("Service", "payment", "Unavailable"),
    "slow-third-party": Expected("ExternalService", "acme-bank", "Slow"),
    "pool-exhaustion": Expected("Service", "orders", "ConnectionPoolExhausted"),
    "slow-consumer": Expected("Service", "shipping", "SlowConsumer"),
    "memory-leak": Expected("Service", "catalog", "MemoryLeak"),
}


def expected(fault: str) -> Expected | None:
    """What ``fault`` should be diagnosed as; none for no fault.

    Raises:
        CauselyError: there is no such fault.
    """
    if fault == NONE:
        return None
    if fault not in EXPECTED:
        raise CauselyError(f"no fault named {fault!r}; there are {', '.join([*EXPECTED, NONE])}")
    return EXPECTED[fault]
