"""Docstrings as Markdown: what they have of reStructuredText is said in Markdown's words."""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":\w+:`~?([^`]+)`")
LITERAL = re.compile(r"::(?=\n\n )")


class Roles(griffe.Extension):
    """Reads ``:class:`Entity``` as code, and ``::`` before a block of code as a colon."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of everything that has one."""
        if obj.docstring:
            obj.docstring.value = LITERAL.sub(":", ROLE.sub(r"`\1`", obj.docstring.value))
