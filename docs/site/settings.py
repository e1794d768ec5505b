"""Tables of settings: on a page, ``[[settings module:Class]]`` stands for one, made of the class and its docstring.

``[[settings of plugins]]`` stands for those of all plugins of the repository, each with a heading.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from inspect import isclass
from pathlib import Path
from typing import Any, get_args

import attrs
import griffe

PLUGINS = Path(__file__).parents[2] / "plugins"
ALL = "[[settings of plugins]]"
MARKER = re.compile(r"^\[\[settings ([\w.]+):(\w+)\]\]$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the tables in."""
    if ALL in markdown:
        markdown = markdown.replace(ALL, "\n\n".join(_of_plugins()))
    return MARKER.sub(lambda found: _table(getattr(import_module(found[1]), found[2])), markdown)


def _of_plugins() -> Iterator[str]:
    for project in sorted(PLUGINS.glob("*/pyproject.toml")):
        sys.path.append(str(project.parent / "src"))
        for name, place in tomllib.loads(project.read_text())["project"]["entry-points"]["causely"].items():
            module, _, plugin = place.partition(":")
            asked = getattr(getattr(import_module(module), plugin)(), "causely_config", None)
            if asked:
                yield f"### plugins.{name}\n\n{_table(asked())}"


def _table(cls: Any) -> str:
    meanings = _meanings(cls)
    rows = [
        f"| `{each.name}` | {_code(_type(each.type))} | {_code(_default(each))} | {meanings[each.name]} |"
        for each in attrs.fields(attrs.resolve_types(cls))
        if each.init
    ]
    return "\n".join(["| setting | type | default | meaning |", "|---|---|---|---|", *rows])


def _meanings(cls: type) -> dict[str, str]:
    told = {each.name: f"[its settings](#{each.name})" for each in attrs.fields(cls)}
    for each in reversed(cls.__mro__):
        told.update(_documented(each))
    return told


def _documented(cls: type) -> Iterator[tuple[str, str]]:
    for section in griffe.Docstring(cls.__doc__ or "").parse("google", warnings=False):
        if section.kind is griffe.DocstringSectionKind.attributes:
            yield from ((each.name, " ".join(each.description.replace("``", "`").split())) for each in section.value)


def _type(type: Any) -> str:
    text = str(type) if get_args(type) else type.__name__
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", text)


def _default(attribute: Any) -> str:
    default = attribute.default
    if default is attrs.NOTHING:
        return "required"
    if not isinstance(default, attrs.Factory):
        return _written(default)
    return _written(default.factory()) if isclass(default.factory) else "depends on the machine"


def _written(value: Any) -> str:
    """As in YAML, or nothing where a section of its own tells."""
    if value is None or attrs.has(value.__class__):
        return ""
    return json.dumps(value) if isinstance(value, bool | list | dict) else str(value)


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""
