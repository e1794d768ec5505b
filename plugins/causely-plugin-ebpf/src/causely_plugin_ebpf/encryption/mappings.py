"""Which files a process executes code of, as ``/proc/<pid>/maps`` tells."""

from __future__ import annotations

import re

_LINE = re.compile(rb"^[0-9a-f]+-[0-9a-f]+ ..x. [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ +(/.*)$", re.MULTILINE)


def executable(content: bytes) -> frozenset[str]:
    """Paths of files, as the process sees them, that are mapped to be executed."""
    return frozenset(path.decode(errors="surrogateescape") for path in _LINE.findall(content))
