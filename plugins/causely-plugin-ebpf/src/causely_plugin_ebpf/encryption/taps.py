"""Taps: uprobes in the files whose functions encrypt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from attrs import define, field

from causely_core.host import HostRoot, link, read
from causely_plugin_ebpf.encryption.binaries import sites
from causely_plugin_ebpf.encryption.mappings import executable
from causely_plugin_ebpf.encryption.sites import Site

_INSTALLED = ("usr/lib/*/libssl.so.*", "usr/lib/libssl.so.*", "usr/lib64/libssl.so.*")
"""Where distributions have the library: who uses it may come and go before a process is looked at."""

_MAX_FILES = 256
"""Files that are tapped at most; each takes eight probes in the kernel, or of Go's two dozen."""

_MAX_KNOWN = 4096
"""Files with nothing to tap that are remembered."""


@define
class Taps:
    """Taps each file once, whichever processes use it.

    Attributes:
        root: the machine.
        attach: taps a site of the file at a path until the descriptor that it gives is closed.
        refused: called with a file that cannot be tapped, and the reason.
        budget: programs that may be looked at until :meth:`refill`.
    """

    root: HostRoot
    attach: Callable[[str, Site], int]
    refused: Callable[[str, str], None]
    budget: int
    _left: int = field(init=False)
    _tapped: dict[tuple[int, ...], list[int]] = field(factory=dict, init=False)
    _idle: set[tuple[int, ...]] = field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with a whole budget."""
        self.refill()

    @property
    def files(self) -> int:
        """How many files are tapped."""
        return len(self._tapped)

    def refill(self) -> None:
        """Allow for ``budget`` programs more."""
        self._left = self.budget

    def look_at_libraries(self) -> None:
        """Tap the libraries of the machine itself."""
        for pattern in _INSTALLED:
            for path in Path(self.root.path).glob(pattern):
                self._look_at(str(path))

    def look_at_program(self, pid: int) -> None:
        """Tap the program of a process itself: of one that has just begun, before it says anything."""
        self._look_at(f"{self.root.proc}/{pid}/exe")

    def has_begun(self, pid: int) -> None:
        """Likewise, if there is budget: where processes come and go all the time, they do not live on encryption."""
        if self._left > 0:
            self._left -= 1
            self.look_at_program(pid)

    def look(self, pid: int) -> None:
        """Tap what a process uses: libraries, or itself where it has one built in."""
        folder = f"{self.root.proc}/{pid}"
        self.look_at_program(pid)
        program = link(f"{folder}/exe")
        for path in executable(read(f"{folder}/maps")):
            if path != program and PurePosixPath(path).name.startswith("libssl"):
                self._look_at(f"{folder}/root{path}")

    def close(self) -> None:
        """Take all taps away."""
        for descriptors in self._tapped.values():
            for descriptor in descriptors:
                os.close(descriptor)
        self._tapped.clear()

    def _look_at(self, path: str) -> None:
        try:
            with Path(path).open("rb") as file:
                status = os.fstat(file.fileno())
                # What has been deleted gives its number to another one.
                identity = status.st_dev, status.st_ino, status.st_mtime_ns
                if identity in self._tapped or identity in self._idle or self.files >= _MAX_FILES:
                    return
                if len(self._idle) >= _MAX_KNOWN:
                    self._idle.clear()
                self._idle.add(identity)
                found = sites(file)
                if found:
                    held = self._tapped[identity] = []
                for site in found:
                    # By the open file: at the path there may be another one by now, with other instructions.
                    held.append(self.attach(f"/proc/self/fd/{file.fileno()}", site))
        except (FileNotFoundError, ProcessLookupError):
            return  # the process has ended
        except (OSError, ValueError) as problem:
            self.refused(link(path) or path, str(problem))
