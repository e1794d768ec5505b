"""The configuration class of a plugin: wrong sections are refused, with the path of what is wrong."""

from __future__ import annotations

import inspect
from typing import Any

import attrs

from causely_core.config import structure
from causely_core.errors import ConfigError
from causely_core.testing.fix import fix, require

WHERE = "plugins.tested"

WRONG = ({"no": {"such": "value"}}, [{"no": {"such": "value"}}], "no such value", object())
"""Values of which at least one fits no type that a configuration has."""


def check_configuration(plugin: Any) -> None:
    """Fail unless the plugin's class, where it has one, has types and defaults throughout."""
    cls = _class_of(plugin)
    if cls is None:
        return
    require(attrs.has(cls), f"causely_config returns {cls!r}", "return a class decorated with attrs.frozen")
    for attribute in attrs.fields(cls):
        name = f"{cls.__name__}.{attribute.name}"
        require(attribute.name != "enabled", f"{name} is taken by causely", "give this setting another name")
        require(attribute.default is not attrs.NOTHING, f"{name} has no default", "give it a default that works")
        require(attribute.type is not None, f"{name} has no type", "annotate it with the type of its values")
    _check_refusals(cls)


def _class_of(plugin: Any) -> Any:
    instance = plugin() if inspect.isclass(plugin) else plugin
    return getattr(instance, "causely_config", lambda: None)()


def _check_refusals(cls: Any) -> None:
    require(
        _refused(cls, {"no_such_key": 1}),
        f"{cls.__name__} takes unknown keys",
        "let attrs.frozen make its __init__, without **kwargs",
    )
    for attribute in attrs.fields(cls):
        require(
            any(_refused(cls, {attribute.name: wrong}) for wrong in WRONG),
            f"{cls.__name__}.{attribute.name} takes values of any type",
            "give it a narrower type than Any, or a validator",
        )


def _refused(cls: type, section: dict[str, Any]) -> bool:
    try:
        structure(section, cls, WHERE)
    except ConfigError as problem:
        return any(line.startswith(WHERE) for line in problem.lines)
    except Exception as problem:
        names = ", ".join(section)
        fix(
            f"{cls.__name__}.{names} cannot be read: {problem}",
            "give it a type that YAML has, or attrs classes of them",
        )
    return False
