"""Compiling a source with bcc, as a process of its own: Clang takes 130 MB that the agent need not keep.

``python -m causely_plugin_ebpf.kernel.compiling FOLDER < source > object``, with the folder of what it includes.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from causely_plugin_ebpf.kernel import bpf
from causely_plugin_ebpf.kernel.objects import BpfObject, Kind, MapShape, Program, numbered

DEBIAN = "/usr/lib/python3/dist-packages"
"""Where Debian's python3-bpfcc is, also for a Python of a virtual environment. PyPI's ``bcc`` is another thing."""


def bcc() -> Any:
    """The module.

    Raises:
        ImportError: it is not there, or is another one of the same name.
    """
    if DEBIAN not in sys.path and Path(DEBIAN, "bcc").is_dir():
        sys.path.insert(0, DEBIAN)
    found = importlib.import_module("bcc")
    if not hasattr(found, "BPF"):
        raise ImportError("module bcc is not the eBPF one, expected Debian's python3-bpfcc")
    return found


def compiled(source: str, folder: str) -> BpfObject:
    """Compile ``source`` with what it includes from ``folder``."""
    module = bcc().BPF(text=source, cflags=["-Wno-macro-redefined", f"-I{folder}"])
    tables = list(_tables(module.module))
    maps = tuple(MapShape(name, *bpf.map_info(descriptor)) for name, descriptor in tables)
    return BpfObject(maps, tuple(_programs(module, [descriptor for _, descriptor in tables])))


def _tables(module: Any) -> Iterator[tuple[str, int]]:
    """Names and descriptors of the maps; bcc's own Python offers none of what is in its library for this."""
    lib = bcc().libbcc.lib
    lib.bpf_num_tables.argtypes, lib.bpf_num_tables.restype = [ctypes.c_void_p], ctypes.c_size_t
    lib.bpf_table_name.argtypes, lib.bpf_table_name.restype = [ctypes.c_void_p, ctypes.c_size_t], ctypes.c_char_p
    lib.bpf_table_fd_id.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    for number in range(lib.bpf_num_tables(module)):
        yield lib.bpf_table_name(module, number).decode(), lib.bpf_table_fd_id(module, number)


def _programs(module: Any, descriptors: list[int]) -> Iterator[Program]:
    """Functions whose names begin with what they run at, as bcc's macros and conventions have it."""
    lib = bcc().libbcc.lib
    for number in range(lib.bpf_num_functions(module.module)):
        name = lib.bpf_function_name(module.module, number).decode()
        kind, _, event = name.partition("__")
        yield Program(Kind(kind), event.replace("__", ":"), numbered(module.dump_func(name), descriptors))


def main() -> None:
    """Read the source, write the object."""
    sys.stdout.write(compiled(sys.stdin.read(), sys.argv[1]).to_json())


if __name__ == "__main__":
    main()
