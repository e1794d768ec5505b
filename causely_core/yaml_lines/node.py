"""Typed values out of YAML nodes, with the line in every complaint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import ClassVar, Self

import yaml
from attrs import field, frozen

from causely_core.errors import ConfigError

_NULL = "tag:yaml.org,2002:null"


@frozen
class YamlNode:
    """One node of a YAML file and the name of the file it is from.

    Every reading method raises an error of the class ``error`` when the node is not what is asked for. Whoever wants
    errors of a class of their own, or kinds of values of their own, inherits it.

    Attributes:
        node: as PyYAML has it.
        origin: the file's name.
        line: where a person would look for it: the line of its key, else its own first line; from 1.
    """

    error: ClassVar[type[ConfigError]] = ConfigError

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

    def wrong(self, problem: str) -> ConfigError:
        """The error that says ``problem`` is at this node."""
        return self.error(f"{self.place}: {problem}")

    def mapping(self) -> dict[str, Self]:
        """Its entries in order; keys are texts and none repeats."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong(f"expected a mapping of names to values, got {self._said()}")
        entries: dict[str, Self] = {}
        for key, value in self.node.value:
            at = type(self)(key, self.origin)
            name = at.text()
            if name in entries:
                raise at.wrong(f"{name!r} is given twice")
            entries[name] = type(self)(value, self.origin, at.line)
        return entries

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Self]:
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

    def items(self) -> list[Self]:
        """The items of a list, in order."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong(f"expected a list, got {self._said()}")
        return [type(self)(item, self.origin) for item in self.node.value]

    def some(self) -> list[Self]:
        """The items of a list that has some, in order."""
        if not (items := self.items()):
            raise self.wrong("expected a list of one or more, got an empty list")
        return items

    def one_or_more(self) -> list[Self]:
        """The items of a list that has some, or the node alone."""
        return self.some() if self.is_list() else [self]

    def number(self) -> float:
        """A number that is finite."""
        text = self.text()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.wrong(f"expected a number, got {text!r}")
        return number

    def text(self) -> str:
        """A scalar that is not empty, as text."""
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag == _NULL or not self.node.value.strip():
            raise self.wrong(f"expected a text, got {self._said()}")
        return str(self.node.value).strip()

    def choice(self, choices: Iterable[str]) -> str:
        """A text that is one of ``choices``."""
        text, known = self.text(), list(choices)
        if text not in known:
            raise self.wrong(f"{text!r} is not known, {suggestion(text, known)}")
        return text

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
