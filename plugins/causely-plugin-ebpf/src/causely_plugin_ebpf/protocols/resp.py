"""RESP, the serialization of Redis: where each value begins and ends, and how it begins."""

from __future__ import annotations

import re
from typing import NamedTuple

_MAX_LINE = 512
_MAX_ITEMS = 1 << 24
_LINE = re.compile(rb"([*$%~>|:,#_(!=+-])([^\r\n]*)\r\n")
_INLINE = re.compile(rb"[A-Za-z]{2,32}(?: [^\r\n]*)?\r?\n")
_NESTING = {42: 1, 126: 1, 62: 1, 37: 2, 124: 2}
"""Types that hold other values, and how many for each one counted: * ~ > and maps % |."""
_BULK = b"$!="
_WORD = 64


class Value(NamedTuple):
    """A value of the outermost level.

    Attributes:
        started: when its first byte was seen.
        line: its first line without the line end, as much as is kept of it.
        word: the beginning of its first string, if it is an array of which the first item is one.
    """

    started: int
    line: bytes
    word: bytes


class Values:
    """Cuts what one side says into values; what is inside of them is passed over."""

    def __init__(self, inline: bool) -> None:
        self._inline = inline
        self._items = 0
        self._skip = 0
        self._carry = b""
        self._carried_at = 0
        self._began = 0
        self._started = 0
        self._line = b""
        self._word: bytes | None = None

    @property
    def inside(self) -> bool:
        """Whether a value has begun and not ended yet."""
        return self._items > 0 or bool(self._carry)

    def cut(self, at: int, length: int, head: bytes, turned: bool) -> list[Value]:
        """The values that end in a segment; ``turned``: the other side has spoken since the last one."""
        if self._items and turned and self._begins(head):
            self._forget()
        carry, self._carry = self._carry, b""
        self._began = self._carried_at if carry else at
        return self._values(at, length + len(carry), carry + head if carry else head, 0)

    def _values(self, at: int, length: int, head: bytes, pos: int) -> list[Value]:
        found: list[Value] = []
        while pos < length:
            if self._skip:
                taken = min(self._skip, length - pos)
                self._skip -= taken
                pos += taken
                if self._skip:
                    break
            else:
                pos = self._line_at(at, length, head, pos)
                if pos < 0:
                    break
            if self._items == 0 and not self._skip:
                found.append(Value(self._started, self._line, self._word or b""))
        return found

    def _line_at(self, at: int, length: int, head: bytes, pos: int) -> int:
        """Take the line at ``pos``; returns where the next thing begins, -1 when nothing more can be told."""
        match = _LINE.match(head, pos)
        if match is None:
            return self._no_line(at, length, head, pos)
        kind, text = match[1][0], match[2]
        if self._items == 0:
            self._begin(at, match[0][:-2])
        self._items -= 1
        if kind in _NESTING or kind in _BULK:
            count = int(text) if text[:10].isdigit() and len(text) <= 10 else -1
            if count < 0 and text != b"-1":
                self._forget()
                return -1
            if count > 0 and kind in _BULK and self._word_is_cut(count, length, head, match.end()):
                self._items += 1
                self._keep(head[pos:])
                return -1
            return self._sized(kind, max(count, 0), head, match.end(), text == b"-1")
        return match.end()

    def _word_is_cut(self, count: int, length: int, head: bytes, pos: int) -> bool:
        wanted = self._word is None and self._line[:1] == b"*" and count <= _WORD
        return wanted and pos + count > len(head) == length

    def _sized(self, kind: int, count: int, head: bytes, pos: int, null: bool) -> int:
        if kind in _NESTING:
            self._items += min(count, _MAX_ITEMS) * _NESTING[kind] + (kind == 124)
        elif not null:
            self._skip = count + 2
            if self._word is None and self._line[:1] in b"*>":
                self._word = head[pos : pos + min(count, _WORD)]
        return pos

    def _no_line(self, at: int, length: int, head: bytes, pos: int) -> int:
        """What is at ``pos`` is an inline command, a line that is cut, or nothing known."""
        whole = len(head) == length
        if self._inline and self._items == 0 and (match := _INLINE.match(head, pos)):
            self._begin(at, match[0].split()[0])
            self._items = 0
            return match.end()
        if self._items == 0 and not whole and head[pos : pos + 1] in b"+-":
            self._begin(at, head[pos : pos + _MAX_LINE])
            self._items = 0
            return length
        if (
            whole
            and length - pos < _MAX_LINE
            and b"\n" not in head[pos:]
            and (self._items or self._may_begin(head[pos:]))
        ):
            self._keep(head[pos:])
        else:
            self._forget()
        return -1

    def _keep(self, rest: bytes) -> None:
        self._carry, self._carried_at = rest, self._began

    def _begin(self, at: int, line: bytes) -> None:
        self._started, self._began = self._began, at
        self._line, self._word, self._items = line, None, 1

    def _begins(self, head: bytes) -> bool:
        match = _LINE.match(head)
        return match is not None and (match[1] == b"*" or not self._inline)

    def _may_begin(self, rest: bytes) -> bool:
        return rest[0] in b"*$%~>|:,#_(!=+-" or (self._inline and rest[:1].isalpha())

    def _forget(self) -> None:
        self._items = self._skip = 0
        self._carry = b""
