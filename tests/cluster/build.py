"""Build the control plane of Kubernetes for tests, unless it was built from the same modules before.

    python tests/cluster/build.py

Prints where it is. Takes Go, its module proxy, 3 GB for both of its caches, and five minutes on two processors.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

MODULE = Path(__file__).with_name("server")
SOURCES = ("go.mod", "go.sum", "main.go")
STAMPED = "k8s.io/component-base/version"


def version() -> str:
    """Of Kubernetes, such as ``v1.35.4``."""
    found = re.search(r"k8s\.io/kubernetes (v[\d.]+)", (MODULE / "go.mod").read_text())
    return found[1] if found else sys.exit(f"{MODULE}/go.mod: requires no k8s.io/kubernetes")


def program() -> Path:
    """Where it is once it is built."""
    digest = hashlib.sha256(b"".join((MODULE / name).read_bytes() for name in SOURCES)).hexdigest()[:16]
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "causely" / f"control-plane-{version()}-{digest}"


def build() -> None:
    """Build it; the place is taken only when it is whole."""
    path = program()
    path.parent.mkdir(parents=True, exist_ok=True)
    _, major, minor, *_ = re.split(r"[v.]", version())
    # Helm and clients ask which version a server has.
    stamps = {"gitVersion": version(), "gitMajor": major, "gitMinor": minor}
    flags = " ".join(["-s", "-w", *(f"-X {STAMPED}.{name}={value}" for name, value in stamps.items())])
    begun = path.with_suffix(f".{os.getpid()}")
    subprocess.run(["go", "build", "-trimpath", "-ldflags", flags, "-o", str(begun), "."], cwd=MODULE, check=True)
    begun.rename(path)


if __name__ == "__main__":
    if not program().exists():
        if shutil.which("go") is None:
            sys.exit("tests/cluster: needs Go to build a control plane of Kubernetes")
        build()
    print(program())
