"""The plugins' sections as one component reads them, with those of the extra plugins among them."""

from __future__ import annotations

import site
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

from causely_core.errors import ConfigError
from causely_core.extra.extra_plugin import ExtraPlugin
from causely_core.plugins import ENTRY_POINT_GROUP

Sections = Mapping[str, Mapping[str, Any]]


def missing(extras: Sequence[ExtraPlugin], component: str, folder: Path) -> list[ExtraPlugin]:
    """Those of ``extras`` for ``component`` that are installed neither in ``folder`` nor with causely.

    Where there are any, ``folder`` is importable from now on: after everything else, so that nothing in it ever takes
    the place of what causely brings.
    """
    if extras:
        site.addsitedir(str(folder))
    return [extra for extra in extras if component in extra.components and _installed(extra) is None]


def sections_for(component: str, plugins: Sections, extras: Sequence[ExtraPlugin]) -> Sections:
    """The section of each plugin for ``component``; an extra plugin that it is not to load is disabled in it.

    Raises:
        ConfigError: an extra plugin is installed in another version, or its section is not one.
    """
    found: dict[str, Mapping[str, Any]] = dict(plugins)
    wrong: list[str] = []
    for index, extra in enumerate(extras):
        try:
            found.update(_sections(component, plugins, extra))
        except LookupError as problem:
            wrong.append(f"extra_plugins[{index}].{problem.args[0]}")
    if wrong:
        raise ConfigError(*wrong)
    return found


def _sections(component: str, plugins: Sections, extra: ExtraPlugin) -> Sections:
    """What an extra plugin adds to the sections.

    Raises:
        LookupError: it is not as it must be; says what, beginning with the key below its own.
    """
    installed = _installed(extra)
    if installed is None:
        return {}
    names = [entry.name for entry in installed.entry_points.select(group=ENTRY_POINT_GROUP)]
    for name in names:
        _check_own(name, extra)
    if component not in extra.components:
        return {name: {"enabled": False} for name in names}
    if Version(installed.version) != Version(extra.version):
        raise LookupError(f"package: {extra.package} is wanted, {installed.version} is installed")
    return _configured(names, plugins, extra) if extra.config else {}


def _check_own(name: str, extra: ExtraPlugin) -> None:
    """Nobody else may bring a plugin of this name: it could be switched off, or configured, in the other's place."""
    for entry in metadata.entry_points(group=ENTRY_POINT_GROUP, name=name):
        if entry.dist and canonicalize_name(entry.dist.name) != extra.name:
            raise LookupError(f"package: {extra.name} brings a plugin {name}, which {entry.dist.name} brings as well")


def _configured(names: Sequence[str], plugins: Sections, extra: ExtraPlugin) -> Sections:
    if len(names) != 1:
        brings = f"several plugins ({', '.join(names)})" if names else "no plugin"
        raise LookupError(f"config: {extra.name} brings {brings}, expected a section for each under plugins")
    [name] = names
    section = plugins.get(name, {})
    if section.keys() - {"enabled"}:
        raise LookupError(f"config: plugins.{name} is there as well, expected one of the two")
    return {name: {**section, **extra.config}}


def _installed(extra: ExtraPlugin) -> metadata.Distribution | None:
    try:
        return metadata.distribution(extra.name)
    except metadata.PackageNotFoundError:
        return None
