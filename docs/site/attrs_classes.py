"""The signatures of attrs classes, which Python makes when it runs and griffe, which only reads, does not see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import griffe

MADE_BY = {"define", "frozen"}


class AttrsClasses(griffe.Extension):
    """Gives each attrs class the ``__init__`` that its fields make."""

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Add it where the class has none of its own."""
        names = {str(decorator.value).partition("(")[0] for decorator in cls.decorators}
        if names & MADE_BY and "__init__" not in cls.members:
            self_ = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
            parameters = griffe.Parameters(self_, *_parameters(cls))
            cls.set_member("__init__", griffe.Function("__init__", parameters=parameters, lineno=0, endlineno=0))


def _parameters(cls: griffe.Class) -> Iterator[griffe.Parameter]:
    for field in cls.members.values():
        if isinstance(field, griffe.Attribute) and _is_field(field):
            told = _field(str(field.value)) if field.value is not None else {}
            if told.get("init") != "False":
                yield griffe.Parameter(
                    field.name.lstrip("_"),
                    annotation=field.annotation,
                    kind=griffe.ParameterKind.positional_or_keyword,
                    default=told.get("default"),
                )


def _is_field(attribute: griffe.Attribute) -> bool:
    shared = "property" in attribute.labels or str(attribute.annotation).startswith("ClassVar")
    return attribute.annotation is not None and not shared


def _field(value: str) -> dict[str, str]:
    """What ``field(...)`` says, or the default that stands in its place; what a factory makes is shown as made."""
    call = ast.parse(value, mode="eval").body
    if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "field"):
        return {"default": value}
    told = {each.arg: ast.unparse(each.value) for each in call.keywords if each.arg}
    if "factory" in told:
        told["default"] = "..." if told["factory"].startswith("lambda") else f"{told['factory']}()"
    return told
