"""``causely models``: what is known of root causes and of how they spread."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from causely_core.builtin import MODEL_FOLDER
from causely_core.causal import Catalogue
from causely_core.causal.graphviz import dot
from causely_core.causal.mermaid import mermaid
from causely_core.causal.picture import picture
from causely_core.causal.ways import ways
from causely_core.cli import options
from causely_core.cli.installed import Installed
from causely_core.cli.model_card import card, root_causes, summary, tell
from causely_core.cli.model_check import check
from causely_core.cli.output import console, dump, show
from causely_core.yaml_lines import suggestion

TYPES = {"entity": "entity", "symptoms": "symptoms", "states": "states", "root causes": "root_causes", "rules": "rules"}
ROOT_CAUSES = {
    "entity": "entity",
    "root cause": "name",
    "category": "category",
    "prior": "prior",
    "description": "description",
}
FORMATS = {"mermaid": mermaid, "dot": dot}


@click.group("models")
def command() -> None:
    """Look at the causal models, and check your own."""


@command.command("list")
@click.option("--root-causes", "every_cause", is_flag=True, help="Every root cause instead of every entity type.")
@options.output
def list_(every_cause: bool, output: str) -> None:
    """List entity types with how much is known of each, or all root causes."""
    catalogue = Installed.load().catalogue
    if every_cause:
        rows = [{"entity": model.entity_type, **cause} for model in catalogue for cause in root_causes(model)]
        show(rows, ROOT_CAUSES, output)
    else:
        known = ways(catalogue)
        rows = [summary(model, known) for model in catalogue]
        show([row for row in rows if any(row[key] for key in list(TYPES.values())[1:])], TYPES, output)


@command.command("show")
@click.argument("entity_type", metavar="TYPE")
@options.output
def show_(entity_type: str, output: str) -> None:
    """Show the symptoms, root causes and rules of entity type TYPE."""
    catalogue = Installed.load().catalogue
    _know([entity_type], _types(catalogue), "causal model of")
    found = card(catalogue, entity_type)
    if output == "table":
        tell(found, console())
    else:
        dump(found, output)


@command.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Fail for warnings too.")
def check_(files: tuple[Path, ...], strict: bool) -> int:
    """Check model files together with the installed ones; exits 78 when one is wrong."""
    found = check(files, Installed.load())
    for line in (*found.errors, *found.warnings):
        click.echo(line, err=True)
    if found.errors or (strict and found.warnings):
        return os.EX_CONFIG
    told = f", {_count(len(found.warnings), 'warning')}" if found.warnings else ""
    click.echo(f"{_count(len(files), 'file')} checked: ok{told}")
    return 0


@command.command("graph")
@click.argument("types", nargs=-1, metavar="[TYPE]...")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="mermaid", show_default=True)
@click.option("--cause", default="", metavar="NAME", help="Only what follows from this root cause.")
def graph(types: tuple[str, ...], format_: str, cause: str) -> None:
    """Draw root causes, what they show, and how that spreads; of all types or of TYPEs."""
    catalogue = Installed.load().catalogue
    _know(types, _types(catalogue), "causal model of")
    drawn = types or _types(catalogue)
    if cause:
        causes = [each.name for type in drawn for each in catalogue.model(type).root_causes]
        _know([cause], causes, "root cause")
    click.echo(FORMATS[format_](picture(catalogue, types, cause)), nl=False)


@command.command("schema")
def schema() -> None:
    """Print the JSON schema of model files, for editors."""
    click.echo((MODEL_FOLDER.parent / "model_schema.json").read_text(encoding="utf-8"), nl=False)


def _types(catalogue: Catalogue) -> list[str]:
    return [model.entity_type for model in catalogue]


def _know(names: Iterable[str], known: Iterable[str], what: str) -> None:
    choices = list(dict.fromkeys(known))
    for name in names:
        if name not in choices:
            raise click.UsageError(f"there is no {what} {name!r}, {suggestion(name, choices)}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
