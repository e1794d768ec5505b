"""Carriers: the hidden states that walk a path, one on each type on the way; people see the path instead."""

from __future__ import annotations

_MARK = ">"
"""No name in a model file has it."""


def carrier_name(entity_type: str, state: str, way: str, number: int) -> str:
    """The hidden state that carries ``state`` of ``entity_type`` after ``number`` steps of ``way``.

    The whole way is part of it, so that two paths over the same types never mix.
    """
    return f"{entity_type}.{state}{_MARK}{way}:{number}"


def is_carrier(state: str) -> bool:
    """Whether ``state`` exists for a path only, and is not to be shown to people."""
    return _MARK in state
