"""A service of Google Cloud: its resources and its metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from causely_plugin_gcp.asset import Asset
from causely_plugin_gcp.found import Found
from causely_plugin_gcp.metric import Metric


@frozen
class Service:
    """One file of the folder ``services``.

    Attributes:
        name: as the settings name it.
        kinds: how a resource is read, by asset type. A reader is pure, and raises ``LookupError``, ``TypeError`` or
            ``ValueError`` for what is not written as it should be.
        metrics: they.
    """

    name: str
    kinds: Mapping[str, Callable[[Asset], Found]]
    metrics: tuple[Metric, ...] = ()
