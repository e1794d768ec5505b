"""Typed values out of YAML nodes, with the line in every complaint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import yaml
from attrs import frozen

from causely_core.causal.model_error import ModelError

_NULL = "tag:yaml.org,2002:null"


@frozen
class YamlNode:
    """One node of a YAML file and the name of the file it is from.

    Every reading method raises :class:`ModelError` when the node is not what is asked for.
    """

    node: yaml.Node
    origin: str

    def wrong(self, problem: str) -> ModelError:
        """The error that says ``problem`` is at this node."""
        return ModelError(f"{self.origin}:{self.node.start_mark.line + 1}: {problem}")

    def mapping(self) -> dict[str, YamlNode]:
        """Its entries in order; keys are texts and none repeats."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong(f"expected a mapping of names to values, got {self._said()}")
        entries: dict[str, YamlNode] = {}
        for key, value in self.node.value:
            name = YamlNode(key, self.origin).text()
            if name in entries:
                raise YamlNode(key, self.origin).wrong(f"{name!r} is given twice")
            entries[name] = YamlNode(value, self.origin)
        return entries

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, YamlNode]:
        """Its entries, which must have all ``required`` keys and none besides these and ``optional``."""
        entries = self.mapping()
        known = [*required, *optional]
        for name, (key, _) in zip(entries, self.node.value, strict=True):
            if name not in known:
                raise YamlNode(key, self.origin).wrong(f"unknown key {name!r}, {suggestion(name, known)}")
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

    def texts(self) -> list[str]:
        """A text, or a list of texts that is not empty."""
        if not isinstance(self.node, yaml.SequenceNode):
            return [self.text()]
        if not self.node.value:
            raise self.wrong("expected a text or a list of texts, got an empty list")
        return [item.text() for item in self.items()]

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

    def _said(self) -> str:
        if isinstance(self.node, yaml.ScalarNode):
            return repr(self.node.value) if self.node.value and self.node.tag != _NULL else "nothing"
        return "a list" if isinstance(self.node, yaml.SequenceNode) else "a mapping"


def suggestion(name: str, known: Iterable[str]) -> str:
    """What may have been meant by ``name``: the closest of ``known``, or all of them."""
    choices = list(known)
    close = get_close_matches(name, choices, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(choices)}"
