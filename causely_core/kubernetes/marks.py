"""What people say of an object for causely, by labels and annotations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CAUSELY = "causely.io/"
"""Labels and annotations with this prefix are for causely: thresholds, and whether to ignore an object."""

_IGNORE = f"{_CAUSELY}ignore"
"""Label or annotation: with ``true`` the object is left out."""


def marks(metadata: Mapping[str, Any]) -> dict[str, str]:
    """What is said of the object with this metadata; an annotation wins over a label."""
    said = {**(metadata.get("labels") or {}), **(metadata.get("annotations") or {})}
    return {name: value for name, value in said.items() if name.startswith(_CAUSELY)}


def ignored(marks: Mapping[str, str]) -> bool:
    """Whether people have said that an object with these marks is to be left out."""
    return marks.get(_IGNORE) == "true"
