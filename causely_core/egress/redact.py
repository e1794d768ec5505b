"""Redaction: personal data and secrets in a text give way to ``[kind~hash]``. Pure.

The hash is keyed (HMAC-SHA-256, 40 bits shown): the same text always looks the same, so that relations
still meet and symptoms still match after a restart, two texts look different, and without the key nobody can
tell by trial what it was.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter

from attrs import field, frozen

from causely_core.egress.patterns import IPS, PATTERNS, Pattern

_HEX_DIGITS = 10
_HIDDEN = re.compile(r"(\[[a-z]+~[0-9a-f]{10}\])")


@frozen
class Redacted:
    """The text that may cross, and how many pieces of each kind were hidden; ``cut`` is for too long ones."""

    text: str
    kinds: Counter[str] = field(factory=Counter)


def redact(text: str, key: bytes, *, ips: bool = False) -> Redacted:
    """Hide what looks like personal data or a secret; what was hidden before stays as it is."""
    kinds: Counter[str] = Counter()
    for pattern in (*PATTERNS, *IPS) if ips else PATTERNS:
        if len(text) >= pattern.shortest and _marked(text, pattern.marker):
            text = _hide(text, pattern, key, kinds)
    return Redacted(text, kinds)


def bound(text: str, limit: int, key: bytes) -> Redacted:
    """Cut to ``limit`` bytes of UTF-8, ending in a hash of the whole, so that cut texts stay different."""
    encoded = text.encode(errors="replace")
    if len(encoded) <= limit:
        return Redacted(encoded.decode())
    suffix = "~" + digest(text, key)
    head = encoded[: limit - len(suffix)].decode(errors="ignore")
    return Redacted(head + suffix, Counter({"cut": 1}))


def clean(text: str, limit: int, key: bytes, *, ips: bool = False) -> Redacted:
    """Redact, then bound."""
    redacted = redact(text, key, ips=ips)
    bounded = bound(redacted.text, limit, key)
    if not bounded.kinds:
        return Redacted(bounded.text, redacted.kinds)
    return Redacted(bounded.text, redacted.kinds + bounded.kinds)


def digest(text: str, key: bytes) -> str:
    """Ten hexadecimal digits that stand for ``text``."""
    return hmac.new(key, text.encode(errors="replace"), hashlib.sha256).hexdigest()[:_HEX_DIGITS]


def _marked(text: str, marker: str) -> bool:
    return not marker or any(character in text for character in marker)


def _hide(text: str, pattern: Pattern, key: bytes, kinds: Counter[str]) -> str:
    """Hide what matches outside of what was hidden before."""

    def placeholder(match: re.Match[str]) -> str:
        group = "hide" if "hide" in pattern.expression.groupindex else 0
        secret = match[group]
        if not pattern.confirm(secret):
            return match[0]
        kinds[pattern.kind] += 1
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return f"{match[0][:start]}[{pattern.kind}~{digest(secret, key)}]{match[0][end:]}"

    if "~" not in text:
        return pattern.expression.sub(placeholder, text)
    parts = _HIDDEN.split(text)
    return "".join(part if _HIDDEN.fullmatch(part) else pattern.expression.sub(placeholder, part) for part in parts)
