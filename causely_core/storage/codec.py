"""Model objects as JSON-ready values and back, for columns that are only ever read whole."""

from __future__ import annotations

from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

from causely_core.model import SymptomKey

T = TypeVar("T")

_converter = make_converter()
_converter.register_unstructure_hook(SymptomKey, list)
_converter.register_structure_hook(SymptomKey, lambda pair, _: SymptomKey(*pair))


def encode(value: object) -> Any:
    """``value``, an attrs object, as dictionaries, lists, strings and numbers."""
    return _converter.unstructure(value)


def decode(value: Any, cls: type[T]) -> T:
    """What :func:`encode` made of a ``cls``."""
    return _converter.structure(value, cls)
