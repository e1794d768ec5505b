"""Where the fields of tracepoints lie: all that a compiled program takes from the kernel it was compiled on."""

from __future__ import annotations

import re

from causely_plugin_ebpf.kernel.tracefs import format_of

_PROBE = re.compile(r"\bAT_TRACEPOINT\(\s*(\w+)\s*,\s*(\w+)\s*\)")
_FIELD = re.compile(r"field:[^;]*?(\w+)(?:\[\w*\])?;\s*offset:(\d+);\s*size:(\d+);")
_WORD = re.compile(r"\b(?:data_loc_)?(\w+)")


def layouts(source: str) -> list[str]:
    """The fields that programs in ``source`` may read, with offset and size in bytes on this kernel.

    A field is taken to be read when its name is a word of the source: so none is missed, and fields that nobody reads
    may be added to a tracepoint, as kernels do, without any program being another one.

    Args:
        source: C for bcc, whose ``AT_TRACEPOINT`` makes a structure of a tracepoint's format.
    """
    words = set(_WORD.findall(source))
    return [
        f"{category}:{event} {field} {offset} {size}"
        for category, event in sorted(set(_PROBE.findall(source)))
        for field, offset, size in fields(format_of(category, event))
        if field in words
    ]


def fields(format: str) -> list[tuple[str, int, int]]:
    """Name, offset and size (bytes) of the fields in a tracepoint's ``format`` (Documentation/trace/events.rst)."""
    return [(name, int(offset), int(size)) for name, offset, size in _FIELD.findall(format)]
