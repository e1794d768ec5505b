"""One entry of ``extra_plugins``."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen
from attrs.validators import deep_iterable, matches_re, min_len
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name


class Component(StrEnum):
    """Who may load a plugin."""

    AGENT = "agent"
    MEDIATOR = "mediator"
    EXECUTOR = "executor"
    ANALYZER = "analyzer"


def _pinned(_: Any, attribute: Attribute[str], value: str) -> None:
    wanted = f"{attribute.name}: expected name==version such as causely-plugin-acme==1.2.0, found {value!r}"
    try:
        specifiers = list(Requirement(value).specifier)
    except InvalidRequirement:
        raise ValueError(wanted) from None
    exact = [s for s in specifiers if s.operator == "==" and not s.version.endswith(".*")]
    if len(specifiers) != 1 or not exact:
        raise ValueError(wanted)


@frozen
class ExtraPlugin:
    """A package to install, and who loads the plugins that it brings.

    Attributes:
        package: ``name==version``.
        hashes: ``sha256:...`` of each file of that version that may be installed; none to trust the index. Where one
            entry has hashes, all need them, and each dependency that causely does not have needs an entry as well.
        components: who loads it. Not the agent or the executor unless they are named: both may do a lot.
        config: the section of the plugin that the package brings.
        index_url: where to find it, a package index; none for that of pip's own configuration.
        find_links: where to find it, a folder of wheels or the address of a page that links them.
    """

    package: str = field(validator=_pinned)
    hashes: list[str] = field(
        factory=list,
        validator=deep_iterable(matches_re(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}")),
    )
    components: list[Component] = field(factory=lambda: [Component.MEDIATOR], validator=min_len(1))
    config: dict[str, Any] = field(factory=dict)
    index_url: str = field(default="", validator=matches_re(r"|https?://\S+"))
    find_links: str = ""

    @property
    def name(self) -> str:
        """Of the package, normalized."""
        return str(canonicalize_name(Requirement(self.package).name))

    @property
    def version(self) -> str:
        """Of the package."""
        return next(iter(Requirement(self.package).specifier)).version
