"""Masking: what varies from one log line to the next of the same kind, by a placeholder."""

from __future__ import annotations

import re
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]

WILDCARD = "<*>"
MAX_TEXT = 400
"""Characters of a message that are looked at; they tell what it is about."""
MAX_TOKENS = 40

_VARIABLE = re.compile(
    r"""
      "[^"\n]{0,200}"                                          # quoted
    | (?<!\w)'[^'\n]{0,200}'(?!\w)                             # quoted, and not an apostrophe
    | [0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}     # UUID
    | \b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b           # IPv6
    | \b\w[\w.+-]*@\w[\w.-]*                                   # mail addresses
    | \b0[xX][0-9a-fA-F]+\b
    | \b(?=[a-fA-F]*\d)[0-9a-fA-F]{6,}\b                       # hexadecimal
    | (?<!\w)[+-]?\d(?:[\w.,:+-]*\w)?                           # numbers, times, IPv4 addresses, 12ms
    """,
    re.VERBOSE,
)


def words_of(message: str) -> Words:
    """The words of a message's first line with content, variable parts masked; none of an empty message."""
    line = message[:MAX_TEXT].strip().partition("\n")[0]
    return tuple(map(_whole, _VARIABLE.sub(WILDCARD, line).split()[:MAX_TOKENS]))


def _whole(token: str) -> str:
    """A token that still holds digits (``worker7``) is variable as a whole."""
    return WILDCARD if any(map(str.isdigit, token)) else token
