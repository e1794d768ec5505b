"""The ledger: an append-only, bounded record of everything that crossed the boundary."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from attrs import define, field

from causely_core.egress.crossing import Crossing

NAME = "egress.jsonl"
MAX_BYTES = 4 * 1024 * 1024
"""Bytes of one file."""
FILES = 5
"""Files kept: ``egress.jsonl`` and, older and older, ``egress.jsonl.1`` to ``.4``."""

ATTEMPTS = 100
"""How often a reader tries to open all files between two rotations, which are minutes apart at the least."""


@define(eq=False)
class Ledger:
    """Writes crossings as JSON lines to ``<data_dir>/egress.jsonl``.

    One write call a crossing, which is a whole delta and not an item: that is cheap (about 10 microseconds)
    and leaves nothing behind in the process when it is killed.
    """

    data_dir: Path
    max_bytes: int = MAX_BYTES
    files: int = FILES
    _file: BinaryIO = field(init=False)
    _size: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        """Open the newest file to append.

        Raises:
            OSError: the folder cannot be written.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._open()
        self._end_line()

    def record(self, crossing: Crossing) -> None:
        """Append one line; rotates before a file would grow over ``max_bytes``."""
        line = crossing.to_json().encode() + b"\n"
        if self._size and self._size + len(line) > self.max_bytes:
            self._rotate()
        self._append(line)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _append(self, line: bytes) -> None:
        self._file.write(line)
        self._size += len(line)

    def _open(self) -> None:
        self._file = (self.data_dir / NAME).open("ab", buffering=0)
        self._size = os.fstat(self._file.fileno()).st_size

    def _end_line(self) -> None:
        if self._size and (self.data_dir / NAME).read_bytes()[-1:] != b"\n":
            # A power failure may leave half a line; the next one must not be glued to it.
            self._append(b"\n")

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self.files - 1, 0, -1):
            newer = _path(self.data_dir, number - 1)
            if newer.exists():
                newer.replace(_path(self.data_dir, number))
        self._open()


def read_ledger(data_dir: Path, last: int | None = None, since: float | None = None) -> list[Crossing]:
    """Crossings, oldest first, also while a ledger is being written.

    Args:
        data_dir: the folder of the process that writes.
        last: only so many of the newest.
        since: only from this time on, seconds since the epoch.
    """
    crossings = (crossing for line in _lines(data_dir) if (crossing := Crossing.from_json(line)) is not None)
    wanted = (crossing for crossing in crossings if since is None or crossing.time >= since)
    return list(deque(wanted, maxlen=last))


def _lines(data_dir: Path) -> Iterator[str]:
    with ExitStack() as stack:
        for file in reversed(_open_all(data_dir, stack)):
            yield from (line.decode(errors="replace") for line in file)


def _open_all(data_dir: Path, stack: ExitStack) -> list[BinaryIO]:
    """The files, newest first, as they all were at one moment between two steps of a rotation.

    They are opened, then looked at again: if each name still leads to the file opened by it, no step came
    between. An open file's inode is not given to a new one, so that equal inodes mean the same file.
    """
    for _ in range(ATTEMPTS):
        paths = [_path(data_dir, number) for number in range(_count(data_dir))]
        files = [file for path in paths if (file := _open_one(path, stack)) is not None]
        if [os.fstat(file.fileno()).st_ino for file in files] == [
            inode for path in paths if (inode := _inode(path)) is not None
        ]:
            break
    return files


def _open_one(path: Path, stack: ExitStack) -> BinaryIO | None:
    try:
        return stack.enter_context(path.open("rb"))
    except FileNotFoundError:
        return None


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _count(data_dir: Path) -> int:
    numbers = [path.name.removeprefix(f"{NAME}.") for path in data_dir.glob(f"{NAME}.*")]
    return 2 + max((int(number) for number in numbers if number.isdecimal()), default=0)


def _path(data_dir: Path, number: int) -> Path:
    return data_dir / (f"{NAME}.{number}" if number else NAME)
