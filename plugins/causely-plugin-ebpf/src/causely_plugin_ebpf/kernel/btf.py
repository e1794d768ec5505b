"""Where fields of structures are in the running kernel, as it says itself (Documentation/bpf/btf.rst)."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

RUNNING = Path("/sys/kernel/btf/vmlinux")

_MAGIC = 0xEB9F
_STRUCT, _UNION = 4, 5
_WORDS_EACH = {4: 3, 5: 3, 6: 2, 13: 2, 15: 3, 19: 3}
"""Words for each of the elements that a type says it has, by kind: of structures and unions their members, ..."""
_WORDS_MORE = {1: 1, 3: 3, 14: 1, 17: 1}
"""Words that types of a kind have besides, always."""


@frozen
class KernelTypes:
    """The types of one kernel.

    Attributes:
        words: all types, one behind the other.
        strings: all names, each ended by a zero.
    """

    words: array[int]
    strings: bytes

    @classmethod
    def parse(cls, content: bytes) -> KernelTypes:
        """Of the content of a file like :data:`RUNNING`.

        Raises:
            ValueError: it is none.
        """
        if len(content) < 24 or struct.unpack_from("=H", content)[0] != _MAGIC:
            raise ValueError("no kernel types, expected BTF")
        header, types, size, strings, length = struct.unpack_from("=5I", content, 4)
        words = array("I")
        words.frombytes(content[header + types : header + types + size])
        return cls(words, content[header + strings : header + strings + length])

    def offsets(self, structure: str, fields: tuple[str, ...]) -> dict[str, int]:
        """Bytes from the beginning of ``structure`` to its ``fields``, those within nameless members as well.

        Raises:
            ValueError: there is no such structure, or a field is missing.
        """
        places, name = self._places(), self.strings.find(f"\0{structure}\0".encode()) + 1
        found: dict[str, int] = {}
        for at in places:
            if self.words[at] == name and self._kind(at) == _STRUCT:
                found = dict(self._fields(places, at, 0))
                break
        if missing := [field for field in fields if field not in found]:
            raise ValueError(f"struct {structure} of this kernel has no {', '.join(missing)}")
        return {field: found[field] for field in fields}

    def _fields(self, places: list[int], at: int, begin: int) -> Iterator[tuple[str, int]]:
        for member in range(at + 3, at + 3 + 3 * (self.words[at + 1] & 0xFFFF), 3):
            name, type, bits = self.words[member : member + 3]
            offset = begin + (bits & 0xFFFFFF) // 8
            if name:
                yield self.strings[name : self.strings.index(b"\0", name)].decode(), offset
            elif self._kind(places[type - 1]) in (_STRUCT, _UNION):
                yield from self._fields(places, places[type - 1], offset)

    def _kind(self, at: int) -> int:
        return self.words[at + 1] >> 24 & 0x1F

    def _places(self) -> list[int]:
        """Where each type begins, by its number less one."""
        places, at, words = [], 0, self.words
        while at < len(words):
            places.append(at)
            said = words[at + 1]
            kind = said >> 24 & 0x1F
            at += 3 + _WORDS_MORE.get(kind, 0) + _WORDS_EACH.get(kind, 0) * (said & 0xFFFF)
        return places
