"""YAML that people write: values of the right kind, or one line that says where, what, and what would be right."""

from causely_core.yaml_lines.documents import documents
from causely_core.yaml_lines.node import YamlNode, suggestion

__all__ = ["YamlNode", "documents", "suggestion"]
