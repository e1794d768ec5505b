"""The least that IAM must allow, made of the calls that services say they make. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from causely_plugin_aws.call import Call
from causely_plugin_aws.cloudwatch import DATA
from causely_plugin_aws.insights import LOADS
from causely_plugin_aws.services.names import SERVICES
from causely_plugin_aws.services.registry import services
from causely_plugin_aws.tags import TAGS

_VERSION = "2012-10-17"
"""Of the language of policies."""
ASSUME = "sts:AssumeRole"


def calls(names: Iterable[str] = SERVICES, tags: bool = True) -> Iterator[Call]:
    """All calls that are made for some services; ``tags`` tells whether the settings name any."""
    wanted = services(names)
    yield DATA
    if tags:
        yield TAGS
    for service in wanted:
        yield from service.calls
        if service.name == "rds":
            yield LOADS


def policy(names: Iterable[str] = SERVICES, tags: bool = True, roles: Collection[str] = ()) -> dict[str, Any]:
    """The policy document.

    Args:
        names: of services.
        tags: whether resources are chosen or described by their tags.
        roles: ARNs of roles in other accounts, which are to be assumed and have a policy of their own.
    """
    allowed: defaultdict[str, set[str]] = defaultdict(set)
    for call in calls(names, tags):
        for resource in call.resources if call.action else ():
            allowed[resource].add(call.action)
    for role in roles:
        allowed[role].add(ASSUME)
    return {"Version": _VERSION, "Statement": [*_statements(allowed)]}


def text(document: dict[str, Any]) -> str:
    """A document as it is written in files."""
    return json.dumps(document, indent=2)


def _statements(allowed: dict[str, set[str]]) -> Iterator[dict[str, Any]]:
    """One for all resources with the same actions."""
    by_actions: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for resource, actions in sorted(allowed.items()):
        by_actions[tuple(sorted(actions))].append(resource)
    for together, resources in by_actions.items():
        yield {"Effect": "Allow", "Action": [*together], "Resource": resources}
