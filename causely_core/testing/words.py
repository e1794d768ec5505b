"""The words that causely itself knows, to tell a typing error from a plugin's own word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from causely_core.builtin import MODEL_FOLDER
from causely_core.causal import parse_models
from causely_core.detection.builtin import builtin_detectors
from causely_core.model import CausalModel, EntityType, RelationType
from causely_core.testing.fix import fix

ENTITY_TYPES = frozenset(map(str, EntityType))
RELATION_TYPES = frozenset(map(str, RelationType))


@cache
def core_models() -> tuple[CausalModel, ...]:
    """The causal models that come with causely, before they are merged."""
    return tuple(
        model for file in sorted(MODEL_FOLDER.glob("*.yaml")) for model in parse_models(file.read_text(), file.name)
    )


_UNJUDGED = frozenset(
    {
        "availability",
        "connection_pool.pending",
        "connection_pool.timeout_rate",
        "disk_io_duration.p50",
        "listen_overflow_rate",
        "network_received_rate",
        "network_sent_rate",
        "process_rate",
        "request_duration.avg",
        "request_duration.p50",
        "request_duration.p90",
        "request_duration.p99",
        "stuck_pods",
        "tcp_rtt.p50",
        "tcp_rtt.p95",
        "thread_count",
    }
)
"""Attributes that have a meaning and that no detector looks at."""


@cache
def known_attributes() -> frozenset[str]:
    """The observation attributes of docs/attributes.md."""
    return _UNJUDGED.union(*(detector.attributes for detector in builtin_detectors()))


def require_known(word: str, known: Iterable[str], kind: str, declare: str) -> None:
    """Fail unless ``word`` is known.

    Args:
        word: what the plugin says.
        known: to causely, or declared in the test class.
        kind: what the word is, for the message.
        declare: the attribute of the test class that declares others.
    """
    words = sorted(known)
    if word in words:
        return
    close = get_close_matches(word, words, n=1)
    meant = f"write {close[0]!r}, or " if close else ""
    fix(f"{kind} {word!r} is not known", f"{meant}declare it: `{declare} = ({word!r},)` in your test class")
