"""Finding one attribute of one span: the slow way, for values too many to be remembered."""

from __future__ import annotations

from collections.abc import Iterable

from causely_plugin_otlp.attributes import decode, key_of, text


def find(attributes: Iterable[bytes], keys: tuple[str, ...]) -> str:
    """The first of ``keys`` present among serialized attributes, as a string; empty without one."""
    wanted = {key.encode() for key in keys}
    return text(decode(each for each in attributes if key_of(each) in wanted), keys)
