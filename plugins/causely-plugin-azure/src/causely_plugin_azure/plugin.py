"""The plugin, for the mediator."""

from __future__ import annotations


class AzurePlugin:
    """The integration of Azure."""

    causely_api = 1
