"""The bounds that every message keeps, and the one line that says which one it broke.

The bounds are wider than the egress gate's, so that whatever the gate lets through is well-formed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

from causely_core.model import EntityId
from causely_core.wire.errors import WireError

MAX_ID = 512
"""Bytes of an entity id (proto/causely/v1/topology.proto)."""
MAX_TEXT = 4096
"""Bytes of any other string."""
MAX_ENTRIES = 128
"""Entries of one map: attributes, parameters, summary numbers."""
MAX_UINT64 = 2**64 - 1

_SHOWN = 60
V = TypeVar("V")


def text(where: str, value: str, *, required: bool = False, limit: int = MAX_TEXT) -> str:
    """``value`` if it is valid Unicode of at most ``limit`` bytes and, when required, not empty."""
    if required and not value:
        raise WireError(f"{where}: empty, expected a name")
    # A character takes at most four bytes: most strings need no encoding to be known short enough.
    if (len(value) * 4 > limit or not value.isascii()) and _size(where, value) > limit:
        raise WireError(f"{where}: {_shown(value)} is {_size(where, value)} bytes, at most {limit} are allowed")
    return value


def entity_id(where: str, value: str, type: str = "") -> EntityId:
    """``value`` if it reads ``<type>:<key>``, of the given ``type`` when there is one."""
    text(where, value, required=True, limit=MAX_ID)
    prefix, colon, key = value.partition(":")
    if not (prefix and colon and key):
        raise WireError(f"{where}: {_shown(value)} is no entity id, expected <type>:<key>")
    if type and prefix != type:
        raise WireError(f"{where}: {_shown(value)} is not of type {_shown(type)}, expected {_shown(type + ':' + key)}")
    return EntityId(value)


def finite(where: str, value: float) -> float:
    """``value`` if it is neither NaN nor infinite."""
    if not math.isfinite(value):
        raise WireError(f"{where}: {value}, expected a finite number")
    return value


def share(where: str, value: float) -> float:
    """``value`` if it lies in 0..1."""
    if not 0.0 <= value <= 1.0:
        raise WireError(f"{where}: {value}, expected a number from 0 to 1")
    return value


def count(where: str, value: int, limit: int = MAX_UINT64) -> int:
    """``value`` if it is an integer in 0..limit."""
    if not 0 <= value <= limit:
        raise WireError(f"{where}: {value}, expected an integer from 0 to {limit}")
    return value


def texts(where: str, values: Mapping[str, str]) -> dict[str, str]:
    """A bounded map of strings, as a plain dictionary."""
    entries = dict(_bounded(where, values))
    for key, value in entries.items():
        text(where, key, required=True, limit=MAX_ID)
        text(where, value)
    return entries


def numbers(where: str, values: Mapping[str, float]) -> dict[str, float]:
    """A bounded map of finite numbers, as a plain dictionary."""
    entries = dict(_bounded(where, values))
    for key, value in entries.items():
        text(where, key, required=True, limit=MAX_ID)
        finite(f"{where}[{_shown(key)}]", value)
    return entries


def _bounded(where: str, values: Mapping[str, V]) -> Mapping[str, V]:
    if len(values) > MAX_ENTRIES:
        raise WireError(f"{where}: {len(values)} entries, at most {MAX_ENTRIES} are allowed")
    return values


def _size(where: str, value: str) -> int:
    try:
        return len(value.encode())
    except UnicodeEncodeError:
        raise WireError(f"{where}: {_shown(value)} is not valid Unicode, expected no lone surrogates") from None


def _shown(value: str) -> str:
    return ascii(value if len(value) <= _SHOWN else value[:_SHOWN] + "...")
