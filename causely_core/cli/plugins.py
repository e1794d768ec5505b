"""``causely plugins``: what is installed and how it fares, and what is to become a plugin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import httpx

from causely_core.cli import options
from causely_core.cli.loading import loaded
from causely_core.cli.output import show
from causely_core.cli.plugin_check import check
from causely_core.cli.plugin_details import detailed
from causely_core.scaffold import HOOKS, create
from causely_core.services.admin import describe

COLUMNS = {
    "name": "name",
    "version": "version",
    "component": "component",
    "state": "state",
    "hooks": "hook_names",
    "error": "error",
}

DETAILS = {**COLUMNS, "items": "items", "failures": "failures", "cpu": "cpu", "error": "last_error"}
CHECKED = {"contract": "contract", "rule": "rule", "result": "result", "told": "to_fix"}


@click.group("plugins")
def command() -> None:
    """Look at plugins, start and check your own, and install others."""


@command.command("list")
@click.option("--admin", default="http://127.0.0.1:8082", show_default=True, help="Admin URL of a running service.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each collector, discoverer and detector as well.")
@options.output
def list_(admin: str, verbose: bool, output: str) -> None:
    """List plugins: as a running service sees them, or as installed when none runs.

    CPU is the processor time since the start, in calls and in streams; threads that a plugin starts are left out.
    """
    rows = _running(admin) or _installed()
    for row in rows:
        row["hook_names"] = " ".join(hook.removeprefix("causely_") for hook in row["hooks"])
    if verbose and output == "table":
        show([line for row in rows for line in detailed(row)], DETAILS, output)
    else:
        show(rows, COLUMNS, output)


@command.command("new")
@click.argument("name")
@click.option("--hook", type=click.Choice(HOOKS), default=HOOKS[0], show_default=True, help="What it brings first.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="Where to make the folder of the package.  [default: here]",
)
def new(name: str, hook: str, folder: Path) -> None:
    """Start the plugin NAME: a package that installs, and whose tests pass."""
    made = create(name, hook, folder)
    click.echo(f"made {made}; next:\n  cd {made}\n  pip install -e '.[testing]'\n  pytest")


@command.command("check")
@click.argument("plugin")
@options.output
def check_(plugin: str, output: str) -> int:
    """Run the contract tests of PLUGIN, the folder of a package or the name of one that is installed with -e."""
    rows = check(plugin)
    for row in rows:
        row["to_fix"] = row["told"].partition("\n")[0]
    show(rows, CHECKED, output)
    return 0 if all(row["result"] == "passed" for row in rows) else 1


@command.command("install")
@click.option("--config", required=True, type=click.Path(path_type=Path, dir_okay=False), help="YAML file to read.")
@options.component
@click.option(
    "--target",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to fill.  [default: plugins_dir of the file]",
)
def install_(config: Path, component: str, target: Path | None) -> None:
    """Install the extra plugins of a configuration file that a component is to load.

    They go into a folder of their own, which is emptied first if this command filled it before.
    """
    from causely_core.extra.install import install
    from causely_core.services.settings import load_settings

    settings = load_settings(config)
    folder = target or settings.extra_folder
    extras = [extra for extra in settings.extra_plugins if component == "run" or component in extra.components]
    for pin in install(extras, folder):
        click.echo(f"installed {pin.name} {pin.version} in {folder}")
    if not extras:
        click.echo(f"nothing to install for {component}")


def _running(admin: str) -> list[dict[str, Any]]:
    try:
        answer = httpx.get(f"{admin.rstrip('/')}/plugins", timeout=2.0).raise_for_status()
        rows: list[dict[str, Any]] = answer.json()["plugins"]
    except (httpx.HTTPError, ValueError, KeyError):
        return []
    return rows


def _installed() -> list[dict[str, Any]]:
    rows = describe(loaded("cli"))
    for row in rows:
        row["state"] = "failed" if row["error"] else "installed"
    return rows
