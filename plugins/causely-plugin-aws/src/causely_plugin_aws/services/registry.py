"""The services by name, imported when they are needed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from causely_plugin_aws.services.names import SERVICES

if TYPE_CHECKING:
    from causely_plugin_aws.resource import Service


def services(names: Iterable[str] = SERVICES) -> list[Service]:
    """The services of some names."""
    return [import_module(f"{__package__}.{SERVICES[name]}").SERVICE for name in names]
