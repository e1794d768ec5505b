"""Sites: places in ELF files at which programs of the kernel's read what is not encrypted."""

from __future__ import annotations

from attrs import frozen
from elftools.elf.elffile import ELFFile


@frozen
class Site:
    """One place.

    Attributes:
        program: what runs there, by its name in ``kernel/openssl.h`` or ``kernel/go_tls.h``.
        offset: of an instruction, in bytes from the beginning of the file.
        returns: whether it runs when the function that begins there returns, by changing where it returns to.
    """

    program: str
    offset: int
    returns: bool = False


def in_file(elf: ELFFile, address: int, length: int = 1) -> int | None:
    """Where the file has the bytes at an address; none where it does not have all of them."""
    return next(iter(elf.address_offsets(address, length)), None)
