"""Calls that may take too long or too much memory, in a process of their own."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

MEMORY = 6 << 30
"""Bytes of address space that a call may have; a table of 2^30 numbers does not fit."""

_Result = TypeVar("_Result")


def limited(function: Callable[[Any], _Result], given: object, seconds: float) -> _Result | str:
    """What ``function`` returns of ``given``, or in words why it did not return.

    The process is forked, so that what is imported already need not be imported again.
    """
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(function, given, sending), daemon=True)
    process.start()
    sending.close()
    try:
        if not receiving.poll(seconds):
            return f"not done after {seconds:.0f} s"
        result: _Result | str = receiving.recv()
        return result
    except EOFError:
        return "ended without an answer"
    finally:
        process.kill()
        process.join()


def _run(function: Callable[[Any], Any], given: object, sending: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        sending.send(function(given))
    except Exception as problem:
        sending.send(f"{type(problem).__name__}: {str(problem).partition(chr(10))[0][:60]}")
