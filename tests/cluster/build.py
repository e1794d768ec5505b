"""Build programs of Kubernetes for tests, unless they were built from the same modules before.

    python tests/cluster/build.py [control-plane] [node] [dns]

Prints where each is; without names, the control plane. Takes Go, its module proxy, 3 GB for both of its caches, and
five minutes on two processors for the control plane, one or two for each other.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
MODULES = {
    "control-plane": HERE / "server",
    "node": HERE / "e2e" / "node",
    "dns": HERE / "e2e" / "dns",
}
SOURCES = ("go.mod", "go.sum", "main.go")
STAMPED = "k8s.io/component-base/version"


def version() -> str:
    """Of Kubernetes, such as ``v1.35.4``."""
    module = MODULES["control-plane"]
    found = re.search(r"k8s\.io/kubernetes (v[\d.]+)", (module / "go.mod").read_text())
    return found[1] if found else sys.exit(f"{module}/go.mod: requires no k8s.io/kubernetes")


def program(name: str = "control-plane") -> Path:
    """Where it is once it is built."""
    digest = hashlib.sha256(b"".join((MODULES[name] / source).read_bytes() for source in SOURCES)).hexdigest()[:16]
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "causely" / f"{name}-{version()}-{digest}"


def build(name: str) -> None:
    """Build it; the place is taken only when it is whole."""
    path = program(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    _, major, minor, *_ = re.split(r"[v.]", version())
    # Helm and clients ask which version a server has.
    stamps = {"gitVersion": version(), "gitMajor": major, "gitMinor": minor}
    flags = " ".join(["-s", "-w", *(f"-X {STAMPED}.{key}={value}" for key, value in stamps.items())])
    begun = path.with_suffix(f".{os.getpid()}")
    command = ["go", "build", "-trimpath", "-ldflags", flags, "-o", str(begun), "."]
    subprocess.run(command, cwd=MODULES[name], check=True)
    begun.rename(path)


def main(names: list[str]) -> None:
    """Build what is not there yet."""
    if unknown := [name for name in names if name not in MODULES]:
        sys.exit(f"{unknown[0]}: expected one of {', '.join(MODULES)}")
    for name in names:
        if not program(name).exists():
            if shutil.which("go") is None:
                sys.exit(f"tests/cluster: needs Go to build {name} of Kubernetes")
            build(name)
        print(program(name))


if __name__ == "__main__":
    main(sys.argv[1:] or ["control-plane"])
