"""Compiling all programs ahead, as when an image is built: ``python -m causely_plugin_ebpf.building [FOLDER]``.

Without a folder they come with the package, where the agent looks for them: it needs neither bcc nor headers then. As
bcc makes maps while it compiles, this takes root (or CAP_BPF and CAP_SYS_ADMIN) and tracefs, as the agent does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from causely_plugin_ebpf.kernel.cache import NOTHING, SHIPPED, CannotCompile, object_of
from causely_plugin_ebpf.kernel.sources import PATHS
from causely_plugin_ebpf.resources.probe import SOURCE, tracepoints


def build(target: Path) -> list[Path]:
    """Compile every program; gives the files in ``target``, for this architecture.

    Raises:
        CannotCompile: bcc, headers or rights are missing.
    """
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for source, constants in (*((path, NOTHING) for path in PATHS), (SOURCE, tracepoints()[0])):
            object_of(source, folder, Path("/"), constants, shipped=folder)
        return [Path(copy(each, target)) for each in sorted(folder.glob("*.json"))]


def main() -> None:
    """Build, and tell what was written."""
    try:
        for each in build(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED):
            print(each)
    except CannotCompile as problem:
        sys.exit(f"not built: {problem}")


if __name__ == "__main__":
    main()
