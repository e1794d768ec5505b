"""An object in the kernel: its maps, and its programs at their tracepoints."""

from __future__ import annotations

import os

from attrs import define, field

from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.objects import BpfObject, MapShape, Program, linked
from causely_plugin_ebpf.kernel.tracefs import tracepoint


@define(eq=False)
class Loaded:
    """Runs until :meth:`close`.

    Attributes:
        object: what is loaded.
        missing: what is not, each with the reason: the rest runs.
    """

    object: BpfObject
    missing: list[str] = field(factory=list, init=False)
    _maps: dict[str, int] = field(factory=dict, init=False)
    _shapes: dict[str, MapShape] = field(factory=dict, init=False)
    _held: list[int] = field(factory=list, init=False)

    @classmethod
    def load(cls, object: BpfObject) -> Loaded:
        """Make the maps and run the programs; programs that cannot run are told in ``missing``.

        Raises:
            KernelError: a map cannot be made, which takes root.
        """
        loaded = cls(object)
        try:
            for shape in object.maps:
                made = bpf.create_map(shape.type, shape.key, shape.value, shape.entries, shape.flags, shape.name)
                loaded._maps[shape.name], loaded._shapes[shape.name] = made, shape
        except bpf.KernelError:
            loaded.close()
            raise
        for program in object.programs:
            loaded._run(program)
        return loaded

    def descriptor(self, name: str) -> int:
        """Of a map."""
        return self._maps[name]

    def shape(self, name: str) -> MapShape:
        """Of a map."""
        return self._shapes[name]

    def close(self) -> None:
        """Take everything out of the kernel."""
        for descriptor in (*self._held, *self._maps.values()):
            os.close(descriptor)
        self._held.clear()
        self._maps.clear()

    def _run(self, program: Program) -> None:
        at = tracepoint(program.category, program.event)
        if at is None:
            self.missing.append(f"tracepoint {program.name}: this kernel has none")
            return
        try:
            code = linked(program.instructions, [self._maps[shape.name] for shape in self.object.maps])
            self._held.append(bpf.load_tracepoint_program(code, program.event))
            self._held.append(bpf.attach_tracepoint(self._held[-1], at, program.name))
        except bpf.KernelError as problem:
            self.missing.append(str(problem.strerror))
