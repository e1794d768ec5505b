"""Typed values out of YAML nodes, with the line in every complaint."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import yaml
from attrs import field, frozen

from causely_core.causal.model_error import ModelError

_NULL = "tag:yaml.org,2002:null"
_NAME = re.compile(r"[^\W\d][\w.-]*")


@frozen
class YamlNode:
    """One node of a YAML file and the name of the file it is from.

    Every reading method raises :class:`ModelError` when the node is not what is asked for.

    Attributes:
        line: where a person would look for it: the line of its key, else its own first line; from 1.
    """

    node: yaml.Node
    origin: str
    line: int = field()

    @line.default
    def _first_line(self) -> int:
        return int(self.node.start_mark.line) + 1

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.origin}:{self.line}"

    def wrong(self, problem: str) -> ModelError:
        """The error that says ``problem`` is at this node."""
        return ModelError(f"{self.place}: {problem}")

    def mapping(self) -> dict[str, YamlNode]:
        """Its entries in order; keys are texts and none repeats."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong(f"expected a mapping of names to values, got {self._said()}")
        entries: dict[str, YamlNode] = {}
        for key, value in self.node.value:
            at = YamlNode(key, self.origin)
            name = at.text()
            if name in entries:
                raise at.wrong(f"{name!r} is given twice")
            entries[name] = YamlNode(value, self.origin, at.line)
        return entries

    def named(self) -> dict[str, YamlNode]:
        """Its entries in order; keys are names."""
        for key, _ in self.node.value if isinstance(self.node, yaml.MappingNode) else ():
            YamlNode(key, self.origin).name()
        return self.mapping()

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, YamlNode]:
        """Its entries, which must have all ``required`` keys and none besides these and ``optional``."""
        entries = self.mapping()
        known = [*required, *optional]
        for name, entry in entries.items():
            if name not in known:
                raise entry.wrong(f"unknown key {name!r}, {suggestion(name, known)}")
        missing = [name for name in required if name not in entries]
        if missing:
            raise self.wrong(f"{missing[0]!r} is missing")
        return entries

    def items(self) -> list[YamlNode]:
        """The items of a list, in order."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong(f"expected a list, got {self._said()}")
        return [YamlNode(item, self.origin) for item in self.node.value]

    def text(self) -> str:
        """A scalar that is not empty, as text."""
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag == _NULL or not self.node.value.strip():
            raise self.wrong(f"expected a text, got {self._said()}")
        return str(self.node.value).strip()

    def name(self) -> str:
        """A text that can name a type, relation, state or cause: identifiers are made of them."""
        text = self.text()
        if not _NAME.fullmatch(text):
            raise self.wrong(f"expected a name of letters, digits, '_', '-' and '.', got {text!r}")
        return text

    def choice(self, choices: Iterable[str]) -> str:
        """A text that is one of ``choices``."""
        text, known = self.text(), list(choices)
        if text not in known:
            raise self.wrong(f"{text!r} is not known, {suggestion(text, known)}")
        return text

    def probability(self) -> float:
        """A number above 0 and below 1; certainty would make single facts outweigh all others."""
        text = self.text()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0.0 < number < 1.0:
            raise self.wrong(f"expected a probability above 0 and below 1, got {text!r}")
        return number

    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def _said(self) -> str:
        if isinstance(self.node, yaml.ScalarNode):
            return repr(self.node.value) if self.node.value and self.node.tag != _NULL else "nothing"
        return "a list" if self.is_list() else "a mapping"


def suggestion(name: str, known: Iterable[str]) -> str:
    """What may have been meant by ``name``: the closest of ``known``, or all of them."""
    choices = list(known)
    close = get_close_matches(name, choices, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(choices) or 'none'}"
