"""Taps: uprobes in the files whose functions encrypt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from attrs import define, field

from causely_core.host import HostRoot, link, read
from causely_plugin_ebpf.encryption.mappings import executable
from causely_plugin_ebpf.encryption.symbols import offsets

FUNCTIONS = ("SSL_read", "SSL_read_ex", "SSL_write", "SSL_write_ex")
"""Of OpenSSL and its kin (https://docs.openssl.org/master/man3/SSL_read/)."""

_INSTALLED = ("usr/lib/*/libssl.so.*", "usr/lib/libssl.so.*", "usr/lib64/libssl.so.*")
"""Where distributions have the library: who uses it may come and go before a process is looked at."""

_MAX_FILES = 256
"""Files that are tapped at most; each takes eight probes in the kernel."""


@define
class Taps:
    """Taps each file once, whichever processes use it.

    Attributes:
        root: the machine.
        attach: taps the function of a name, which begins so many bytes from the beginning of the file at a path, until
            the descriptors that it gives are closed.
        refused: called with a file that cannot be tapped, and the reason.
    """

    root: HostRoot
    attach: Callable[[str, str, int], list[int]]
    refused: Callable[[str, str], None]
    _tapped: dict[tuple[int, int], list[int]] = field(factory=dict, init=False)

    @property
    def files(self) -> int:
        """How many files are tapped."""
        return sum(map(bool, self._tapped.values()))

    def look_at_libraries(self) -> None:
        """Tap the libraries of the machine itself."""
        for pattern in _INSTALLED:
            for path in Path(self.root.path).glob(pattern):
                self._look_at(str(path))

    def look(self, pid: int) -> None:
        """Tap what a process uses: libraries, or itself where it has one built in."""
        folder = f"{self.root.proc}/{pid}"
        program = link(f"{folder}/exe")
        for path in executable(read(f"{folder}/maps")):
            if path == program or PurePosixPath(path).name.startswith("libssl"):
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
                identity = status.st_dev, status.st_ino
                if identity not in self._tapped and self.files < _MAX_FILES:
                    held = self._tapped[identity] = []
                    for name, offset in offsets(file, FUNCTIONS).items():
                        held.extend(self.attach(name, path, offset))
        except FileNotFoundError:
            return  # the process has ended
        except (OSError, ValueError) as problem:
            self.refused(path, str(problem))
