"""The services that the plugin knows: apart from what they do, so that settings are checked without an SDK."""

from __future__ import annotations

SERVICES = ("rds", "sqs", "elbv2")
"""Each is a module of this package that has a ``SERVICE``."""
