"""Objects that were compiled on this node before, kept by source, constants and kernel."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from causely_plugin_ebpf.kernel.headers import environment
from causely_plugin_ebpf.kernel.objects import BpfObject

_INCLUDE = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)

_SECONDS = 60.0
"""Longer than Clang takes on a busy node."""


_one_at_a_time = Lock()
"""Clang takes 130 MB, and headers are put together once."""


class CannotCompile(Exception):
    """A program is neither kept nor can it be compiled; the text tells why."""


def object_of(source: Path, constants: Mapping[str, int], folder: Path, host: Path) -> BpfObject:
    """The compiled ``source``, from ``folder`` where it was compiled before.

    Args:
        source: a C file for bcc.
        constants: what it leaves open.
        folder: where compiled objects are kept.
        host: where the node's root is, which may have headers.

    Raises:
        CannotCompile: bcc, headers or rights are missing, or the source is wrong.
    """
    text = _whole(source)
    given = [f"{name}={number}" for name, number in sorted(constants.items())]
    key = hashlib.sha256("\n".join([os.uname().release, os.uname().version, *given, text]).encode()).hexdigest()
    kept = folder / f"{source.stem}-{key[:16]}.json"
    try:
        return BpfObject.from_json(kept.read_text())
    except (OSError, ValueError):
        with _one_at_a_time:
            headers = environment(host, folder / "headers")
            if headers is None:
                raise CannotCompile(
                    f"{source.name}: no kernel headers, expected those of any kernel in /usr/src"
                ) from None
            written = _compiled(source.name, text, given, headers)
    found = BpfObject.from_json(written)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    fresh.write_text(written)
    fresh.rename(kept)
    return found


def _whole(source: Path) -> str:
    """A source with what it includes of its own folder: of other files bcc would not see that they use maps."""

    def included(line: re.Match[str]) -> str:
        return _whole(source.parent / line[1])

    return _INCLUDE.sub(included, source.read_text())


def _compiled(name: str, text: str, constants: list[str], headers: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "causely_plugin_ebpf.kernel.compiling", *constants]
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=_SECONDS, env={**os.environ, **headers}
        )
    except subprocess.TimeoutExpired:
        raise CannotCompile(f"{name}: not compiled within {_SECONDS:.0f} s") from None
    if done.returncode:
        raise CannotCompile(f"{name}: {_reason(done.stderr)}")
    return done.stdout


def _reason(said: str) -> str:
    """The first error of the compiler, else the last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line]
    return (errors or lines[-1:] or ["the compiler ended without a word"])[0]
