"""Where functions of Go return: instructions, not bytes that look like them."""

import pytest
from causely_plugin_ebpf.encryption.go_code import returns
from hypothesis import given
from hypothesis import strategies as st

X64, ARM = "x64", "AArch64"
BEGIN = {X64: bytes.fromhex("493b6610"), ARM: bytes.fromhex("900b40f9")}  # cmp rsp, [r14+16]; ldr x16, [x28, #16]
LARGE = bytes.fromhex("4c8da42480f0ffff4d3b6610")  # lea r12, [rsp-0xf80]; cmp r12, [r14+16]
RET = {X64: b"\xc3", ARM: bytes.fromhex("c0035fd6")}
OTHER = {X64: bytes.fromhex("b8c3c3c3c3"), ARM: bytes.fromhex("1f2003d5")}  # mov eax, 0xc3c3c3c3; nop
PADDING = {X64: b"\xcc" * 7, ARM: bytes(8)}


@pytest.mark.parametrize("machine", [X64, ARM])
@given(st.data())
def test_each_return_is_found_and_nothing_that_only_looks_like_one(machine, data):
    kinds = data.draw(st.lists(st.sampled_from([RET, OTHER]), max_size=30))
    code, expected = BEGIN[machine], []
    for kind in kinds:
        expected += [len(code)] if kind is RET else []
        code += kind[machine]
    assert returns(code + PADDING[machine], machine) == expected


def test_functions_with_large_frames_compare_later():
    assert returns(LARGE + RET[X64], X64) == [len(LARGE)]


@pytest.mark.parametrize("code", [b"", RET[X64], OTHER[X64] * 3 + BEGIN[X64]])
def test_what_does_not_begin_as_functions_of_go_do_is_refused(code):
    with pytest.raises(ValueError, match="begin"):
        returns(code, X64)


def test_what_cannot_be_told_apart_is_refused():
    with pytest.raises(ValueError, match="not known, 06"):
        returns(BEGIN[X64] + RET[X64] + b"\x06\x01\x02", X64)  # no instruction of 64-bit programs


@given(st.sampled_from([X64, ARM]), st.binary(max_size=64))
def test_nothing_else_is_raised(machine, rest):
    try:
        found = returns(BEGIN[machine] + rest, machine)
    except ValueError:
        return
    assert all(at < len(BEGIN[machine] + rest) for at in found)
