"""Build the images of a cluster for tests with Debian's buildah, as root.

    python tests/cluster/e2e/images.py

Prints the folder that they are in, which is an OCI image layout. Layers are kept in the cache, so that only what has
changed is built anew.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "causely" / "images"
LAYOUT = CACHE / "layout"
"""Where the images are once they are built."""
BASE = "docker.io/library/debian:12-slim"
OURS, OTHERS = CHECKOUT / "images" / "Containerfile", HERE / "Containerfile"
IMAGES = {
    "docker.io/causely/agent:e2e": (OURS, "agent"),
    "docker.io/causely/analyzer:e2e": (OURS, "analyzer"),
    "docker.io/causely/mediator:e2e": (OURS, "mediator"),
    "docker.io/causely/pause:e2e": (OTHERS, "pause"),
    "docker.io/causely/shop:e2e": (CHECKOUT / "examples" / "shop" / "kubernetes" / "Containerfile", ""),
    "docker.io/victoriametrics/victoria-metrics:e2e": (OTHERS, "victoria-metrics"),
}
CERTIFICATES = "/etc/ssl/certs"
"""Of this machine, for package indexes that are reached through a proxy of its own."""


def build_all() -> None:
    """Build the base if there is none, and then all that is built from it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if subprocess.run([*_buildah(), "inspect", "--type", "image", BASE], capture_output=True).returncode:
        _build_base()
    for image, (file, target) in IMAGES.items():
        _build(image, file, target)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        fresh = Path(folder) / "layout"
        for image in IMAGES:
            _run(*_buildah(), "push", "--quiet", "--disable-compression", image, f"oci:{fresh}:{image}")
        _name(fresh / "index.json")
        shutil.rmtree(LAYOUT, ignore_errors=True)
        fresh.rename(LAYOUT)


def _name(index: Path) -> None:
    """Name the images as containerd wants to be told."""
    whole = json.loads(index.read_text())
    for each in whole["manifests"]:
        each["annotations"]["io.containerd.image.name"] = each["annotations"]["org.opencontainers.image.ref.name"]
    index.write_text(json.dumps(whole))


def _build_base() -> None:
    """As Debian's own image of that name is: no registry is asked."""
    root = CACHE / "base.tar"
    unread = [f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in ("doc", "man", "locale")]
    _run("mmdebstrap", "--variant=minbase", "--include=ca-certificates", *unread, "bookworm", str(root))
    container = _run(*_buildah(), "from", "scratch").strip()
    _run(*_buildah(), "add", container, str(root), "/")
    _run(*_buildah(), "commit", "--rm", container, BASE)
    root.unlink()


def _build(image: str, file: Path, target: str) -> None:
    options = ["--isolation", "chroot", "--layers", "--pull-never", "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro"]
    options += ["--build-arg", f"BASE={BASE}", "--timestamp", os.environ.get("SOURCE_DATE_EPOCH", "315532800")]
    options += ["--target", target] if target else []
    _run(*_buildah(), "build", *options, "--file", str(file), "--tag", image, str(CHECKOUT))


def _buildah() -> list[str]:
    kept = {"root": CACHE / "store", "runroot": "/run/causely-images", "storage-driver": "overlay"}
    return ["buildah", *(f"--{name}={value}" for name, value in kept.items())]


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"images: {command[0]} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-1000:]}")
    return done.stdout


if __name__ == "__main__":
    if os.geteuid() or not shutil.which("buildah") or not shutil.which("mmdebstrap"):
        sys.exit("images: needs root, and Debian's buildah and mmdebstrap")
    build_all()
    print(LAYOUT)
