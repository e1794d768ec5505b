"""Templates: texts with the values of labels in them."""

from __future__ import annotations

import re

from attrs import frozen

from causely_plugin_prometheus.vector import Labels

_PART = re.compile(r"\{([^{}]*)\}|([^{}]+)|[{}]")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@frozen
class Template:
    """A text such as ``{namespace}/{pod}``; ``{server|instance}`` is the first of these labels that a series has.

    Attributes:
        text: as it is written.
        parts: a text as it is, or the labels of which one takes its place.
        otherwise: what counts for a series that lacks one of the labels.
    """

    text: str
    parts: tuple[str | tuple[str, ...], ...]
    otherwise: Template | None = None

    @classmethod
    def of(cls, text: str) -> Template:
        """Read a template.

        Raises:
            ValueError: it is none.
        """
        return cls(text, tuple(_part(found, text) for found in _PART.finditer(text)))

    def fill(self, labels: Labels) -> str:
        """The text for a series; empty when one of its labels is lacking, otherwise, too."""
        filled = [part if isinstance(part, str) else _first(part, labels) for part in self.parts]
        if all(filled):
            return "".join(filled)
        return self.otherwise.fill(labels) if self.otherwise else ""


def _first(names: tuple[str, ...], labels: Labels) -> str:
    return next((labels[name] for name in names if labels.get(name)), "")


def _part(found: re.Match[str], text: str) -> str | tuple[str, ...]:
    if found[2]:
        return found[2]
    names = tuple((found[1] or "").split("|"))
    if not all(_LABEL.fullmatch(name) for name in names):
        raise ValueError(f"expected labels in braces, such as {{pod}} or {{server|instance}}, found {text!r}")
    return names
