"""``causely plugins``: what is installed and how it fares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import httpx

from causely_core.cli import options
from causely_core.cli.loading import loaded
from causely_core.cli.output import show
from causely_core.services.admin import describe

COLUMNS = {
    "name": "name",
    "version": "version",
    "component": "component",
    "state": "state",
    "hooks": "hook_names",
    "error": "error",
}


@click.group("plugins")
def command() -> None:
    """Look at plugins, and install others."""


@command.command("list")
@click.option("--admin", default="http://127.0.0.1:8082", show_default=True, help="Admin URL of a running service.")
@options.output
def list_(admin: str, output: str) -> None:
    """List plugins: as a running service sees them, or as installed when none runs."""
    rows = _running(admin) or _installed()
    for row in rows:
        row["hook_names"] = " ".join(hook.removeprefix("causely_") for hook in row["hooks"])
    show(rows, COLUMNS, output)


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
