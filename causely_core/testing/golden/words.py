"""Names whose values are secrets, wherever they stand: in headers, queries, forms and JSON."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"(authori[sz]ation|cookie|passw|secret|token|signature|credential|api_?key|access_?key|account_?key|private_?key"
    r"|subscription_?key|session_?id|assertion)|^(sig|pwd)$"
)
_PARAMETERS = frozenset({"code", "key"})
"""Secrets in queries and forms, and usual words in bodies."""
_OF_PAGES = re.compile(r"(next|page|continu\w*|skip|start\w*|sync|resume)_?token|token_?type|max_?token")


def is_secret_parameter(name: str) -> bool:
    """Whether values of this name are scrubbed where they stand in a query or a form."""
    return name.lower() in _PARAMETERS or is_secret(name)


def is_secret(name: str) -> bool:
    """Whether values of this name are scrubbed. Tokens of pages are none: who pages needs them."""
    plain = re.sub(r"[-.$]", "_", name).lower()
    return bool(_SECRET.search(plain)) and not _OF_PAGES.search(plain)
