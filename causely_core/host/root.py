"""Where a machine's files are: below ``/``, or below the folder under which a pod sees its node."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import Attribute, field, frozen, validators

_CHUNK = 1 << 16


def _absolute(_: Any, attribute: Attribute[str], value: str) -> None:
    if not value.startswith("/"):
        raise ValueError(f"{attribute.name}: expected an absolute path such as / or /host, found {value!r}")


def read(path: str, limit: int = 1 << 24) -> bytes:
    """The content of a file of the kernel's, at most about ``limit`` bytes; empty when it cannot be read.

    Processes end and kernels lack files all the time: that a file is not there is an answer, not an error.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        parts = [os.read(descriptor, _CHUNK)]
        while parts[-1] and len(parts) * _CHUNK < limit:
            parts.append(os.read(descriptor, _CHUNK))
    except OSError:
        return b""
    finally:
        os.close(descriptor)
    return b"".join(parts)[:limit]


def link(path: str) -> str:
    """What a symbolic link points to; empty when it cannot be read."""
    try:
        return os.readlink(path)  # noqa: PTH115 (Path takes thrice as long, and there are many)
    except OSError:
        return ""


@frozen
class HostRoot:
    """The folder below which everything of the machine is read.

    Attributes:
        path: ``/`` on the machine itself, ``/host`` in a pod that has the node's root mounted there.
        proc: its ``/proc``.
        sys: its ``/sys``.
    """

    path: str = field(default="/", validator=[validators.instance_of(str), _absolute])
    proc: str = field(init=False)
    sys: str = field(init=False)

    @proc.default
    def _proc(self) -> str:
        return self.at("proc")

    @sys.default
    def _sys(self) -> str:
        return self.at("sys")

    def at(self, path: str) -> str:
        """Where a path of the machine's is found: ``/etc/hostname`` is at ``/host/etc/hostname``."""
        return f"{self.path.rstrip('/')}/{path.lstrip('/')}"

    @cached_property
    def unified(self) -> str:
        """Where cgroup v2 is: alone, or in a folder of its own beside the hierarchies of v1."""
        beside = self.at("sys/fs/cgroup/unified")
        return beside if Path(beside).is_dir() else self.at("sys/fs/cgroup")

    @property
    def hostname(self) -> str:
        """The machine's name; the kernel tells a pod the pod's, so that there the file of the node goes first."""
        files = ("proc/sys/kernel/hostname", "etc/hostname")
        for path in files if self.path == "/" else reversed(files):
            name = read(self.at(path)).decode(errors="replace").strip()
            if name and name.isprintable():
                return name
        return "localhost"

    @property
    def machine_id(self) -> str:
        """The machine's own id, 32 hexadecimal digits; empty where none was made."""
        return read(self.at("etc/machine-id"), 64).decode(errors="replace").strip()
