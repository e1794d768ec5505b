"""Prometheus's text, of which only some metrics are wanted: the rest is passed over as it comes, and never held."""

from __future__ import annotations

from collections.abc import AsyncIterable, Collection, Iterator


async def wanted_lines(chunks: AsyncIterable[bytes], names: Collection[str]) -> bytes:
    """The samples of the metrics ``names``, one a line and each with its line feed, in the order they come.

    Args:
        chunks: the text, cut anywhere.
        names: of metrics, in full; those that only begin so are others.

    Raises:
        ValueError: the text ends within a line, as it does when whoever told it was cut off.
    """
    heads = tuple(f"{name}{after}".encode() for name in names for after in "{ ")
    found: list[bytes] = []
    rest = b""
    async for chunk in chunks:
        whole, feed, end = chunk.rpartition(b"\n")
        if not feed:
            rest += end
            continue
        found.extend(_wanted(rest + whole, heads))
        rest = end
    if rest:
        raise ValueError("the answer ends within a line")
    return b"".join(found)


def _wanted(lines: bytes, heads: tuple[bytes, ...]) -> Iterator[bytes]:
    return (line + b"\n" for line in lines.split(b"\n") if line.startswith(heads))
