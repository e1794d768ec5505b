"""The ``causely`` command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import click

from causely_core import __version__
from causely_core.cli.uncollected import uncollected
from causely_core.errors import CauselyError

COMMANDS = {
    "agent": "agent",
    "analyzer": "analyzer",
    "config": "config",
    "demo": "demo",
    "describe": "describe",
    "diagnose": "diagnose",
    "egress": "egress",
    "get": "get",
    "mediator": "mediator",
    "models": "models",
    "plugins": "plugins",
    "record": "record",
    "run": "run",
    "simulate": "simulate",
    "version": "version",
}
"""Command name to its module in this package; a module is imported only when its command is asked for."""

SINGLE_THREADED = frozenset({"agent", "config", "diagnose", "models", "simulate"})
"""Commands that do no linear algebra. OpenBLAS's threads would take those that end soon 60 ms to start and to stop, and
an agent some memory for each processor of its node."""


class LazyGroup(click.Group):
    """Imports a command when it is used, so that ``causely version`` does not pay for the analyzer."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command's ``command`` object; none for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in SINGLE_THREADED:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with uncollected():
            command: click.Command = import_module(f"causely_core.cli.{COMMANDS[cmd_name]}").command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="causely")
def cli() -> None:
    """Find the root cause: topology and symptoms in, root causes with evidence out."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; every error that a person can act on is one line on stderr."""
    try:
        status = cli.main(arguments, standalone_mode=False)
    except click.ClickException as problem:
        _fail([problem.format_message()], os.EX_USAGE)
    except click.Abort:
        sys.exit(130)
    except CauselyError as problem:
        _fail(problem.lines, problem.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    else:
        sys.exit(status if isinstance(status, int) else 0)


def _fail(lines: Iterable[str], status: int) -> None:
    for line in lines:
        click.echo(f"causely: {line}", err=True)
    sys.exit(status)
