"""Headers of a kernel for Clang: of any kernel, for the programs look into none of its structures."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

_ARCHITECTURES = {"x86_64": "x86", "aarch64": "arm64"}
_IN_KERNEL = Path("/sys/kernel/kheaders.tar.xz")


def environment(host: Path, folder: Path) -> dict[str, str] | None:
    """What to set for bcc so that it finds headers.

    In this order: those of the running kernel, where bcc looks by itself; the node's, below ``host``; those in the
    kernel; those of a package that is installed here.

    Args:
        host: where the node's root is.
        folder: where a view of headers may be made that come in two parts, as Debian's do.

    Returns:
        Nothing to set when bcc finds them by itself; none at all when there are none.
    """
    release = os.uname().release
    if (Path("/lib/modules") / release / "build" / "include").is_dir():
        return {}
    for build, source in _parts(host, release):
        return {"BCC_KERNEL_SOURCE": str(_joined(build, source, folder / build.name))}
    return {} if _IN_KERNEL.exists() else None


def _parts(host: Path, release: str) -> Iterator[tuple[Path, Path]]:
    """Pairs of what was generated and what was written, the best first."""
    for build in (host / "usr/src" / f"linux-headers-{release}", *_installed(host), *_installed(Path("/"))):
        source = build.with_name(f"{build.name.rpartition('-')[0]}-common")
        if (build / "include/generated").is_dir():
            yield build, source if source.is_dir() else build


def _installed(root: Path) -> list[Path]:
    return sorted(root.glob("usr/src/linux-headers-*[!n]"), reverse=True)


def _joined(build: Path, source: Path, view: Path) -> Path:
    """A folder in which both parts are one."""
    architecture = _ARCHITECTURES.get(platform.machine(), platform.machine())
    for name in ("include", f"arch/{architecture}/include"):
        inside = view / name
        inside.mkdir(parents=True, exist_ok=True)
        for part in (source, build):
            for entry in (part / name).iterdir() if (part / name).is_dir() else ():
                if not (inside / entry.name).is_symlink():
                    (inside / entry.name).symlink_to(entry)
    return view
