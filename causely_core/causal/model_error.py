"""The error that a wrong causal model raises."""

from __future__ import annotations

from causely_core.errors import ConfigError


class ModelError(ConfigError):
    """A causal model is wrong: one line with file, line, what is wrong and what would be right."""
