"""The documents of a YAML text, or one line that says why it is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import yaml
from yaml.reader import ReaderError

from causely_core.errors import ConfigError
from causely_core.yaml_lines.node import YamlNode

N = TypeVar("N", bound=YamlNode)


def documents(text: str, origin: str, kind: type[N]) -> list[N]:
    """Every document of ``text``; none where there is nothing but comments.

    Args:
        text: the file's contents.
        origin: the file's name.
        kind: of node, with the class of its errors.

    Raises:
        ConfigError: of that class; it is not YAML.
    """
    return [kind(document, origin) for document in _quickly(text) or _composed(text, origin, kind.error)]


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


def _composed(text: str, origin: str, error: type[ConfigError]) -> Iterator[yaml.Node]:
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        yield from _nodes(loader)
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise error(f"{origin}:{line}: not YAML: {problem.reason}: {chr(problem.character)!r}") from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise error(f"{origin}:{line}: not YAML: {problem.problem}") from problem
    except (RecursionError, ValueError, OverflowError) as problem:
        line = loader.line + 1 if loader else 1
        raise error(f"{origin}:{line}: not YAML that can be read: {_why(problem)}") from problem


def _why(problem: Exception) -> str:
    return "nested too deeply" if isinstance(problem, RecursionError) else " ".join(str(problem).split())
