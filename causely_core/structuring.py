"""Building attrs classes out of parsed YAML, strictly."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import cattrs
from cattrs.cols import is_sequence, list_structure_factory

from causely_core.errors import ConfigError
from causely_core.interpolation import Resolved, conceal

T = TypeVar("T")


def structured(section: Mapping[str, Any], cls: type[T], where: str) -> T:
    """See :func:`causely_core.config.structure`."""
    try:
        return _converter().structure(section, cls)
    except cattrs.BaseValidationError as problem:
        faults = cattrs.transform_error(problem, path=where, format_exception=_explain)
        lines = dict.fromkeys(_place_first(conceal(fault, dict(section))) for fault in faults)
        # Not chained: what went wrong inside shows the values, which may be secrets.
        raise ConfigError(*lines) from None


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
        case LookupError():
            return str(problem.args[0])
        case _ if isinstance(expected, type) and issubclass(expected, StrEnum):
            return str(problem)
        case _:
            wanted = f"expected {getattr(expected, '__name__', expected)}, " if expected else ""
            # Validators of attrs add their own objects to the arguments; the first is the line for people.
            return f"{wanted}{problem.args[0] if problem.args else problem}"


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (str, bool):
        converter.register_structure_hook(kind, _strictly(kind))
    for number in (int, float):
        converter.register_structure_hook(number, _number(number))
    converter.register_structure_hook_factory(is_sequence, _listed)
    converter.register_structure_hook(StrEnum, _one_of)  # which that of str would be for, too
    converter.register_structure_hook(Path, lambda value, _: Path(_strictly(str)(value, str)).expanduser())
    return converter


def _one_of(value: Any, cls: type[StrEnum]) -> StrEnum:
    try:
        return cls(_usable(value))
    except ValueError:
        raise ValueError(f"expected one of {', '.join(cls)}, found {value!r}") from None


def _strictly(kind: type[Any]) -> Any:
    """YAML already typed the value: ``yes`` for a name, or 1 for a switch, is a mistake to point out."""

    def check(value: Any, _: type) -> Any:
        if not isinstance(_usable(value), kind):
            raise TypeError(f"found {value!r}")
        return kind(value)

    return check


def _listed(cls: Any, converter: cattrs.BaseConverter) -> Any:
    """Text for a list is a forgotten bracket, not a list of its letters."""
    build = list_structure_factory(cls, converter)

    def check(value: Any, kind: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise TypeError(f"found {value!r}")
        return build(value, kind)

    return check


def _number(kind: type[Any]) -> Any:
    def convert(value: Any, _: type) -> Any:
        try:
            return kind(_usable(value))
        except (TypeError, ValueError):
            raise ValueError(f"found {value!r}") from None

    return convert


def _usable(value: Any) -> Any:
    """``value``, unless it has references that stand for nothing."""
    if isinstance(value, Resolved) and value.fault:
        raise LookupError(value.fault)
    return value
