"""YAML that knows its lines: each complaint says where."""

from __future__ import annotations

import math
from collections.abc import Iterable
from difflib import get_close_matches

import yaml
from attrs import frozen

from causely_plugin_prometheus.errors import MappingError


@frozen
class Node:
    """A value in a YAML file. Reading it as what it is not raises :class:`MappingError`.

    Attributes:
        value: as PyYAML has it.
        origin: the file's name.
        line: of it, or of its key, from 1.
    """

    value: yaml.Node
    origin: str
    line: int

    @classmethod
    def read(cls, text: str, origin: str) -> Node:
        """The one document of a text.

        Raises:
            MappingError: it is not YAML, or not one document.
        """
        try:
            found = yaml.compose(text, yaml.SafeLoader)
        except yaml.MarkedYAMLError as problem:
            line = problem.problem_mark.line + 1 if problem.problem_mark else 1
            raise MappingError(f"{origin}:{line}: not YAML: {problem.problem or problem.context}") from problem
        except (yaml.YAMLError, RecursionError, ValueError) as problem:
            raise MappingError(f"{origin}:1: not YAML: {' '.join(str(problem).split())}") from problem
        if found is None:
            raise MappingError(f"{origin}:1: empty; expected a mapping with 'rules'")
        return cls(found, origin, 1)

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.origin}:{self.line}"

    def wrong(self, problem: str) -> MappingError:
        """The error that says so, of this place."""
        return MappingError(f"{self.place}: {problem}")

    def entries(self) -> dict[str, Node]:
        """Its entries by key, in order."""
        if not isinstance(self.value, yaml.MappingNode):
            raise self.wrong(f"expected a mapping, found {self._found()}")
        entries: dict[str, Node] = {}
        for key, value in self.value.value:
            at = Node(key, self.origin, key.start_mark.line + 1)
            if (name := at.text()) in entries:
                raise at.wrong(f"{name!r} is there twice")
            entries[name] = Node(value, self.origin, at.line)
        return entries

    def fields(self, needed: Iterable[str], others: Iterable[str] = ()) -> dict[str, Node]:
        """Its entries: all that are needed, and none that are not known."""
        entries, needed = self.entries(), tuple(needed)
        known = (*needed, *others)
        for name, entry in entries.items():
            if name not in known:
                raise entry.wrong(f"unknown key {name!r}, {nearest(name, known)}")
        for name in needed:
            if name not in entries:
                raise self.wrong(f"{name!r} is missing")
        return entries

    def items(self) -> list[Node]:
        """The items of a list that has some."""
        if not isinstance(self.value, yaml.SequenceNode) or not self.value.value:
            raise self.wrong(f"expected a list of one or more, found {self._found()}")
        return [Node(item, self.origin, item.start_mark.line + 1) for item in self.value.value]

    def one_or_more(self) -> list[Node]:
        """The items of a list, or itself alone."""
        return self.items() if isinstance(self.value, yaml.SequenceNode) else [self]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, yaml.ScalarNode) or self.value.tag.endswith(":null"):
            raise self.wrong(f"expected a text, found {self._found()}")
        if not (text := str(self.value.value).strip()):
            raise self.wrong("expected a text, found an empty one")
        return text

    def choice(self, known: Iterable[str]) -> str:
        """One of some texts."""
        text, choices = self.text(), tuple(known)
        if text not in choices:
            raise self.wrong(f"{text!r} is not known, {nearest(text, choices)}")
        return text

    def number(self) -> float:
        """A number that is finite."""
        try:
            number = float(self.text())
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.wrong(f"expected a number, found {self._found()}")
        return number

    def _found(self) -> str:
        if isinstance(self.value, yaml.ScalarNode):
            return repr(self.value.value) if self.value.value else "nothing"
        return "an empty list" if not self.value.value else "a list or mapping"


def nearest(name: str, known: Iterable[str]) -> str:
    """What was probably meant."""
    choices = tuple(known)
    close = get_close_matches(name, choices, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(choices)}"
