"""The small tree of errors that a person can act on; each carries one clear line."""

from __future__ import annotations

import os


class CauselyError(Exception):
    """What went wrong, where, and what would be right: one line, or one for each thing that is wrong.

    Attributes:
        exit_code: the sysexits code a command ends with.
    """

    exit_code = os.EX_SOFTWARE

    @property
    def lines(self) -> tuple[str, ...]:
        """One for each thing that is wrong."""
        return tuple(map(str, self.args))

    def __str__(self) -> str:
        return "; ".join(self.lines)


class ConfigError(CauselyError):
    """A configuration value is missing, unknown or of the wrong kind."""

    exit_code = os.EX_CONFIG


class PluginError(CauselyError):
    """A plugin cannot be used as it is."""

    exit_code = os.EX_CONFIG


class UnavailableError(CauselyError):
    """A service that is needed does not answer."""

    exit_code = os.EX_UNAVAILABLE


class UsageError(CauselyError):
    """A command is asked for what it cannot do."""

    exit_code = os.EX_USAGE
