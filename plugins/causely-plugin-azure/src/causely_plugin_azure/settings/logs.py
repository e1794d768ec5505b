"""Which queries are asked of Log Analytics: ``plugins.azure.logs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen, validators

if TYPE_CHECKING:
    from attrs import Attribute


def _given(_: Any, attribute: Attribute[str], value: str) -> None:
    if not value.strip():
        raise ValueError(f"{attribute.name}: expected a text, found none")


def _template(_: Any, attribute: Attribute[str], value: str) -> None:
    try:
        value.format_map(_Anything())
    except (ValueError, IndexError, AttributeError, KeyError) as problem:
        raise ValueError(
            f"{attribute.name}: expected names of columns in braces, as in '{{namespace}}/{{name}}', found {value!r}"
        ) from problem
    _given(_, attribute, value)


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


@frozen
class LogQuery:
    """One query, and what its rows mean.

    Attributes:
        query: KQL.
        entity: type of the entity of each row.
        id: its key, with names of columns in braces; a row that lacks one is left out.
        attribute: of docs/attributes.md.
        value: the column with the value.
        scale: to multiply it by, so that it is in the attribute's unit.
        window: seconds of the past that are looked at.
    """

    query: str = field(default="", validator=_given)
    entity: str = field(default="", validator=_given)
    id: str = field(default="", validator=_template)
    attribute: str = field(default="", validator=_given)
    value: str = field(default="value", validator=_given)
    scale: float = 1.0
    window: float = field(default=300.0, validator=validators.gt(0))


def _queries(config: LogsConfig, attribute: Attribute[list[LogQuery]], value: list[LogQuery]) -> None:
    if value and not config.workspace_id:
        raise ValueError(f"{attribute.name}: expected a workspace_id with them")


@frozen
class LogsConfig:
    """A workspace and its queries.

    Attributes:
        workspace_id: the workspace's id, not its name.
        interval: seconds from one round of queries to the next.
        queries: they.
    """

    workspace_id: str = ""
    interval: float = field(default=60.0, validator=validators.gt(0))
    queries: list[LogQuery] = field(factory=list, validator=_queries)
