"""Turning parsed YAML into typed configuration, with errors that name the path of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import cattrs
import yaml

from causely_core.errors import ConfigError

T = TypeVar("T")


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; an empty file is an empty mapping.

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
    return content


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
    try:
        return _converter().structure(section, cls)
    except cattrs.BaseValidationError as problem:
        faults = cattrs.transform_error(problem, path=where, format_exception=_explain)
        raise ConfigError("; ".join(dict.fromkeys(map(_place_first, faults)))) from problem


def _place_first(fault: str) -> str:
    """What cattrs writes as ``message @ path``, place first: people look for the place first."""
    message, _, path = fault.rpartition(" @ ")
    return f"{path}: {message}"


def _explain(problem: BaseException, expected: type | None) -> str:
    match problem:
        case cattrs.ForbiddenExtraKeysError():
            unknown = ", ".join(sorted(problem.extra_fields))
            known = ", ".join(sorted(attribute.name for attribute in problem.cl.__attrs_attrs__))  # type: ignore[attr-defined]
            return f"unknown key {unknown}; known are {known}"
        case KeyError():
            return f"missing key {problem}"
        case _:
            wanted = f"expected {getattr(expected, '__name__', expected)}, " if expected else ""
            # Validators of attrs add their own objects to the arguments; the first is the line for people.
            return f"{wanted}{problem.args[0] if problem.args else problem}"


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (str, bool):
        converter.register_structure_hook(kind, _strictly(kind))
    converter.register_structure_hook(Path, lambda value, _: Path(_strictly(str)(value, str)).expanduser())
    return converter


def _strictly(kind: type[Any]) -> Any:
    """YAML already typed the value: ``yes`` for a name, or 1 for a switch, is a mistake to point out."""

    def check(value: Any, _: type) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"found {value!r}")
        return value

    return check
