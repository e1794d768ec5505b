"""Code of Go's functions: whether it is one, where it begins, what it calls and where it returns.

Return probes as for other languages are not for Go, whose stacks move, with the places to return to in them. So
instructions are told apart by what knows all of them; bytes that look like one may be a part of another.
"""

from __future__ import annotations

from attrs import frozen

_GUARDS = {"x64": "[r14 + 0x10]", "AArch64": "[x28, #0x10]"}
"""Where the current goroutine says how far its stack goes (``stackguard0`` of runtime/runtime2.go): what nearly all
functions begin by comparing with."""

_CALLS = {"x64": "call", "AArch64": "bl"}
_BRANCHES = {"x64": "jbe", "AArch64": "b.ls"}
"""How they go on, to where the stack grows. Nothing has changed by then of what was handed over."""

_BEGINNING = 7
"""Instructions up to that branch, where a frame is large."""

_PADDING = b"\0\xcc"


@frozen
class GoCode:
    """A function.

    Attributes:
        begins: offset of the branch with which it begins. The kernel does branches and calls itself, where a probe
            replaces them; other instructions it has the processor do in a single step, which costs as much again, in
            virtual machines far more.
        calls: offsets of calls, with the address that is called.
        returns: offsets of the instructions by which it returns.
    """

    begins: int
    calls: list[tuple[int, int]]
    returns: list[int]

    @classmethod
    def parse(cls, code: bytes, machine: str, address: int = 0) -> GoCode:
        """From its bytes.

        Args:
            code: the whole function, with what fills the room up to the next one.
            machine: ``x64`` or ``AArch64``.
            address: where it is.

        Raises:
            ValueError: it does not begin as functions of Go do, or cannot be told apart.
        """
        # Its constants take 14 MB and 50 ms: only where there is a Go program that encrypts.
        import capstone

        modes = {
            "x64": (capstone.CS_ARCH_X86, capstone.CS_MODE_64),
            "AArch64": (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM),
        }
        instructions = list(capstone.Cs(*modes[machine]).disasm_lite(code, address))
        beginning = instructions[:_BEGINNING]
        guards = [at for at, _, _, operands in beginning if _GUARDS[machine] in operands]
        branches = [at for at, _, name, _ in beginning if name == _BRANCHES[machine] and guards and at > guards[0]]
        if not branches:
            raise ValueError("a function of Go's does not begin as they do")
        end = instructions[-1][0] + instructions[-1][1] - address
        if code[end:].strip(_PADDING):
            raise ValueError(f"a function of Go's has an instruction that is not known, {code[end : end + 8].hex(' ')}")
        calls = [(at - address, operand) for at, _, name, operand in instructions if name == _CALLS[machine]]
        return cls(
            branches[0] - address,
            [(at, int(operand.lstrip("#"), 16)) for at, operand in calls if operand.startswith(("0x", "#0x"))],
            [at - address for at, _, name, _ in instructions if name == "ret"],
        )
