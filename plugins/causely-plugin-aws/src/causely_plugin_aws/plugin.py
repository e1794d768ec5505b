"""The plugin, for the mediator."""

from __future__ import annotations


class AwsPlugin:
    """The integration of AWS."""

    causely_api = 1
