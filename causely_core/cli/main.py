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
    "agent": "Run the agent: watch this machine and forward topology and symptoms to the mediator.",
    "analyzer": "Run the analyzer: mediators on 50055, API on 8080.",
    "config": "Look at configuration files.",
    "demo": "Start a real shop, break it, tell what happened; exits 0 when the root cause on top is right.",
    "describe": "Show one thing in full.",
    "diagnose": "Find the root causes of the incident recorded in INCIDENT_DIR.",
    "egress": "Show what crossed from the cluster to the analyzer, and what was redacted or dropped.",
    "get": "List root causes, symptoms, entities or relations.",
    "mediator": "Run the mediator: OTLP on 4317 and 4318, agents on 50051.",
    "models": "Look at the causal models, and check your own.",
    "plugins": "Look at plugins, start and check your own, and install others.",
    "record": "Write what is known of the last minutes into OUT_DIR, for `causely diagnose OUT_DIR`.",
    "run": "Run mediator and analyzer in one process on loopback: send OTLP to 127.0.0.1:4317 and look.",
    "simulate": "Write simulated incidents, for `causely diagnose`, with their true causes in expected.json.",
    "version": "Print the version, the plugin API version and the Python it runs on.",
}
"""Command name, which is its module in this package, to the first paragraph of its help."""

SINGLE_THREADED = frozenset({"agent", "config", "diagnose", "models", "simulate"})
"""Commands that do no linear algebra. OpenBLAS's threads would take those that end soon 60 ms to start and to stop, and
an agent some memory for each processor of its node."""


class LazyGroup(click.Group):
    """Imports a command when it is used, so that ``causely version`` does not pay for the analyzer, nor ``--help``.

    Plugins may add commands, which take the place of none of these.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names."""
        return sorted(_summaries())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command's ``command`` object, or a plugin's; none for an unknown name.

        Raises:
            PluginError: a plugin's command cannot be loaded.
        """
        if cmd_name not in COMMANDS:
            return _of_plugin(cmd_name)
        if cmd_name in SINGLE_THREADED:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with uncollected():
            command: click.Command = import_module(f"causely_core.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_summaries().items()))


def _summaries() -> dict[str, str]:
    """Of all commands, by name."""
    from causely_core.cli.contributed import contributed, summary

    return {name: summary(entry) for name, entry in contributed().items()} | COMMANDS


def _of_plugin(name: str) -> click.Command | None:
    from causely_core.cli.contributed import contributed, load

    entry = contributed().get(name)
    return load(entry) if entry else None


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
