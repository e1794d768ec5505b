"""Where programs and libraries encrypt: what is found is compared with the symbols that the linker has left."""

import io
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from causely_plugin_ebpf.encryption.binaries import sites
from elftools.elf.elffile import ELFFile
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import NOT_INLINED

RET = {"amd64": b"\xc3", "arm64": bytes.fromhex("c0035fd6")}
NAMES = {
    "go_tls_read": ["crypto/tls.(*Conn).Read"],
    "go_tls_write": ["crypto/tls.(*Conn).Write"],
    "go_tls_handshake": ["crypto/tls.(*Conn).clientHandshake", "crypto/tls.(*Conn).serverHandshake"],
}
WAYS = {
    "usual": {},
    "arm64": {"machine": "arm64"},
    "position-independent": {"options": ["-buildmode=pie"]},
    "not inlined": {"options": [NOT_INLINED]},
    "linked with C": {"options": ["-ldflags=-linkmode=external"], "cgo": "1"},
}


def symbols(path):
    """Offsets in the file by name."""
    with path.open("rb") as file:
        elf = ELFFile(file)
        all = elf.get_section_by_name(".symtab").iter_symbols()
        wanted = {symbol.name: symbol["st_value"] for symbol in all if symbol.name.startswith("crypto/tls.(*Conn).")}
        return {name: next(elf.address_offsets(at)) for name, at in wanted.items()}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_functions_of_go_are_where_its_symbols_say(build, way):
    if way == "linked with C" and not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    options = WAYS[way].get("options", [])
    path = build(*options, machine=WAYS[way].get("machine", ""), cgo=WAYS[way].get("cgo", "0"))
    with path.open("rb") as file:
        found = sites(file)
    known = symbols(path)
    for program, names in NAMES.items():
        begin = sorted(site.offset for site in found if site.program == program)
        for at, function in zip(begin, sorted(known[name] for name in names), strict=True):
            assert function < at < function + 32
    content, ret = path.read_bytes(), RET[WAYS[way].get("machine") or "amd64"]
    assert sum(site.program == "go_tls_read_copies" for site in found) == (way != "not inlined")
    assert any(site.program == "go_tls_read_returns" for site in found) == (way == "not inlined")
    ends = [site.offset for site in found if site.program.endswith("returns")]
    assert len(ends) > 3
    assert all(content[at : at + len(ret)] == ret for at in ends)
    assert not any(site.returns for site in found)


def test_a_program_without_symbols_has_the_same_sites(build, talking):
    with Path(talking).open("rb") as bare, build().open("rb") as whole:
        assert [site.program for site in sites(bare)] == [site.program for site in sites(whole)]


def test_a_go_program_that_does_not_encrypt_has_none(build, tmp_path):
    source = tmp_path / "silent.go"
    source.write_text('package main\n\nfunc main() { println("silent") }\n')
    with build(source=source).open("rb") as file:
        assert sites(file) == []


def test_a_program_in_another_language_has_none():
    with Path("/bin/true").open("rb") as file:
        assert sites(file) == []


def test_what_is_no_elf_file_is_told():
    with pytest.raises(ValueError, match="no ELF file"):
        sites(io.BytesIO(b"#!/bin/sh\n"))


@settings(max_examples=300)
@given(st.data())
def test_broken_files_are_refused_or_tell_something(data):
    content = bytearray(Path("/bin/true").read_bytes())
    sections = int.from_bytes(content[40:48], "little")
    places = st.one_of(st.integers(0, 63), st.integers(sections, len(content) - 1), st.integers(0, len(content) - 1))
    for place in data.draw(st.lists(places, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    with suppress(ValueError):
        sites(io.BytesIO(bytes(content[: data.draw(st.integers(0, len(content)))])))
