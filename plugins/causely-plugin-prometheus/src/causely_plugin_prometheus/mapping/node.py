"""Nodes of the YAML of mappings."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from causely_core.errors import ConfigError
from causely_core.yaml_lines import YamlNode, documents
from causely_plugin_prometheus.errors import MappingError


@frozen
class Node(YamlNode):
    """One node of a mapping's file; reading it as what it is not raises :class:`MappingError`."""

    error: ClassVar[type[ConfigError]] = MappingError


def read(text: str, origin: str) -> Node:
    """The one document of a text.

    Raises:
        MappingError: it is not YAML, or not one document.
    """
    nodes = documents(text, origin, Node)
    if len(nodes) != 1:
        found = f"{len(nodes)} documents" if nodes else "empty"
        raise MappingError(f"{origin}:1: {found}; expected one mapping with 'rules' or 'alerts'")
    return nodes[0]
