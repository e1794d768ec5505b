"""Codes by span name, for spans of one signature: a bounded memory, read on the hot path."""

from __future__ import annotations

from causely_plugin_otlp.traces.signature import MAX_BYTES

_MAX_NAMES = 1024


class Codes(dict[bytes, int]):
    """Recorder codes by span name; read like any dictionary."""

    def remember(self, name: bytes, code: int) -> None:
        """Keep ``code``, unless the name is too long; forget all others first when there are too many."""
        if len(name) > MAX_BYTES:
            return
        if len(self) >= _MAX_NAMES:
            self.clear()
        self[name] = code
