"""Queries of Resource Graph. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from causely_plugin_azure.service import Service

SUBSCRIPTIONS = "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id | order by id asc"
"""The subscriptions that can be read."""


def resources_query(
    table: str,
    services: Collection[Service],
    locations: Iterable[str],
    tags: Mapping[str, str],
    tag_attributes: Iterable[str],
) -> str:
    """All resources of some services, with no more of them than is needed.

    Args:
        table: of Resource Graph.
        services: they.
        locations: regions; all when there is none.
        tags: that a resource must have; what only tells of others need not.
        tag_attributes: tags that are wanted.
    """
    wanted = sorted({name for service in services for name in service.wanted})
    return " | ".join(
        (
            table,
            f"where type in~ ({_list(sorted({service.type for service in services}))})",
            *_places([*locations]),
            *_tagged(tags, sorted(service.type for service in services if not service.entity)),
            f"project id, type, location, kind, sku, tags={_bag('tags', [*tag_attributes])}, "
            f"properties={_bag('properties', wanted)}",
            "order by id asc",
        )
    )


def quoted(text: str) -> str:
    """A text as KQL writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(quoted(each) for each in texts)


def _bag(column: str, names: Iterable[str]) -> str:
    return f"bag_pack({', '.join(f'{quoted(name)}, {column}[{quoted(name)}]' for name in names)})"


def _places(locations: list[str]) -> tuple[str, ...]:
    return (f"where location in~ ({_list([*locations, 'global'])})",) if locations else ()


def _tagged(tags: Mapping[str, str], always: Collection[str]) -> tuple[str, ...]:
    others = f"type in~ ({_list(always)}) or " if always else ""
    return tuple(f"where {others}tags[{quoted(name)}] =~ {quoted(value)}" for name, value in tags.items())
