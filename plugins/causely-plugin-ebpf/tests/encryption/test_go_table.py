"""Go's table of functions: what a linker has written is found, and nothing else does harm."""

import struct

import pytest
from causely_plugin_ebpf.encryption.go_table import GoTable
from hypothesis import given
from hypothesis import strategies as st

HEADER = struct.Struct("<IxxBB8Q")
NAMES = st.lists(st.text("abc/.(*)", min_size=1, max_size=12), min_size=1, max_size=40, unique=True)


def reader(content):
    def read(offset, length):
        if offset < 0 or offset + length > len(content):
            raise ValueError("cut")
        return content[offset : offset + length]

    return read


def table(lengths, *, layout=0xFFFFFFF1, text=0x401000, gap=24):
    """As cmd/link writes it: names, then begin and place of each function, then what is known of each."""
    names, at = b"\0", {}
    for name in lengths:
        at[name] = len(names)
        names += name.encode() + b"\0"
    begins, described, descriptions = b"", b"", 8 * len(lengths) + 8
    begin = 64
    for name, length in lengths.items():
        begins += struct.pack("<2I", begin, descriptions + len(described))
        described += struct.pack("<2I", begin, at[name]).ljust(gap, b"\1")
        begin += length
    places = HEADER.size + len(names)
    header = HEADER.pack(layout, 1, 8, len(lengths), 0, text, HEADER.size, places, 0, 0, places)
    return header + names + begins + struct.pack("<2I", begin, 0) + described


@given(NAMES, st.data())
def test_functions_are_found_by_name(names, data):
    lengths = {name: data.draw(st.integers(1, 500)) for name in names}
    wanted = data.draw(st.lists(st.sampled_from(names), max_size=4, unique=True))
    begin, bounds = 64, {}
    for name, length in lengths.items():
        bounds[name] = begin, begin + length
        begin += length
    found = GoTable.parse(reader(table(lengths)))
    assert found.text_start == 0x401000
    assert found.find([*wanted, "none"]) == {name: bounds[name] for name in wanted}


def test_many_functions_are_read_piece_by_piece():
    lengths = {f"f{number}": 16 for number in range(20_000)}
    content = table(lengths)
    asked = []

    def read(offset, length):
        asked.append(length)
        return reader(content)(offset, length)

    assert GoTable.parse(read).find(["f19999"]) == {"f19999": (64 + 16 * 19_999, 64 + 16 * 20_000)}
    assert max(asked) < len(content) / 2


@given(st.data())
def test_what_is_broken_is_refused_or_tells_something(data):
    content = bytearray(table(dict.fromkeys(("a", "b", "c"), 32)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    try:
        found = GoTable.parse(reader(bytes(content))).find(["a", "b", "c"])
    except ValueError:
        return
    assert found.keys() <= {"a", "b", "c"}


@pytest.mark.parametrize("layout", [0xFFFFFFFA, 0xFFFFFFFB, 0])
def test_other_layouts_are_told(layout):
    with pytest.raises(ValueError, match=f"{layout:#x}.*expected Go"):
        GoTable.parse(reader(table({"a": 1}, layout=layout)))
