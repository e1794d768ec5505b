"""Build the images of a cluster for tests with Debian's buildah, as root.

    python tests/cluster/e2e/images.py

Prints the archive of each. Layers and archives are kept in the cache, so that only what has changed is built anew.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "causely" / "images"
BASE = "docker.io/library/debian:12-slim"
TAG = "e2e"
PARTS = ("agent", "analyzer", "mediator")
CERTIFICATES = "/etc/ssl/certs"
"""Of this machine, for package indexes that are reached through a proxy of its own."""


def archives() -> dict[str, Path]:
    """Where the archive of each image is once it is built, by its name."""
    ours = {f"docker.io/causely/{part}:{TAG}": CACHE / f"{part}.tar" for part in (*PARTS, "pause", "shop")}
    return {**ours, f"docker.io/victoriametrics/victoria-metrics:{TAG}": CACHE / "victoria-metrics.tar"}


def build_all() -> None:
    """Build the base if there is none, and then all that is built from it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if subprocess.run([*_buildah(), "inspect", "--type", "image", BASE], capture_output=True).returncode:
        _build_base()
    for part in PARTS:
        _build(f"docker.io/causely/{part}:{TAG}", CHECKOUT / "images" / "Containerfile", part)
    _build(f"docker.io/causely/shop:{TAG}", CHECKOUT / "examples" / "shop" / "kubernetes" / "Containerfile")
    _build(f"docker.io/causely/pause:{TAG}", HERE / "Containerfile", "pause")
    _build(f"docker.io/victoriametrics/victoria-metrics:{TAG}", HERE / "Containerfile", "victoria-metrics")


def _build_base() -> None:
    """As Debian's own image of that name is: no registry is asked."""
    root = CACHE / "base.tar"
    unread = [f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in ("doc", "man", "locale")]
    _run("mmdebstrap", "--variant=minbase", "--include=ca-certificates", *unread, "bookworm", str(root))
    container = _run(*_buildah(), "from", "scratch").strip()
    _run(*_buildah(), "add", container, str(root), "/")
    _run(*_buildah(), "commit", "--rm", container, BASE)
    root.unlink()


def _build(image: str, file: Path, target: str = "") -> None:
    archive = archives()[image]
    options = ["--isolation", "chroot", "--layers", "--pull-never", "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro"]
    options += ["--build-arg", f"BASE={BASE}", "--timestamp", os.environ.get("SOURCE_DATE_EPOCH", "315532800")]
    options += ["--target", target] if target else []
    _run(*_buildah(), "build", *options, "--file", str(file), "--tag", image, str(CHECKOUT))
    begun = archive.with_suffix(f".{os.getpid()}")
    _run(*_buildah(), "push", "--quiet", image, f"docker-archive:{begun}:{image}")
    begun.rename(archive)
    print(archive)


def _buildah() -> list[str]:
    return [
        "buildah",
        "--root",
        str(CACHE / "store"),
        "--runroot",
        "/run/causely-images",
        "--storage-driver",
        "overlay",
    ]


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"images: {command[0]} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-1000:]}")
    return done.stdout


if __name__ == "__main__":
    if os.geteuid() or not shutil.which("buildah") or not shutil.which("mmdebstrap"):
        sys.exit("images: needs root, and Debian's buildah and mmdebstrap")
    build_all()
