"""Go's crypto/tls: where a program that was built with it hands over what it says, and gets what it hears."""

from __future__ import annotations

from collections.abc import Iterator

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Section

from causely_plugin_ebpf.encryption.go_code import GoCode
from causely_plugin_ebpf.encryption.go_table import GoTable, Read
from causely_plugin_ebpf.encryption.sites import Site, in_file

_CONN = "crypto/tls.(*Conn)."
_READ, _COPY = f"{_CONN}Read", "runtime.memmove"
_PROGRAMS = {
    _READ: ("go_tls_read", "go_tls_read_returns"),
    f"{_CONN}Write": ("go_tls_write", ""),
    f"{_CONN}clientHandshake": ("go_tls_handshake", "go_tls_handshake_returns"),
    f"{_CONN}serverHandshake": ("go_tls_handshake", "go_tls_handshake_returns"),
}
"""What runs where a function begins, and where it returns. Their names are the same since Go 1.17."""

_COPIES = "go_tls_read_copies"
"""What runs, better than where it returns, where what was read is copied: in the only call of its kind."""

_MACHINES = ("x64", "AArch64")
_BUILT, _MODULE = ".go.buildinfo", ".go.module"
_TABLES = (".gopclntab", ".data.rel.ro.gopclntab")

_FLAGS_AT, _VERSION_HERE = 15, 2
"""Of .go.buildinfo (debug/buildinfo): from Go 1.18 on the version itself is there. Go 1.18 is also the first that hands
arguments over in registers on both machines."""

_TEXT_AT = 22 * 8
"""Of ``moduledata.text`` (runtime/symtab.go), which from Go 1.26 on has a section of its own."""

_LONGEST = 1 << 16


def sites(elf: ELFFile) -> list[Site]:
    """All in a Go program; none in what is no Go program, has no crypto/tls, or was built by Go before 1.18.

    Raises:
        ValueError: its functions are not where they seem to be.
    """
    built = elf.get_section_by_name(_BUILT)
    if built is None or elf.get_machine_arch() not in _MACHINES:
        return []
    if not _reader(elf, built)(_FLAGS_AT, 1)[0] & _VERSION_HERE:
        return []
    section = next(filter(None, map(elf.get_section_by_name, _TABLES)), None)
    if section is None:
        return []
    table = GoTable.parse(_reader(elf, section))
    found = table.find([*_PROGRAMS, _COPY])
    if _READ not in found:
        return []
    present = [name for name in _PROGRAMS if name in found]
    problem = ValueError("a Go program does not tell where its code begins")
    for start in _text_starts(elf, table):
        try:
            return [site for name in present for site in _of_function(elf, start, name, found)]
        except ValueError as wrong:
            problem = wrong
    raise problem


def _of_function(elf: ELFFile, start: int, name: str, functions: dict[str, tuple[int, int]]) -> Iterator[Site]:
    begin, end = functions[name]
    length = end - begin
    offset = in_file(elf, start + begin, length) if 0 < length <= _LONGEST else None
    if offset is None:
        raise ValueError(f"{name} is not in the file")
    elf.stream.seek(offset)
    code = GoCode.parse(elf.stream.read(length), elf.get_machine_arch(), begin)
    enters, leaves = _PROGRAMS[name]
    yield Site(enters, offset + code.begins)
    copy = functions.get(_COPY, (-1, -1))[0]
    copies = [at for at, called in code.calls if called == copy]
    if name == _READ and len(copies) == 1:
        yield Site(_COPIES, offset + copies[0])
    elif leaves:
        yield from (Site(leaves, offset + at) for at in code.returns)


def _text_starts(elf: ELFFile, table: GoTable) -> Iterator[int]:
    """Where Go's code may begin: each word for it may lack until the program is loaded, or mean C's code before it."""
    module, text = elf.get_section_by_name(_MODULE), elf.get_section_by_name(".text")
    if module is not None:
        yield int.from_bytes(_reader(elf, module)(_TEXT_AT, 8), "little")
    yield table.text_start
    if text is not None:
        yield text["sh_addr"]


def _reader(elf: ELFFile, section: Section) -> Read:
    begin, size = section["sh_offset"], section["sh_size"]

    def read(offset: int, length: int) -> bytes:
        elf.stream.seek(begin + offset)
        found: bytes = elf.stream.read(length) if 0 <= offset <= size - length else b""
        if len(found) < length:
            raise ValueError(f"section {section.name} is cut")
        return found

    return read
