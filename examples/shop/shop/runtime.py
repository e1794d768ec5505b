"""The life of a service process: set up, start, say so, then obey the supervisor until it goes away."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shop import telemetry, vitals
from shop.settings import Settings

if TYPE_CHECKING:
    from shop.faults.switch import Fault

Commands = Mapping[str, Callable[[], Any]]


def run(start: Callable[[Settings], Commands], *, instrumented: bool = True) -> None:
    """Run a service: `start` brings it up and returns the commands that it understands."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if instrumented:
        telemetry.setup()
        vitals.export()
    commands = start(Settings.from_environment())
    _answer("ready")
    obey(commands)


def obey(commands: Commands) -> None:
    """Read one command a line from stdin, run it, and answer with one line of JSON on stdout."""
    for line in sys.stdin:
        _answer(commands[line.strip()]())


def switches(faults: Mapping[str, Fault]) -> Commands:
    """Return the commands that inject and remove each fault."""
    commands: dict[str, Callable[[], Any]] = {}
    for name, fault in faults.items():
        commands[f"inject {name}"] = fault.inject
        commands[f"remove {name}"] = fault.remove
    return commands


def _answer(value: Any) -> None:
    print(json.dumps(value), flush=True)
