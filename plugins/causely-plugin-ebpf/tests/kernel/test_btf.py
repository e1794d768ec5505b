"""Fields of structures, by the types that a kernel tells."""

import platform
import struct

import pytest
from causely_plugin_ebpf.kernel.btf import RUNNING, KernelTypes
from hypothesis import given
from hypothesis import strategies as st

INT, STRUCT, UNION = 1, 4, 5


class Types:
    """Types in the kernel's format (Documentation/bpf/btf.rst), put together one by one."""

    def __init__(self):
        self.types, self.strings, self.count = b"", b"\0", 0

    def name(self, text):
        at = len(self.strings) if text else 0
        self.strings += text.encode() + b"\0" if text else b""
        return at

    def add(self, name, kind, size, members=()):
        """A type; members are names, types and bits. Gives its number."""
        rows = b"".join(struct.pack("=3I", self.name(field), type, bits) for field, type, bits in members)
        extra = struct.pack("=I", 32) if kind == INT else b""
        self.types += struct.pack("=3I", self.name(name), kind << 24 | len(members), size) + extra + rows
        self.count += 1
        return self.count

    def content(self):
        sizes = 0, len(self.types), len(self.types), len(self.strings)
        return struct.pack("=HBB5I", 0xEB9F, 1, 0, 24, *sizes) + self.types + self.strings


FIELDS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=8), st.integers(0, 4000), min_size=1, max_size=9)


@given(FIELDS, st.integers(0, 5))
def test_fields_are_found_whatever_lies_before(fields, before):
    types = Types()
    number = types.add("int", INT, 4)
    for _ in range(before):
        types.add("other", STRUCT, 8, [("x", number, 0)])
    types.add("wanted", STRUCT, 4096, [(name, number, offset * 8) for name, offset in fields.items()])
    assert KernelTypes.parse(types.content()).offsets("wanted", tuple(fields)) == fields


def test_fields_of_nameless_members_count_from_the_whole():
    types = Types()
    number = types.add("int", INT, 4)
    pair = types.add("", STRUCT, 4, [("port", number, 0), ("num", number, 16)])
    either = types.add("", UNION, 4, [("both", number, 0), ("", pair, 0)])
    types.add("sock", STRUCT, 64, [("address", number, 0), ("", either, 96)])
    assert KernelTypes.parse(types.content()).offsets("sock", ("num", "both")) == {"num": 14, "both": 12}


@pytest.mark.parametrize("content", [b"", b"\x7fELF" + bytes(40), bytes(24)])
def test_what_are_no_types(content):
    with pytest.raises(ValueError, match="expected BTF"):
        KernelTypes.parse(content)


@pytest.mark.parametrize(("structure", "field"), [("wanted", "b"), ("other", "a")])
def test_what_this_kernel_does_not_have_is_told(structure, field):
    types = Types()
    types.add("wanted", STRUCT, 4, [("a", types.add("int", INT, 4), 0)])
    with pytest.raises(ValueError, match=f"struct {structure} of this kernel has no {field}"):
        KernelTypes.parse(types.content()).offsets(structure, (field,))


@pytest.mark.skipif(not RUNNING.exists() or platform.machine() != "x86_64", reason="this kernel tells no such types")
def test_registers_are_where_programs_look_for_them():
    wanted = {"r10": 56, "dx": 96, "si": 104, "di": 112, "orig_ax": 120, "ip": 128}
    assert KernelTypes.parse(RUNNING.read_bytes()).offsets("pt_regs", tuple(wanted)) == wanted
