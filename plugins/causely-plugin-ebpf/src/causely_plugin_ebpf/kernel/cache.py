"""Objects that were compiled before, on this node or when its image was built."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from causely_plugin_ebpf.kernel.headers import environment
from causely_plugin_ebpf.kernel.layouts import layouts
from causely_plugin_ebpf.kernel.objects import BpfObject

SHIPPED = Path(__file__).parent / "compiled"
"""Where :mod:`causely_plugin_ebpf.building` puts objects; only read here."""

NOTHING: Mapping[str, int] = MappingProxyType({})
"""Of a source that leaves nothing open."""

_INCLUDE = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)

_SECONDS = 60.0
"""Longer than Clang takes on a busy node."""


_one_at_a_time = Lock()
"""Clang takes 130 MB, and headers are put together once."""


class CannotCompile(Exception):
    """A program is neither kept nor can it be compiled; the text tells why."""


def object_of(
    source: Path, folder: Path, host: Path, constants: Mapping[str, int] = NOTHING, shipped: Path = SHIPPED
) -> BpfObject:
    """The compiled ``source``, from ``folder`` or ``shipped`` where it was compiled before.

    Args:
        source: a C file for bcc.
        folder: where objects are kept that are compiled here.
        host: where the node's root is, which may have headers.
        constants: what the source leaves open.
        shipped: where those are that came with the agent.

    Raises:
        CannotCompile: bcc, headers or rights are missing, or the source is wrong.
    """
    found = kept(source, folder, constants, shipped)
    if found is None:
        with _one_at_a_time:
            headers = environment(host, folder / "headers")
            if headers is None:
                raise CannotCompile(f"{source.name}: no kernel headers, expected those of any kernel in /usr/src")
            written = _compiled(source, constants, headers)
        found = BpfObject.from_json(written)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = (folder / _name(source, constants)).with_suffix(".new")
        fresh.write_text(written)
        fresh.rename(fresh.with_suffix(".json"))
    return found


def kept(
    source: Path, folder: Path, constants: Mapping[str, int] = NOTHING, shipped: Path = SHIPPED
) -> BpfObject | None:
    """The same, where it was compiled before."""
    for place in (folder, shipped):
        with suppress(OSError, ValueError):
            return BpfObject.from_json((place / _name(source, constants)).read_text())
    return None


def _name(source: Path, constants: Mapping[str, int]) -> str:
    """A file's name by all that the object depends on, of which the kernel's release is no part."""
    text = _whole(source)
    identity = "\n".join([platform.machine(), *_given(constants), *layouts(text), text])
    return f"{source.stem}-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.json"


def _given(constants: Mapping[str, int]) -> list[str]:
    return [f"{name}={number}" for name, number in sorted(constants.items())]


def _whole(source: Path) -> str:
    """A source with what it includes of its own folder: of other files bcc would not see that they use maps."""

    def included(line: re.Match[str]) -> str:
        return _whole(source.parent / line[1])

    return _INCLUDE.sub(included, source.read_text())


def _compiled(source: Path, constants: Mapping[str, int], headers: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "causely_plugin_ebpf.kernel.compiling", *_given(constants)]
    try:
        done = subprocess.run(
            command,
            input=_whole(source),
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
