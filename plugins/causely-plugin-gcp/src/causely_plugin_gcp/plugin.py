"""The plugin, for the mediator."""

from __future__ import annotations


class GcpPlugin:
    """The integration of Google Cloud."""

    causely_api = 1
