"""Code of Go's functions: whether it is one, and where it returns.

Return probes as for other languages are not for Go, whose stacks move, with the places to return to in them. So
instructions are told apart by what knows all of them; bytes that look like one may be a part of another.
"""

from __future__ import annotations

_GUARDS = {"x64": "[r14 + 0x10]", "AArch64": "[x28, #0x10]"}
"""Where the current goroutine says how far its stack goes (``stackguard0`` of runtime/runtime2.go): what nearly all
functions begin by comparing with."""

_PADDING = b"\0\xcc"


def returns(code: bytes, machine: str) -> list[int]:
    """Offsets of the instructions by which a function returns.

    Args:
        code: the whole function, with what fills the room up to the next one.
        machine: ``x64`` or ``AArch64``.

    Raises:
        ValueError: it does not begin as functions of Go do, or cannot be told apart.
    """
    # Its constants take 14 MB and 50 ms: only where there is a Go program that encrypts.
    import capstone

    modes = {
        "x64": (capstone.CS_ARCH_X86, capstone.CS_MODE_64),
        "AArch64": (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM),
    }
    instructions = list(capstone.Cs(*modes[machine]).disasm_lite(code, 0))
    if not any(_GUARDS[machine] in operands for _, _, _, operands in instructions[:3]):
        raise ValueError("a function of Go's does not begin as they do")
    end = instructions[-1][0] + instructions[-1][1]
    if code[end:].strip(_PADDING):
        raise ValueError(f"a function of Go's has an instruction that is not known, {code[end : end + 8].hex(' ')}")
    return [at for at, _, name, _ in instructions if name == "ret"]
