"""Build hook: turn ``proto/`` into Python under ``causely_core/wire/pb`` at build and install time.

The generated modules are never committed; editable installs get them too, because hatchling runs this
hook for both targets. Imports inside the generated code are made package-relative, so that no top-level
``causely`` package appears in a user's site-packages.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROTO_ROOT = "proto"
PROTO_PACKAGE = "causely/v1"
TARGET = "causely_core/wire/pb"
ABSOLUTE_IMPORT = re.compile(r"^from causely\.v1 import ", re.MULTILINE)


class ProtoBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs protoc from grpcio-tools over every file of ``proto/causely/v1``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate the modules and add them to the build's artifacts."""
        root = Path(self.root)
        generate(root / PROTO_ROOT, root / TARGET)
        build_data["artifacts"].append(f"{TARGET}/*")


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
    import shutil
    import sysconfig

    beside = Path(sysconfig.get_path("scripts")) / name
    found = str(beside) if beside.exists() else shutil.which(name)
    return Path(found or name)


def publish(generated: Path, target: Path) -> None:
    """Move generated modules to their package with package-relative imports, and drop the staging folder."""
    import shutil

    for path in generated.iterdir():
        (target / path.name).write_text(ABSOLUTE_IMPORT.sub("from . import ", path.read_text()))
    (target / "__init__.py").write_text('"""Generated from proto/ by hatch_build.py; never edit, never commit."""\n')
    shutil.rmtree(target / "_staging")
