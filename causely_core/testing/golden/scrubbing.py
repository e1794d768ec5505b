"""Taking secrets and addresses of people out of what is recorded. Pure.

What they look like is told by the patterns of the egress gate, and by the names of values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import define, field

from causely_core.egress.patterns import PATTERNS, Pattern
from causely_core.testing.golden.words import is_secret, is_secret_parameter

SCRUBBED = "SCRUBBED"
SIGNED = re.compile(r"AWS4-HMAC-SHA256\s+Credential=.*")
"""The header by which requests to AWS are signed, wherever it is repeated."""
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL)
_GOOGLE = re.compile(r"\b(?:AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z._-]{10,})")
_AZURE = re.compile(r"(?i)\b(?:AccountKey|SharedAccessSignature|SharedAccessKey)\s*=\s*[^;\s\"']+")
_AWS = re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")
_ALWAYS = (SIGNED, _KEY, _GOOGLE, _AZURE, _AWS)
_SURE = tuple(pattern for pattern in PATTERNS if pattern.marker and pattern.kind != "query")
"""Patterns of which a match is a secret or a person."""
_GUESSES = tuple(pattern for pattern in PATTERNS if pattern.kind == "secret" and not pattern.marker)
"""Patterns of what may be a secret, by its looks."""


@define(eq=False)
class Scrubber:
    """What is scrubbed.

    Attributes:
        secrets: regular expressions of more that is.
        harmless: regular expressions of what looks like a secret and is none.
    """

    secrets: list[str] = field(factory=list)
    harmless: list[str] = field(factory=list)

    def text(self, text: str) -> str:
        """The text without what is known to be a secret or the address of a person."""
        for expression in (*_ALWAYS, *map(re.compile, self.secrets)):
            text = expression.sub(SCRUBBED, text)
        for pattern in _SURE:
            text = _replace(pattern, text, self._is_harmless)
        return text

    def named(self, name: str, value: str) -> str:
        """The value that belongs to a name: of a header, or in a query or form."""
        return SCRUBBED if is_secret_parameter(name) else self.text(value)

    def tree(self, value: Any) -> Any:
        """JSON, in which names and texts are looked at."""
        if isinstance(value, dict):
            return {name: self._member(name, each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.tree(each) for each in value]
        return self.text(value) if isinstance(value, str) else value

    def data(self, data: bytes) -> bytes:
        """Bytes, in which each of ``secrets`` gives way to as many letters: what tells lengths stays true."""
        text = data.decode("latin-1")
        for expression in self.secrets:
            text = re.sub(expression, lambda match: "x" * len(match[0]), text)
        return text.encode("latin-1")

    def suspicious(self, text: str) -> list[str]:
        """What looks like a secret or a person in a text that was scrubbed."""
        known = [match[0] for expression in _ALWAYS for match in expression.finditer(text)]
        found = [*known, *_matches((*_SURE, *_GUESSES), text)]
        return [each for each in found if not self._is_harmless(each)]

    def _member(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._member(name, each) for each in value]
        return SCRUBBED if isinstance(value, str) and is_secret(name) else self.tree(value)

    def _is_harmless(self, text: str) -> bool:
        return SCRUBBED in text or any(re.search(expression, text) for expression in self.harmless)


def _matches(patterns: Iterable[Pattern], text: str) -> Iterator[str]:
    for pattern in patterns:
        for match in pattern.expression.finditer(text):
            found = match["hide" if "hide" in pattern.expression.groupindex else 0]
            if pattern.confirm(found):
                yield found


def _replace(pattern: Pattern, text: str, spared: Callable[[str], bool]) -> str:
    for found in set(_matches((pattern,), text)):
        if not spared(found):
            text = text.replace(found, SCRUBBED)
    return text
