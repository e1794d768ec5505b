"""Where functions begin in an ELF file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.hash import GNUHashTable
from elftools.elf.sections import SymbolTableSection


def offsets(file: BinaryIO, functions: Iterable[str]) -> dict[str, int]:
    """Bytes from the beginning of the file to each of ``functions`` that it offers to others.

    Raises:
        ValueError: it is no ELF file, or a broken one.
    """
    try:
        elf = ELFFile(file)
        symbols = elf.get_section_by_name(".dynsym")
        if not isinstance(symbols, SymbolTableSection):
            return {}
        hashed = elf.get_section_by_name(".gnu.hash")
        table = GNUHashTable(elf, hashed["sh_offset"], symbols) if hashed else None
        found = {}
        for name in functions:
            candidates = [table.get_symbol(name)] if table else symbols.get_symbol_by_name(name) or []
            for symbol in candidates:
                if symbol is not None and symbol["st_shndx"] != "SHN_UNDEF":
                    found[name] = _in_file(elf, symbol["st_value"])
        return {name: offset for name, offset in found.items() if offset is not None}
    except (ELFError, AssertionError, KeyError, UnicodeDecodeError, OverflowError) as problem:
        raise ValueError(f"no ELF file that can be read: {problem}") from problem


def _in_file(elf: ELFFile, address: int) -> int | None:
    return next(iter(elf.address_offsets(address)), None)
