"""Compiled programs and their maps, as they are kept in a file: to be loaded without a compiler."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from attrs import asdict, evolve, frozen

_LOAD_64 = 0x18
_MAP_BY_FD = 1


@frozen
class MapShape:
    """What a map is made of; see :func:`causely_plugin_ebpf.kernel.bpf.create_map`."""

    name: str
    type: int
    key: int
    value: int
    entries: int
    flags: int


class Kind(StrEnum):
    """What programs run at. The values are what the names of their functions begin with."""

    TRACEPOINT = "tracepoint"
    RAW_TRACEPOINT = "raw_tracepoint"
    UPROBE = "uprobe"
    URETPROBE = "uretprobe"
    SAMPLE = "sample"


@frozen
class Program:
    """One function of the source.

    Attributes:
        kind: what it runs at.
        event: the tracepoint (``category:name`` or, raw, its name); of others, what they are called in the source.
        instructions: with the number of a map, in the order of the object's maps, where its descriptor goes.
    """

    kind: Kind
    event: str
    instructions: bytes


@frozen
class BpfObject:
    """All that was compiled of one source."""

    maps: tuple[MapShape, ...]
    programs: tuple[Program, ...]

    def resized(self, entries: Mapping[str, int]) -> BpfObject:
        """With other numbers of ``entries`` in the maps of these names: no instruction depends on them.

        Raises:
            ValueError: there is no such map.
        """
        unknown = entries.keys() - {each.name for each in self.maps}
        if unknown:
            raise ValueError(f"no map {', '.join(sorted(unknown))}")
        maps = (evolve(each, entries=entries.get(each.name, each.entries)) for each in self.maps)
        return evolve(self, maps=tuple(maps))

    def to_json(self) -> str:
        """For a file."""
        programs = [
            asdict(each) | {"instructions": base64.b64encode(each.instructions).decode()} for each in self.programs
        ]
        return json.dumps({"maps": [asdict(each) for each in self.maps], "programs": programs})

    @classmethod
    def from_json(cls, text: str) -> BpfObject:
        """From a file's text.

        Raises:
            ValueError: it is not what :meth:`to_json` writes.
        """
        try:
            said: dict[str, Any] = json.loads(text)
            programs = (
                Program(Kind(each["kind"]), each["event"], base64.b64decode(each["instructions"]))
                for each in said["programs"]
            )
            return cls(tuple(MapShape(**each) for each in said["maps"]), tuple(programs))
        except (KeyError, TypeError) as problem:
            raise ValueError(f"no compiled object: {problem}") from problem


def numbered(instructions: bytes, descriptors: Sequence[int]) -> bytes:
    """``instructions`` with the places in ``descriptors`` instead of these."""
    return _replaced(instructions, {descriptor: place for place, descriptor in enumerate(descriptors)})


def linked(instructions: bytes, descriptors: Sequence[int]) -> bytes:
    """``instructions`` with ``descriptors`` instead of their places."""
    return _replaced(instructions, dict(enumerate(descriptors)))


def _replaced(instructions: bytes, numbers: Mapping[int, int]) -> bytes:
    """Each instruction has eight bytes: operation, registers, offset, and a number (linux/bpf.h, ``bpf_insn``)."""
    changed = bytearray(instructions)
    for at in range(0, len(changed), 8):
        operation, registers, _, number = struct.unpack_from("=BBhi", changed, at)
        if operation == _LOAD_64 and registers >> 4 == _MAP_BY_FD:
            struct.pack_into("=i", changed, at + 4, numbers[number])
    return bytes(changed)
