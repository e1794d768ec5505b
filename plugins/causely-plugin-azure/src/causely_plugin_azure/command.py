"""``causely azure``: commands of the plugin."""

from __future__ import annotations

import json

import click

from causely_plugin_azure.rights import actions, role
from causely_plugin_azure.services import NAMES


@click.group("azure")
def command() -> None:
    """Azure."""


@command.command("role")
@click.option("--subscription", "subscriptions", multiple=True, help="Where it may be assigned; several are possible.")
@click.option("--management-group", "groups", multiple=True, help="Likewise.")
@click.option("--service", "services", multiple=True, type=click.Choice(NAMES), help="What is watched; else all.")
@click.option("--health/--no-health", default=True, help="Whether Azure's health is asked for.")
@click.option("--logs", is_flag=True, help="Whether a Log Analytics workspace is queried.")
def role_command(
    subscriptions: tuple[str, ...], groups: tuple[str, ...], services: tuple[str, ...], health: bool, logs: bool
) -> None:
    """Print the least that the mediator needs, as a custom role for `az role definition create`."""
    scopes = [f"/subscriptions/{each}" for each in subscriptions]
    scopes += [f"/providers/Microsoft.Management/managementGroups/{each}" for each in groups]
    if not scopes:
        raise click.UsageError("expected --subscription or --management-group, found none")
    click.echo(json.dumps(role(scopes, actions(services, health, logs)), indent=2))
