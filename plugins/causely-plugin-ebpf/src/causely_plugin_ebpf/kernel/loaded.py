"""An object in the kernel: its maps, and its programs where they run."""

from __future__ import annotations

import os

from attrs import define, field

from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.objects import BpfObject, Kind, MapShape, Program, linked
from causely_plugin_ebpf.kernel.tracefs import tracepoint

_TYPES = {
    Kind.TRACEPOINT: bpf.ProgramType.TRACEPOINT,
    Kind.RAW_TRACEPOINT: bpf.ProgramType.RAW_TRACEPOINT,
    Kind.UPROBE: bpf.ProgramType.UPROBE,
    Kind.URETPROBE: bpf.ProgramType.UPROBE,
    Kind.SAMPLE: bpf.ProgramType.SAMPLE,
}


@define(eq=False)
class Loaded:
    """Runs until :meth:`close`. Programs at tracepoints run at once, others when they are asked for.

    Attributes:
        object: what is loaded.
        missing: what is not, each with the reason: the rest runs.
    """

    object: BpfObject
    missing: list[str] = field(factory=list, init=False)
    _maps: dict[str, int] = field(factory=dict, init=False)
    _shapes: dict[str, MapShape] = field(factory=dict, init=False)
    _programs: dict[str, int] = field(factory=dict, init=False)
    _held: list[int] = field(factory=list, init=False)
    _running: dict[str, int] = field(factory=dict, init=False)

    @classmethod
    def load(cls, object: BpfObject, later: frozenset[str] = frozenset()) -> Loaded:
        """Make the maps and run the programs; programs that cannot run are told in ``missing``.

        Args:
            object: what to load.
            later: raw tracepoints whose programs run only when :meth:`run` says so.

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
            loaded._load(program, program.event in later)
        return loaded

    def descriptor(self, name: str) -> int:
        """Of a map."""
        return self._maps[name]

    def shape(self, name: str) -> MapShape:
        """Of a map."""
        return self._shapes[name]

    def run(self, event: str, wanted: bool) -> None:
        """Run the program of a raw tracepoint, or do not run it any more.

        Raises:
            KernelError: the kernel refuses, or has refused the program.
        """
        if wanted and event not in self._running:
            self._running[event] = bpf.attach_raw_tracepoint(self._program(Kind.RAW_TRACEPOINT, event), event)
        elif not wanted and event in self._running:
            os.close(self._running.pop(event))

    def probe(self, event: str, path: str, offset: int, returns: bool) -> int:
        """Run a uprobe's program (a uretprobe's where ``returns``) in a file until the descriptor is closed.

        Raises:
            KernelError: the kernel refuses, or has refused the program.
        """
        kind = Kind.URETPROBE if returns else Kind.UPROBE
        return bpf.attach_uprobe(self._program(kind, event), path, offset, returns)

    def sample(self, event: str, hertz: int, processors: int) -> None:
        """Run a program so many times a second on each of so many processors.

        Raises:
            KernelError: the kernel refuses, or has refused the program.
        """
        program = self._program(Kind.SAMPLE, event)
        self._held.extend(bpf.attach_sampling(program, hertz, processor) for processor in range(processors))

    def close(self) -> None:
        """Take everything out of the kernel."""
        for descriptor in (*self._held, *self._running.values(), *self._programs.values(), *self._maps.values()):
            os.close(descriptor)
        self._held.clear()
        self._running.clear()
        self._programs.clear()
        self._maps.clear()

    def _load(self, program: Program, later: bool) -> None:
        try:
            code = linked(program.instructions, [self._maps[shape.name] for shape in self.object.maps])
            found = bpf.load_program(_TYPES[program.kind], code, program.event.rpartition(":")[2])
            self._programs[f"{program.kind} {program.event}"] = found
            if program.kind is Kind.TRACEPOINT:
                self._attach(found, program.event)
            elif program.kind is Kind.RAW_TRACEPOINT and not later:
                self.run(program.event, True)
        except bpf.KernelError as problem:
            self.missing.append(str(problem.strerror))

    def _attach(self, program: int, event: str) -> None:
        category, _, name = event.partition(":")
        at = tracepoint(category, name)
        if at is None:
            self.missing.append(f"tracepoint {event}: this kernel has none")
        else:
            self._held.append(bpf.attach_tracepoint(program, at, event))

    def _program(self, kind: Kind, event: str) -> int:
        name = f"{kind} {event}"
        if name not in self._programs:
            raise bpf.KernelError(0, f"{name}: not loaded")
        return self._programs[name]
