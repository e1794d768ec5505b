"""Where functions of Go begin, call and return: instructions, not bytes that look like them."""

import pytest
from causely_plugin_ebpf.encryption.go_code import GoCode
from hypothesis import given
from hypothesis import strategies as st

X64, ARM = "x64", "AArch64"
GUARD = {X64: "493b6610", ARM: "900b40f9 ff6330eb"}  # cmp rsp, [r14+16]; ldr x16, [x28, #16], cmp sp, x16
BRANCH = {X64: "7607", ARM: "e9000054"}  # jbe; b.ls
LARGE = {X64: "4c8da42480f0ffff 4d3b6610", ARM: "900b40f9 f18346d1 3f0210eb"}  # lea r12, [rsp-n]; sub x17, sp, #n
RET = {X64: "c3", ARM: "c0035fd6"}
CALL = {X64: "e8 fbff0000", ARM: "00400094"}  # 0x10000 bytes from here; on x64 counted from the next instruction
OTHER = {X64: "b8c3c3c3c3", ARM: "1f2003d5"}  # mov eax, 0xc3c3c3c3; nop
PADDING = {X64: "cc" * 7, ARM: "00" * 8}


def code(machine, *parts):
    return b"".join(bytes.fromhex(part[machine]) for part in parts)


BEGIN = {machine: f"{GUARD[machine]} {BRANCH[machine]}" for machine in (X64, ARM)}


@pytest.mark.parametrize("machine", [X64, ARM])
@given(st.data())
def test_each_return_and_call_is_found_and_nothing_that_only_looks_like_one(machine, data):
    kinds, address = data.draw(st.lists(st.sampled_from([RET, CALL, OTHER]), max_size=30)), 0x401000
    places, whole = [], code(machine, BEGIN)
    for kind in kinds:
        places.append(len(whole))
        whole += code(machine, kind)
    found = GoCode.parse(whole + code(machine, PADDING), machine, address)
    assert found.begins == len(code(machine, GUARD))
    assert found.returns == [at for at, kind in zip(places, kinds, strict=True) if kind is RET]
    called = [(at, address + at + 0x10000) for at, kind in zip(places, kinds, strict=True) if kind is CALL]
    assert found.calls == called


@pytest.mark.parametrize("machine", [X64, ARM])
def test_functions_with_large_frames_branch_later(machine):
    found = GoCode.parse(code(machine, LARGE, BRANCH, RET), machine)
    assert found.begins == len(code(machine, LARGE))


@pytest.mark.parametrize("parts", [(), (RET,), (GUARD, RET), (BRANCH, GUARD, RET), (*[OTHER] * 9, BEGIN)])
def test_what_does_not_begin_as_functions_of_go_do_is_refused(parts):
    with pytest.raises(ValueError, match="begin"):
        GoCode.parse(code(X64, *parts), X64)


def test_what_cannot_be_told_apart_is_refused():
    with pytest.raises(ValueError, match="not known, 06"):
        GoCode.parse(code(X64, BEGIN, RET) + b"\x06\x01\x02", X64)  # no instruction of 64-bit programs


@given(st.sampled_from([X64, ARM]), st.binary(max_size=64))
def test_nothing_else_is_raised(machine, rest):
    whole = code(machine, BEGIN) + rest
    try:
        found = GoCode.parse(whole, machine)
    except ValueError:
        return
    assert all(at < len(whole) for at in found.returns)
