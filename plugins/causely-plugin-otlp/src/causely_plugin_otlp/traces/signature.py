"""Signatures: the few attributes of a span that decide on its fate, found with set operations alone.

Nearly all attributes repeat byte for byte from span to span. Each serialized attribute is therefore looked
into once, and afterwards recognised as a whole; only values never seen before cost Python code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set

from causely_plugin_otlp.attributes import key_of

MAX_KNOWN = 8192
MAX_BYTES = 512
"""Longer attributes do not decide on anything."""
MAX_VALUES = 64
"""So many values of an unwanted key are remembered; more are looked into each time."""


class Signatures:
    """Picks the attributes with wanted keys out of a span's attributes."""

    def __init__(self, keys: Set[bytes]) -> None:
        self._keys = keys
        self._known: set[bytes] = set()
        self._wanted: set[bytes] = set()
        self._values: Counter[bytes] = Counter()

    def of(self, attributes: frozenset[bytes]) -> frozenset[bytes]:
        """The wanted ones of serialized attributes, comparable from span to span."""
        new = attributes - self._known
        if new:
            self._learn(new if len(self._known) < MAX_KNOWN else self._forget(attributes))
        return attributes & self._wanted

    def _learn(self, new: frozenset[bytes]) -> None:
        for attribute in new:
            if len(attribute) > MAX_BYTES:
                continue
            key = key_of(attribute)
            if key in self._keys:
                self._wanted.add(attribute)
                self._known.add(attribute)
            elif self._values[key] < MAX_VALUES:
                self._values[key] += 1
                self._known.add(attribute)

    def _forget(self, attributes: frozenset[bytes]) -> frozenset[bytes]:
        self._known.clear()
        self._wanted.clear()
        self._values.clear()
        return attributes
