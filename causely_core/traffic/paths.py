"""Paths without routes: what takes many values at one place is an identifier, whatever it looks like.

``/carts/ann`` and ``/carts/bob`` look like names of operations until there are too many of them. The values at each
place below the same beginning are counted, and when there are more than a few, all of them become ``{id}``. The idea of
a prefix tree with a bounded fan-out is that of log parsers (He et al., *Drain*, ICWS 2017).
"""

from __future__ import annotations

from attrs import define, field

_FEW = 20
"""Values at one place that may all be names: more resources than this below one path are rare, identifiers are not."""

_MOST_PLACES = 4096
"""Places remembered; beyond, values at new places are identifiers at once."""

IDENTIFIER = "{id}"


@define
class Paths:
    """The paths of one service, as they are told.

    Attributes:
        merged: whether a place has become one of identifiers since this was last set to false: names that were given
            before may be none any more.
    """

    merged: bool = field(default=False, init=False)
    _values: dict[str, set[str]] = field(factory=dict, init=False)
    _identifiers: set[str] = field(factory=set, init=False)

    def name(self, path: str) -> str:
        """``path``, which was templated by its looks before, with ``{id}`` where there are many values."""
        before = ""
        for value in path.split("/")[1:]:
            before = f"{before}/{self._told(before, value)}"
        return before or path

    def _told(self, before: str, value: str) -> str:
        if value in (IDENTIFIER, "*", ""):
            return value
        if before in self._identifiers:
            return IDENTIFIER
        values = self._values.get(before)
        if values is None:
            if len(self._values) >= _MOST_PLACES:
                return IDENTIFIER
            values = self._values[before] = set()
        values.add(value)
        if len(values) <= _FEW:
            return value
        del self._values[before]
        self._identifiers.add(before)
        self.merged = True
        return IDENTIFIER
