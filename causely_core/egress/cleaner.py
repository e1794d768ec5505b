"""Cleaning the texts of a crossing: remembered, because the same names come again and again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

from attrs import define, field

from causely_core.egress.allowlist import MAX_ID, MAX_NAME
from causely_core.egress.redact import Redacted, clean
from causely_core.egress.tally import Tally
from causely_core.model import EntityId

K = TypeVar("K")
V = TypeVar("V")

MEMORY = 524_288
"""As many texts as 150,000 entities have."""


@define(eq=False)
class Cleaner:
    """Redacts and bounds, counting into a tally.

    Attributes:
        key: of the hashes.
        ips: whether IP addresses are hidden.
        memory: texts remembered, and ids that were changed; beyond, the oldest are forgotten.
    """

    key: bytes
    ips: bool = False
    memory: int = MEMORY
    _known: OrderedDict[tuple[str, int], Redacted] = field(factory=OrderedDict, init=False)
    _originals: OrderedDict[EntityId, EntityId] = field(factory=OrderedDict, init=False)

    def text(self, text: str, tally: Tally, limit: int = MAX_NAME) -> str:
        """The text that may cross."""
        cleaned = self._known.get((text, limit))
        if cleaned is None:
            cleaned = clean(text, limit, self.key, ips=self.ips)
            self._remember(self._known, (text, limit), cleaned)
        tally.bytes += len(cleaned.text.encode())
        if cleaned.kinds:
            tally.redactions.update(cleaned.kinds)
        return cleaned.text

    def id(self, id: EntityId, tally: Tally) -> EntityId:
        """The id that may cross; :meth:`original` leads back."""
        cleaned = EntityId(self.text(id, tally, MAX_ID))
        if cleaned != id:
            self._remember(self._originals, cleaned, id)
        return cleaned

    def original(self, id: EntityId) -> EntityId:
        """The id that ``id`` was before it crossed; itself when it was not changed or is forgotten."""
        return self._originals.get(id, id)

    def _remember(self, known: OrderedDict[K, V], key: K, value: V) -> None:
        if len(known) >= self.memory:
            # Of a plain dictionary, finding the oldest takes longer with each that was forgotten.
            known.popitem(last=False)
        known[key] = value
