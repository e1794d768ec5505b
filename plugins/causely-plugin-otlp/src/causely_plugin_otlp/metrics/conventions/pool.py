"""Connection pools of database clients, current names and those before 1.25."""

from __future__ import annotations

from causely_plugin_otlp.metrics.rules import Kind, Over, Owner, Part, Rule, only

_POOL = ("db.client.connection.pool.name", "db.client.connections.pool.name", "pool.name")
_USED = (only(("db.client.connection.state", "db.client.connections.state", "state"), "used"),)
_UTILIZATION = "connection_pool.utilization"
_WAIT = "connection_pool.wait.p95"

RULES = (
    # A full pool blocks its users however empty the others are.
    Rule(
        _UTILIZATION,
        Owner.SERVICE,
        ("db.client.connection.count", "db.client.connections.usage"),
        part=Part.USED,
        where=_USED,
        per=_POOL,
        over=Over.MAX,
    ),
    Rule(
        _UTILIZATION,
        Owner.SERVICE,
        ("db.client.connection.max", "db.client.connections.max"),
        part=Part.LIMIT,
        per=_POOL,
    ),
    Rule(
        "connection_pool.pending",
        Owner.SERVICE,
        ("db.client.connection.pending_requests", "db.client.connections.pending_requests"),
    ),
    Rule(_WAIT, Owner.SERVICE, ("db.client.connection.wait_time",), Kind.P95, over=Over.MAX),
    Rule(_WAIT, Owner.SERVICE, ("db.client.connections.wait_time",), Kind.P95, over=Over.MAX, unit="ms"),
    Rule(
        "connection_pool.timeout_rate",
        Owner.SERVICE,
        ("db.client.connection.timeouts", "db.client.connections.timeouts"),
        Kind.EVENTS,
    ),
)
