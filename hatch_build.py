"""Build hook: what is made of ``proto/`` and of C files at build and install time.

``proto/`` becomes Python under ``causely_core/wire/pb``, the C files one shared library beside themselves. Neither
is ever committed; editable installs get them too, because hatchling runs this hook for both targets. Imports inside the
generated code are made package-relative, so that no top-level ``causely`` package appears in a user's site-packages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROTO_ROOT = "proto"
PROTO_PACKAGE = "causely/v1"
TARGET = "causely_core/wire/pb"
NATIVE = "causely_core/causal/native"
COMPILED = ("-std=c99", "-O2", "-ffp-contract=off", "-shared", "-fPIC")
"""Without fused multiplication, so that every processor gives the same answer to the bit."""
ABSOLUTE_IMPORT = re.compile(r"^from causely\.v1 import ", re.MULTILINE)


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs protoc from grpcio-tools over every file of ``proto/causely/v1``, and a C compiler over all C files."""

    def dependencies(self) -> list[str]:
        """A compiler from PyPI where the machine has none."""
        return [] if shutil.which("cc") else ["ziglang>=0.13,<1"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate the modules, compile the library and add them to the build's artifacts."""
        root = Path(self.root)
        generate(root / PROTO_ROOT, root / TARGET)
        build_data["artifacts"].append(f"{TARGET}/*")
        if self.target_name == "wheel":
            compile_native(root / NATIVE)
            build_data["artifacts"].append(f"{NATIVE}/*.so")
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def compile_native(folder: Path) -> None:
    """Make ``native.so`` of all C files in ``folder``; by way of another name, for a library in use stays whole.

    Raises:
        SystemExit: when the compiler fails; its own message has been printed by then.
    """
    compiler = ["cc"] if shutil.which("cc") else [sys.executable, "-m", "ziglang", "cc"]
    fresh, sources = folder / "native.so.new", sorted(map(str, folder.glob("*.c")))
    status = subprocess.run([*compiler, *COMPILED, "-o", str(fresh), *sources, "-lm"]).returncode
    if status:
        sys.exit(f"hatch_build: {compiler[0]} ended with {status} on {folder}; it takes GCC or Clang")
    fresh.rename(folder / "native.so")


def generate(proto_root: Path, target: Path) -> None:
    """Write ``*_pb2.py``, ``*_pb2_grpc.py`` and their stubs for all of ``proto_root`` into ``target``.

    Raises:
        SystemExit: when protoc rejects a file; its own message has been printed by then.
    """
    from grpc_tools import _proto, protoc

    target.mkdir(parents=True, exist_ok=True)
    sources = sorted(str(path.relative_to(proto_root)) for path in proto_root.glob(f"{PROTO_PACKAGE}/*.proto"))
    staging = target / "_staging"
    staging.mkdir(exist_ok=True)
    status = protoc.main(
        [
            "protoc",
            f"--proto_path={proto_root}",
            f"--proto_path={Path(_proto.__file__).parent if _proto.__file__ else _proto.__path__[0]}",
            f"--python_out={staging}",
            f"--grpc_python_out={staging}",
            f"--plugin=protoc-gen-mypy={script('protoc-gen-mypy')}",
            f"--plugin=protoc-gen-mypy_grpc={script('protoc-gen-mypy_grpc')}",
            f"--mypy_out=quiet:{staging}",
            f"--mypy_grpc_out=quiet:{staging}",
            *sources,
        ]
    )
    if status:
        sys.exit(f"hatch_build: protoc ended with {status} on {proto_root}")
    publish(staging / PROTO_PACKAGE, target)


def script(name: str) -> Path:
    """The path of a console script of the build environment (isolated builds put it beside python)."""
    beside = Path(sysconfig.get_path("scripts")) / name
    found = str(beside) if beside.exists() else shutil.which(name)
    return Path(found or name)


def publish(generated: Path, target: Path) -> None:
    """Move generated modules to their package with package-relative imports, and drop the staging folder."""
    for path in generated.iterdir():
        (target / path.name).write_text(ABSOLUTE_IMPORT.sub("from . import ", path.read_text()))
    (target / "__init__.py").write_text('"""Generated from proto/ by hatch_build.py; never edit, never commit."""\n')
    shutil.rmtree(target / "_staging")
