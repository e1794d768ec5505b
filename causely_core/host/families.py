"""Families: the processes that one program has started of itself, such as the workers of a server."""

from __future__ import annotations

from causely_core.host.commands import interpreter_of
from causely_core.host.processes import Process, Processes
from causely_core.host.programs import program

_MAX_GENERATIONS = 16


def head(process: Process, processes: Processes) -> Process:
    """The topmost ancestor of the same program, for all of its descendants the same; often the process itself."""
    for _ in range(_MAX_GENERATIONS):
        parent = processes.of(process.parent) if process.parent else None
        if parent is None or not _same_program(parent, process):
            break
        process = parent
    return process


def _same_program(parent: Process, child: Process) -> bool:
    """Interpreters run all kinds of programs; what one runs for its parent from text has no name of its own."""
    alike = (
        bool(child.executable)
        and parent.executable == child.executable
        and parent.started <= child.started
        and parent.cgroup.container == child.cgroup.container
        and parent.declared == child.declared
    )
    if not alike or interpreter_of(child.executable) is None:
        return alike
    return program(child) in ("", program(parent))
