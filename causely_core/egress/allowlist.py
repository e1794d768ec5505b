"""The entity attributes that may cross: this file is the whole list.

The names are OpenTelemetry resource and span attributes (semantic conventions 1.27 and later), and the
system's own under ``causely``. Labels and annotations of Kubernetes objects are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from causely_core.model import HOTTEST, WATCHED

ATTRIBUTES = frozenset(
    {
        "service.name",
        "service.namespace",
        "service.version",
        "deployment.environment.name",
        "k8s.pod.uid",
        "k8s.node.uid",
        "k8s.workload.kind",
        "cloud.provider",
        "cloud.platform",
        "cloud.region",
        "cloud.availability_zone",
        "db.system.name",
        "db.namespace",
        "messaging.system",
        "messaging.destination.name",
        "server.address",
        "server.port",
        "host.name",
        "host.arch",
        "os.type",
        "container.name",
        "container.image.name",
        "container.image.tags",
        "process.runtime.name",
        "process.runtime.version",
        "telemetry.sdk.language",
        "http.request.method",
        "http.route",
        "rpc.service",
        "rpc.method",
        HOTTEST,
        WATCHED,
    }
)
"""Names that cross as they are."""

PATTERNS = (
    re.compile(r"k8s\.[a-z]+\.name"),
    re.compile(r"causely\.io/[a-z0-9-]{1,64}"),
)
"""Families of names: names of Kubernetes objects, and thresholds set by people."""

RELATION_ATTRIBUTES = frozenset({"mode"})
"""What a relation may carry: only what the causal model filters on."""

MAX_ID = 512
MAX_NAME = 256
MAX_VALUE = 256
MAX_WATCHED = 2_048
"""Bytes; the list of watched symptoms is longer than other values."""

MAX_SUMMARY = 16
"""Numbers that one manifestation may carry."""

SUMMARY = re.compile(r"[a-z][a-z0-9_.]{0,31}")
"""Names of summary numbers, such as ``p95``."""


def allowed(name: str, extra: Collection[str] = ()) -> bool:
    """Whether an entity attribute of this name may cross."""
    return name in ATTRIBUTES or name in extra or any(pattern.fullmatch(name) for pattern in PATTERNS)


def max_value(name: str) -> int:
    """Bytes that the value of this attribute may have."""
    return MAX_WATCHED if name == WATCHED else MAX_VALUE
