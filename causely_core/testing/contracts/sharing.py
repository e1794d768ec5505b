"""What two plugin objects share though each should have its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

MUTABLE = (list, dict, set, bytearray)


@frozen
class Held:
    """What some objects are and hold.

    Attributes:
        objects: their ids, without those that are frozen: these may be shared.
        sizes: id of each mutable value that they hold to its size now.
    """

    objects: frozenset[int]
    sizes: dict[int, int]

    @classmethod
    def by(cls, things: Iterable[Any]) -> Held:
        """What ``things`` are and hold now."""
        known = list(things)
        sizes = {
            id(value): len(value) for each in known for value in attributes_of(each).values() if _is_mutable(value)
        }
        return cls(frozenset(id(each) for each in known if not _is_frozen(each)), sizes)

    def shared(self, others: Iterable[Any]) -> Iterator[str]:
        """What of it others are or hold. Values that are full and stay as they are, are taken for constants."""
        for thing in others:
            if id(thing) in self.objects:
                yield f"one {type(thing).__name__}"
                continue
            for name, value in attributes_of(thing).items():
                before = self.sizes.get(id(value))
                if before is not None and (before == 0 or before != len(value)):
                    yield f"{type(thing).__name__}.{name}"


def attributes_of(thing: Any) -> dict[str, Any]:
    """Attributes of an object by name, and those of its class that can be changed."""
    classes = type(thing).__mro__
    of_class = {name: value for each in reversed(classes) for name, value in vars(each).items() if _is_mutable(value)}
    names = {*getattr(thing, "__dict__", ()), *(name for each in classes for name in _slots(each))}
    own = {name: getattr(thing, name) for name in sorted(names) if hasattr(thing, name)}
    return {name: value for name, value in {**of_class, **own}.items() if not name.startswith("__")}


def _is_mutable(value: Any) -> bool:
    return isinstance(value, MUTABLE)


def _slots(cls: type) -> Iterable[str]:
    slots = vars(cls).get("__slots__", ())
    return [slots] if isinstance(slots, str) else slots


def _is_frozen(thing: Any) -> bool:
    name, value = next(iter(attributes_of(thing).items()), ("", None))
    try:
        setattr(thing, name, value)
    except AttributeError:  # which attrs and dataclasses raise where nothing can be set
        return True
    return False
