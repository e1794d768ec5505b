"""What pip says when it cannot install something, in one line."""

from __future__ import annotations

import re

_MISMATCH = re.compile(r"^ +(\S+==\S+) .*\n(?: +.*\n)*? +Expected sha\d+ (\S+)\n(?:.*\n)*? +Got +(\S+)", re.MULTILINE)
_UNHASHED = re.compile(r"^ +(\S+) from .*\(from ([^()]*?)(?:->.*)?\)", re.MULTILINE)
_CONFLICT = re.compile(r"^The conflict is caused by:\n((?: +.*\n)+)", re.MULTILINE)
_UNANSWERED = re.compile(r"Retrying|Connection|timed out|resolution")


def complaint(output: str) -> str:
    """The gist of ``output``: what pip wrote to stdout and stderr before it failed."""
    if found := _MISMATCH.search(output):
        return f"{found[1]}: a file of another hash was found, expected {found[2]}, found {found[3]}"
    if "--require-hashes" in output and (found := _UNHASHED.search(output)):
        return f"{found[2]} needs {found[1]}, expected an entry for that with its version and hashes as well"
    if found := _CONFLICT.search(output):
        return "; ".join(line.strip() for line in found[1].splitlines())
    errors = re.findall(r"^ERROR: (.*)$", output, re.MULTILINE)
    gist = " ".join((errors[-1] if errors else output).split())[-400:]
    return f"{gist}; the index does not answer" if _UNANSWERED.search(output) else gist
