"""Compiled objects: what is written to a file is read again, and maps are found by number."""

import struct

import pytest
from causely_plugin_ebpf.kernel.objects import BpfObject, Kind, MapShape, Program, linked, numbered
from hypothesis import given
from hypothesis import strategies as st

LOAD_MAP = 0x18
MAPS = st.builds(MapShape, st.text(max_size=15), *(st.integers(0, 2**32 - 1) for _ in range(5)))
PROGRAMS = st.builds(Program, st.sampled_from(Kind), st.text(max_size=9), st.binary(max_size=64))


def instruction(operation, registers, number):
    return struct.pack("=BBhi", operation, registers, 0, number)


@given(st.lists(MAPS, max_size=4), st.lists(PROGRAMS, max_size=4))
def test_what_is_written_is_read_again(maps, programs):
    wanted = BpfObject(tuple(maps), tuple(programs))
    assert BpfObject.from_json(wanted.to_json()) == wanted


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"maps": [], "programs": [{}]}', '{"maps": [{"no": 1}], "programs": []}']
)
def test_what_is_no_object_is_refused(text):
    with pytest.raises(ValueError, match=r"object|Expecting"):
        BpfObject.from_json(text)


@given(st.lists(st.integers(3, 1000), min_size=1, max_size=5, unique=True), st.data())
def test_descriptors_of_maps_are_put_in_where_their_places_were(descriptors, data):
    places = data.draw(st.lists(st.integers(0, len(descriptors) - 1), max_size=8))
    code = b"".join(instruction(LOAD_MAP, 0x11, descriptors[place]) for place in places)
    assert numbered(code, descriptors) == b"".join(instruction(LOAD_MAP, 0x11, place) for place in places)
    assert linked(numbered(code, descriptors), descriptors) == code


def test_numbers_that_are_no_maps_stay():
    code = instruction(LOAD_MAP, 0x01, 7) + instruction(0xB7, 0x11, 7)
    assert linked(code, [99] * 8) == code


def test_maps_are_made_as_large_as_it_is_asked_for():
    two = BpfObject((MapShape("few", 2, 4, 4, 1, 0), MapShape("many", 9, 8, 8, 1, 0)), ())
    assert [shape.entries for shape in two.resized({"many": 70}).maps] == [1, 70]
    assert two.resized({}) == two
    with pytest.raises(ValueError, match="no map none"):
        two.resized({"none": 3, "few": 2})
