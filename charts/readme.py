"""Write charts/causely/README.md from README.template.md and values.yaml; with --check, fail if it is not as written.

    python charts/readme.py [--check]

Each value that has a line "# -- what it is" above it becomes a row, with its default.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import yaml

CHART = Path(__file__).parent / "causely"
PLACE = "<!-- values -->"
_KEY = re.compile(r"^( *)([\w-]+):")
_COMMENT = re.compile(r"^ *# (-- )?(.*)$")


def described(lines: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Path and description of each value that has one."""
    path: list[tuple[int, str]] = []
    description = ""
    for line in lines:
        if comment := _COMMENT.match(line):
            description = comment[2] if comment[1] else f"{description} {comment[2]}" if description else ""
        elif key := _KEY.match(line):
            depth = len(key[1])
            path = [*(each for each in path if each[0] < depth), (depth, key[2])]
            if description:
                yield tuple(name for _, name in path), description
            description = ""


def rows(text: str) -> Iterator[str]:
    """A table's row for each value."""
    values = yaml.safe_load(text)
    for path, description in described(text.splitlines()):
        default = reduce(lambda inside, name: inside[name], path, values)
        name = ".".join(path)
        yield f"| `{name}` | `{_cell(json.dumps(default))}` | {_cell(description)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write it, or see whether it is as it would be written."""
    table = "\n".join(["| value | default | meaning |", "|---|---|---|", *rows((CHART / "values.yaml").read_text())])
    wanted = (CHART / "README.template.md").read_text().replace(PLACE, table)
    readme = CHART / "README.md"
    if "--check" not in sys.argv:
        readme.write_text(wanted)
    elif not readme.exists() or readme.read_text() != wanted:
        sys.exit(f"{readme}: is not what charts/readme.py writes; run python charts/readme.py")


if __name__ == "__main__":
    main()
