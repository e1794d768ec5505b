"""Objects that were compiled before, on this node or when its image was built."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from causely_plugin_ebpf.kernel.headers import environment
from causely_plugin_ebpf.kernel.layouts import layouts
from causely_plugin_ebpf.kernel.objects import BpfObject

SHIPPED = Path(__file__).parent / "compiled"
"""Where :mod:`causely_plugin_ebpf.kernel.building` puts objects; only read here."""

_SECONDS = 60.0
"""Longer than Clang takes on a busy node."""


class CannotCompile(Exception):
    """A program is neither kept nor can it be compiled; the text tells why."""


def object_of(source: Path, folder: Path, host: Path, shipped: Path = SHIPPED) -> BpfObject:
    """The compiled ``source``, from ``folder`` or ``shipped`` where it was compiled before.

    Args:
        source: a C file for bcc.
        folder: where objects are kept that are compiled here.
        host: where the node's root is, which may have headers.
        shipped: where those are that came with the agent.

    Raises:
        CannotCompile: bcc, headers or rights are missing, or the source is wrong.
    """
    found = kept(source, folder, shipped)
    if found is None:
        headers = environment(host, folder / "headers")
        if headers is None:
            raise CannotCompile(f"{source.name}: no kernel headers, expected those of any kernel in /usr/src")
        written = _compiled(source, headers)
        found = BpfObject.from_json(written)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = (folder / _name(source)).with_suffix(".new")
        fresh.write_text(written)
        fresh.rename(fresh.with_suffix(".json"))
    return found


def kept(source: Path, folder: Path, shipped: Path = SHIPPED) -> BpfObject | None:
    """The same, where it was compiled before."""
    for place in (folder, shipped):
        with suppress(OSError, ValueError):
            return BpfObject.from_json((place / _name(source)).read_text())
    return None


def _name(source: Path) -> str:
    """A file's name by all that the object depends on, of which the kernel's release is no part."""
    text = "\n".join([source.read_text(), *(header.read_text() for header in sorted(source.parent.glob("*.h")))])
    identity = "\n".join([platform.machine(), *layouts(text), text])
    return f"{source.stem}-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.json"


def _compiled(source: Path, headers: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "causely_plugin_ebpf.kernel.compiling", str(source.parent)]
    try:
        done = subprocess.run(
            command,
            input=source.read_text(),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            env={**os.environ, **headers},
        )
    except subprocess.TimeoutExpired:
        raise CannotCompile(f"{source.name}: not compiled within {_SECONDS:.0f} s") from None
    if done.returncode:
        raise CannotCompile(f"{source.name}: {_reason(done.stderr)}")
    return done.stdout


def _reason(said: str) -> str:
    """The first error of the compiler, else the last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line]
    return (errors or lines[-1:] or ["the compiler ended without a word"])[0]
