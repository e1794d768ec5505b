"""The documents of a YAML text, or one line that says why it is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml.reader import ReaderError

from causely_core.causal.model_error import ModelError
from causely_core.causal.yaml_node import YamlNode


def documents(text: str, origin: str) -> list[YamlNode]:
    """Every document of ``text``, at least one.

    Raises:
        ModelError: it is not YAML, or holds nothing.
    """
    found = [YamlNode(document, origin) for document in _quickly(text) or _composed(text, origin)]
    if not found:
        raise ModelError(f"{origin}:1: no causal model; expected a mapping that begins with 'entity'")
    return found


def _quickly(text: str) -> list[yaml.Node]:
    """The documents by libyaml, ten times faster; none where it is missing or says that something is wrong.

    What is wrong is said by PyYAML itself then, which says more.
    """
    try:
        return list(_nodes(yaml.CSafeLoader(text)))
    except (AttributeError, yaml.YAMLError, RecursionError, ValueError, OverflowError):
        return []


def _nodes(loader: Any) -> Iterator[yaml.Node]:
    while document := loader.check_node() and loader.get_node():
        yield document


def _composed(text: str, origin: str) -> Iterator[yaml.Node]:
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        yield from _nodes(loader)
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise ModelError(f"{origin}:{line}: not YAML: {problem.reason}: {chr(problem.character)!r}") from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise ModelError(f"{origin}:{line}: not YAML: {problem.problem}") from problem
    except (RecursionError, ValueError, OverflowError) as problem:
        line = loader.line + 1 if loader else 1
        raise ModelError(f"{origin}:{line}: not YAML that can be read: {_why(problem)}") from problem


def _why(problem: Exception) -> str:
    return "nested too deeply" if isinstance(problem, RecursionError) else " ".join(str(problem).split())
