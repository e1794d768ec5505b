"""What to call an entity of which only the id is at hand."""

from __future__ import annotations

from causely_core.model.entity import EntityId, EntityType

_TYPES = frozenset(map(str, EntityType))


def entity_name(id: EntityId, type: str = "") -> str:
    """The key in ``<type>:<key>``; the whole id when it was not made so: in recorded incidents it is any text.

    Args:
        id: the entity's.
        type: the entity's type; when it is not known, only the core's own types count as one.
    """
    before, _, key = id.partition(":")
    made_so = before == type if type else before in _TYPES
    return key if key and made_so else id
