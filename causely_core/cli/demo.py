"""``causely demo``: break a real application and watch the root cause being named."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click

from causely_core.cli import options
from causely_core.cli.output import console, dump
from causely_core.cli.story import tell_story
from causely_core.services.demo.faults import EXPECTED, NONE
from causely_core.services.demo.scenario import Pace, play
from causely_core.services.demo.stack import Stack

_SILENT_WARM_UP, _SILENT_SETTLE = 60.0, 15.0
"""Seconds where only the agent tells: of processors every five, of which eight make a baseline, and three a symptom."""


@click.command("demo")
@click.option("--fault", default="slow-sql", show_default=True, help="The fault to inject, or none.")
@click.option("--list-faults", is_flag=True, help="List the faults and what each should be diagnosed as.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--keep-running", is_flag=True, help="Leave everything up after the story, until Ctrl-C.")
@click.option("--quiet-for", type=float, default=180.0, show_default=True, help="Seconds to watch with no fault.")
@click.option("--silent", is_flag=True, help="The shop exports nothing: the agent (eBPF, as root) sees it all.")
@options.data_dir
def command(
    fault: str,
    list_faults: bool,
    output: str,
    keep_running: bool,
    quiet_for: float,
    silent: bool,
    data_dir: Path | None,
) -> int:
    """Start a real shop, break it, tell what happened; exits 0 when the root cause on top is right."""
    if list_faults:
        _list_faults()
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    quiet = console() if output == "text" else None

    def hold(causely: Stack) -> None:
        if keep_running:
            click.echo(f"still running: causely get root-causes --api {causely.api}  (Ctrl-C ends it)", err=True)
            _sleep_until_interrupted()

    with ExitStack() as stack:
        folder = data_dir or _temporary(stack)
        tell = _progress() if quiet else lambda line: None
        outcome = play(fault, folder, _pace(quiet_for, silent), tell, hold, silent)
    if quiet:
        tell_story(outcome, quiet)
    else:
        dump(outcome.as_json(), "json")
    return 0 if outcome.right else 1


def _pace(quiet: float, silent: bool) -> Pace:
    return Pace(_SILENT_WARM_UP, settle=_SILENT_SETTLE, quiet=quiet) if silent else Pace(quiet=quiet)


def _temporary(stack: ExitStack) -> Path:
    """A folder that is gone afterwards; PostgreSQL, which never runs as root, must be able to enter it."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="causely-demo-")))
    folder.chmod(0o711)
    return folder


def _list_faults() -> None:
    for name, expected in EXPECTED.items():
        where = expected.name or "the shop's database"
        click.echo(f"{name:18} {expected.cause} on {expected.type} {where}")
    click.echo(f"{NONE:18} nothing is broken; nothing should be named")


def _progress() -> Callable[[str], None]:
    started = time.monotonic()
    out = console()

    def tell(line: str) -> None:
        out.print(f"[dim]{time.monotonic() - started:5.1f} s[/]  {line}")

    return tell


def _sleep_until_interrupted() -> None:
    try:
        signal.pause()
    except KeyboardInterrupt:
        return
