"""Undoing what the gate hid, for whoever holds the recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from causely_core.model import Diagnosis, EntityId


def revealed(diagnosis: Diagnosis, hidden: Mapping[EntityId, EntityId]) -> Diagnosis:
    """The diagnosis with the ids as they were before the gate; ``hidden`` has them by what became of them."""
    shown: Diagnosis = _revealed(diagnosis, {id: original for id, original in hidden.items() if id != original})
    return shown


def _revealed(value: Any, hidden: Mapping[EntityId, EntityId]) -> Any:
    if not hidden:
        return value
    if isinstance(value, str):
        return hidden.get(EntityId(value), value)
    if isinstance(value, tuple):
        parts = (_revealed(each, hidden) for each in value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if attrs.has(type(value)):
        fields = (field.name for field in attrs.fields(type(value)))
        return attrs.evolve(value, **{name: _revealed(getattr(value, name), hidden) for name in fields})
    return value
