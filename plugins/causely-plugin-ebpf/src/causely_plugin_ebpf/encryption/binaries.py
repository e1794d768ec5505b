"""Binaries: programs and libraries, and where they encrypt."""

from __future__ import annotations

from typing import BinaryIO

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from causely_plugin_ebpf.encryption import go_tls, openssl
from causely_plugin_ebpf.encryption.sites import Site


def sites(file: BinaryIO) -> list[Site]:
    """All sites in a file: of OpenSSL's functions and of Go's.

    Raises:
        ValueError: it is no ELF file, or a broken one, or one of a shape that is not known.
    """
    try:
        elf = ELFFile(file)
        return [*openssl.sites(elf), *go_tls.sites(elf)]
    except (ELFError, AssertionError, KeyError, UnicodeDecodeError, OverflowError) as problem:
        raise ValueError(f"no ELF file that can be read: {problem}") from problem
