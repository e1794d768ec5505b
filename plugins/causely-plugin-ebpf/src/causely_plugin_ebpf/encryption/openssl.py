"""OpenSSL and its kin: where a library, or a program with one built in, encrypts."""

from __future__ import annotations

from collections.abc import Iterable

from elftools.elf.elffile import ELFFile
from elftools.elf.hash import GNUHashTable
from elftools.elf.sections import SymbolTableSection

from causely_plugin_ebpf.encryption.sites import Site, in_file

FUNCTIONS = ("SSL_read", "SSL_read_ex", "SSL_write", "SSL_write_ex")
"""Of OpenSSL and its kin (https://docs.openssl.org/master/man3/SSL_read/). Programs are called as they are."""

_ENDS = "SSL"
"""The program at the end of each."""


def sites(elf: ELFFile) -> list[Site]:
    """Begin and end of each function that it offers to others."""
    symbols = elf.get_section_by_name(".dynsym")
    if not isinstance(symbols, SymbolTableSection):
        return []
    found = _offsets(elf, symbols, FUNCTIONS)
    return [site for name, at in found.items() for site in (Site(name, at), Site(_ENDS, at, returns=True))]


def _offsets(elf: ELFFile, symbols: SymbolTableSection, functions: Iterable[str]) -> dict[str, int]:
    hashed = elf.get_section_by_name(".gnu.hash")
    table = GNUHashTable(elf, hashed["sh_offset"], symbols) if hashed else None
    found = {}
    for name in functions:
        candidates = [table.get_symbol(name)] if table else symbols.get_symbol_by_name(name) or []
        for symbol in candidates:
            if symbol is not None and symbol["st_shndx"] != "SHN_UNDEF":
                found[name] = in_file(elf, symbol["st_value"])
    return {name: offset for name, offset in found.items() if offset is not None}
