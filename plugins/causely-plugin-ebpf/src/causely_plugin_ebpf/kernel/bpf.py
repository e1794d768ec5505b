"""The ``bpf`` and ``perf_event_open`` system calls, as far as they are needed (linux/bpf.h, linux/perf_event.h)."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import struct
from enum import IntEnum
from pathlib import Path

_SYS_BPF = {"x86_64": 321, "aarch64": 280}
_SYS_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
_MAP_CREATE, _MAP_LOOKUP, _MAP_UPDATE, _MAP_DELETE, _PROG_LOAD = 0, 1, 2, 3, 5
_OBJECT_INFO, _RAW_TRACEPOINT_OPEN, _LOOKUP_BATCH, _LOOKUP_AND_DELETE_BATCH = 15, 17, 24, 25
_SOFTWARE_EVENT, _TRACEPOINT_EVENT = 1, 2
_CPU_CLOCK = 0
_FREQUENCY, _CLOSE_ON_EXEC = 1 << 10, 8
_SET_BPF, _ENABLE = 0x40042408, 0x2400
_EVENT_BYTES = 112
_UPROBES = Path("/sys/bus/event_source/devices/uprobe")
_LOG_BYTES = 1 << 16
_INFO_BYTES = 80


class ProgramType(IntEnum):
    """What the verifier lets a program do (``enum bpf_prog_type``)."""

    UPROBE = 2
    TRACEPOINT = 5
    SAMPLE = 7
    RAW_TRACEPOINT = 17


_libc = ctypes.CDLL(None, use_errno=True)


class KernelError(OSError):
    """The kernel has refused something; the text tells what, and why as far as it does."""


def create_map(type: int, key: int, value: int, entries: int, flags: int, name: str) -> int:
    """A new map's file descriptor.

    Args:
        type: number of the map's type.
        key: bytes of a key.
        value: bytes of a value.
        entries: how many there are at most; of a ring buffer, its bytes.
        flags: of ``BPF_MAP_CREATE``.
        name: cut to 15 characters.

    Raises:
        KernelError: the kernel refuses.
    """
    attributes = struct.pack("=5I2I16s", type, key, value, entries, flags, 0, 0, name.encode()[:15])
    return _bpf(_MAP_CREATE, attributes, f"map {name}")


def lookup(map: int, key: bytes, value: int) -> bytes | None:
    """The value of ``value`` bytes under ``key``; none when there is none."""
    room = ctypes.create_string_buffer(value)
    return room.raw if _element(_MAP_LOOKUP, map, key, room) else None


def update(map: int, key: bytes, value: bytes) -> bool:
    """Put ``value`` under ``key``; false when there is no room."""
    return _element(_MAP_UPDATE, map, key, ctypes.create_string_buffer(value, len(value)))


def delete(map: int, key: bytes) -> None:
    """Delete what is under ``key``, if there is something."""
    room = ctypes.create_string_buffer(key, len(key))
    _syscall(_number(_SYS_BPF), _MAP_DELETE, struct.pack("=2I3Q", map, 0, ctypes.addressof(room), 0, 0))


def entries(map: int, keys: int, values: int, most: int, take: bool) -> int:
    """Read a hash table at once: at most ``most`` keys and values, to the addresses given; returns how many.

    Args:
        map: its descriptor.
        keys: where ``most`` keys have room.
        values: likewise.
        most: the table's size.
        take: whether to delete them.

    Raises:
        KernelError: the kernel refuses; before 5.6 it cannot.
    """
    begin = ctypes.c_uint32()
    room = struct.pack("=4Q2I2Q", 0, ctypes.addressof(begin), keys, values, most, map, 0, 0)
    attributes = ctypes.create_string_buffer(room, len(room))
    command = _LOOKUP_AND_DELETE_BATCH if take else _LOOKUP_BATCH
    answer = _syscall(_number(_SYS_BPF), command, attributes, len(room))
    if answer < 0 and ctypes.get_errno() != errno.ENOENT:  # which it says at the end of the table
        raise _refused("reading a table")
    return int(struct.unpack_from("=I", attributes.raw, 32)[0])


def map_info(map: int) -> tuple[int, int, int, int, int]:
    """Type, bytes of a key and of a value, entries and flags of a map (``struct bpf_map_info``)."""
    info = ctypes.create_string_buffer(_INFO_BYTES)
    _bpf(_OBJECT_INFO, struct.pack("=2IQ", map, _INFO_BYTES, ctypes.addressof(info)), "map info")
    type, _, key, value, entries, flags = struct.unpack_from("=6I", info.raw)
    return type, key, value, entries, flags


def load_program(type: ProgramType, instructions: bytes, name: str) -> int:
    """A verified program's file descriptor.

    Raises:
        KernelError: the verifier refuses; the last line of its log is told.
    """
    code, license = ctypes.create_string_buffer(instructions, len(instructions)), ctypes.create_string_buffer(b"GPL")
    log = ctypes.create_string_buffer(_LOG_BYTES)
    addresses = ctypes.addressof(code), ctypes.addressof(license)
    count = len(instructions) // 8
    quiet = struct.pack("=2I2Q2IQ2I16s", type, count, *addresses, 0, 0, 0, 0, 0, name.encode()[:15])
    try:
        return _bpf(_PROG_LOAD, quiet, f"program {name}")
    except KernelError as refused:
        loud = struct.pack("=2I2Q2IQ", type, count, *addresses, 1, _LOG_BYTES, ctypes.addressof(log))
        _syscall(_number(_SYS_BPF), _PROG_LOAD, loud)
        said = log.value.decode(errors="replace").strip().splitlines()
        why = next((line for line in reversed(said) if not line.startswith("processed ")), "")
        raise KernelError(refused.errno, f"program {name}: {refused.strerror}; verifier: {why or 'silent'}") from None


def attach_tracepoint(program: int, tracepoint: int, name: str) -> int:
    """Run ``program`` at the tracepoint with this id, on every processor, until the returned descriptor is closed.

    Raises:
        KernelError: the kernel refuses.
    """
    return _attach(program, _event(_TRACEPOINT_EVENT, tracepoint, 1), 0, f"tracepoint {name}")


def attach_raw_tracepoint(program: int, name: str) -> int:
    """Likewise, at the raw tracepoint of this name."""
    room = ctypes.create_string_buffer(name.encode())
    attributes = struct.pack("=Q2I", ctypes.addressof(room), program, 0)
    return _bpf(_RAW_TRACEPOINT_OPEN, attributes, f"raw tracepoint {name}")


def attach_uprobe(program: int, path: str, offset: int, returns: bool) -> int:
    """Likewise, where a process executes the byte at ``offset`` of the file at ``path``; ``returns``: a function's end.

    Raises:
        KernelError: the kernel refuses, or has no uprobes.
    """
    try:
        type = int((_UPROBES / "type").read_text())
    except OSError:
        raise KernelError(0, f"uprobe {path}: this kernel has none") from None
    room = ctypes.create_string_buffer(path.encode())
    event = _event(type, int(returns), 1, ctypes.addressof(room), offset)
    return _attach(program, event, 0, f"uprobe {path}+{offset:#x}")


def attach_sampling(program: int, hertz: int, processor: int) -> int:
    """Likewise, so many times a second on one processor while it is not idle."""
    event = _event(_SOFTWARE_EVENT, _CPU_CLOCK, hertz, flags=_FREQUENCY)
    return _attach(program, event, processor, f"sampling of processor {processor}")


def _event(type: int, config: int, period: int, *more: int, flags: int = 0) -> bytes:
    """A ``struct perf_event_attr``; ``more`` are config1 and config2."""
    begin = struct.pack("=2IQ5Q2I", type, _EVENT_BYTES, config, period, 0, 0, flags, 0, 0, 0)[:56]
    return (begin + struct.pack(f"={len(more)}Q", *more)).ljust(_EVENT_BYTES, b"\0")


def _attach(program: int, event: bytes, processor: int, what: str) -> int:
    descriptor = _syscall(_number(_SYS_PERF_EVENT_OPEN), event, -1, processor, -1, _CLOSE_ON_EXEC)
    if descriptor < 0:
        raise _refused(what)
    try:
        fcntl.ioctl(descriptor, _SET_BPF, program)
        fcntl.ioctl(descriptor, _ENABLE, 0)
    except OSError as problem:
        os.close(descriptor)
        raise KernelError(problem.errno, f"{what}: {problem.strerror}") from problem
    return descriptor


def _element(command: int, map: int, key: bytes, value: ctypes.Array[ctypes.c_char]) -> bool:
    room = ctypes.create_string_buffer(key, len(key))
    attributes = struct.pack("=2I3Q", map, 0, ctypes.addressof(room), ctypes.addressof(value), 0)
    return _syscall(_number(_SYS_BPF), command, attributes) >= 0


def _bpf(command: int, attributes: bytes, what: str) -> int:
    answer = _syscall(_number(_SYS_BPF), command, attributes)
    if answer < 0:
        raise _refused(what)
    return answer


def _syscall(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char]) -> int:
    """Call; structures are given as bytes, and ``bpf`` gets their length after them."""
    given: list[object] = []
    for each in arguments:
        if isinstance(each, bytes):
            given.append(ctypes.create_string_buffer(each, len(each)))
            given += [ctypes.c_uint(len(each))] if number == _number(_SYS_BPF) else []
        else:
            given.append(ctypes.c_long(each) if isinstance(each, int) else each)
    return int(_libc.syscall(ctypes.c_long(number), *given))


def _number(numbers: dict[str, int]) -> int:
    machine = platform.machine()
    if machine not in numbers:
        raise KernelError(0, f"no system call numbers for {machine}, expected one of {', '.join(numbers)}")
    return numbers[machine]


def _refused(what: str) -> KernelError:
    number = ctypes.get_errno()
    return KernelError(number, f"{what}: {os.strerror(number)}")
