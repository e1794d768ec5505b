"""Turning parsed YAML into typed configuration, with errors that name the path of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import yaml

from causely_core.errors import ConfigError
from causely_core.interpolation import resolve

T = TypeVar("T")


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file, with references resolved; an empty file is an empty mapping.

    Raises:
        ConfigError: the file cannot be read, is not YAML, or is not a mapping.
    """
    try:
        content = yaml.safe_load(path.read_text()) or {}
    except OSError as problem:
        raise ConfigError(f"{path}: cannot be read: {problem.strerror}") from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(problem).split())}") from problem
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: expected a mapping of sections, found {type(content).__name__}")
    resolved: dict[str, Any] = resolve(content)
    return resolved


def structure(section: Mapping[str, Any], cls: type[T], where: str) -> T:
    """Build ``cls`` (an attrs class) from ``section``.

    Args:
        section: parsed YAML.
        cls: attrs class whose attributes all have types.
        where: the path of the section, put before each error (``causely.yaml: plugins.otlp``).

    Raises:
        ConfigError: a key is unknown, or a value has the wrong type or fails its validator.
    """
    if not hasattr(cls, "__attrs_attrs__"):
        raise ConfigError(f"{where}: {cls!r} is not an attrs class")
    if not section:
        with suppress(Exception):  # what is wrong with the class is told below
            return cls()
    from causely_core.structuring import structured  # takes a while to import, and few plugins are configured

    return structured(section, cls, where)
