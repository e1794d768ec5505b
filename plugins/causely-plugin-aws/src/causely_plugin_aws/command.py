"""``causely aws``: what to give the plugin."""

from __future__ import annotations

import click

from causely_plugin_aws.services.names import SERVICES


@click.group()
def command() -> None:
    """Prepare an account of AWS."""


@command.command()
@click.option(
    "--service",
    "names",
    multiple=True,
    type=click.Choice(list(SERVICES)),
    help="A service that the settings name; all of them unless one is given.",
)
@click.option("--tags/--no-tags", default=True, help="Whether the settings name tags.", show_default=True)
@click.option("--role", "roles", multiple=True, help="ARN of a role in another account that the settings name.")
def policy(names: tuple[str, ...], tags: bool, roles: tuple[str, ...]) -> None:
    """Print the IAM policy with just the rights that the plugin uses."""
    from causely_plugin_aws.policy import policy, text  # imports all services

    click.echo(text(policy(names or SERVICES, tags, roles)))
