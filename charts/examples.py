"""Render charts/causely/examples/*/values.yaml; with --check, fail if what is there is not as it renders.

    python charts/examples.py [--check] HELM

A reviewer reads changes of templates as changes of what they render. What is made by chance is replaced by a word.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

CHART = Path(__file__).parent / "causely"
_SOURCE = re.compile(r"^# Source: causely/templates/(.*)$", re.MULTILINE)
_CHANCE = re.compile(
    r"^( +(?:ca\.crt|tls\.crt|tls\.key|key): )\S+$|^( +causely\.io/(?:replace-after|asked): ).*$", re.MULTILINE
)


def rendered(helm: str, values: Path) -> dict[str, str]:
    """Template to what it renders with ``values``."""
    command = [helm, "template", "causely", CHART, "--namespace", "causely", "--kube-version", "1.35.0", "-f", values]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    files: dict[str, str] = defaultdict(str)
    for document in done.stdout.split("---\n"):
        if source := _SOURCE.search(document):
            files[source[1]] += f"---\n{_CHANCE.sub(_replaced, document).rstrip()}\n"
    return dict(files)


def _replaced(found: re.Match[str]) -> str:
    return f"{found[1] or found[2]}<made at the installation>"


def main() -> None:
    """Write all, or see whether they are as they would be written."""
    helm = sys.argv[-1]
    for values in sorted((CHART / "examples").glob("*/values.yaml")):
        folder = values.parent / "rendered"
        wanted = rendered(helm, values)
        if "--check" in sys.argv:
            there = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.yaml")}
            if other := sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name)):
                sys.exit(f"{folder}: {', '.join(other)}: not as they render; run python charts/examples.py HELM")
        else:
            _write(folder, wanted)


def _write(folder: Path, files: dict[str, str]) -> None:
    for old in folder.rglob("*.yaml"):
        old.unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


if __name__ == "__main__":
    main()
