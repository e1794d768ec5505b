"""pip of the running interpreter, kept from everything but a folder for scratch and the folder that it is to fill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attrs import frozen

from causely_core.errors import PluginError
from causely_core.extra.complaint import complaint

_ALWAYS = (
    "--no-input",
    "--no-cache-dir",
    "--disable-pip-version-check",
    "--root-user-action=ignore",
    "--retries=2",
    # To build a package runs its code, wants a compiler, and takes what no hash covers.
    "--only-binary=:all:",
)


@frozen
class Pin:
    """Exactly one file to install.

    Attributes:
        name: of the package.
        version: of the package.
        sha256: of the file; empty where the index does not tell it.
    """

    name: str
    version: str
    sha256: str

    @property
    def requirement(self) -> str:
        """As a line of a requirements file."""
        pinned = f"{self.name}=={self.version}"
        return f"{pinned} --hash=sha256:{self.sha256}" if self.sha256 else pinned


@frozen
class Pip:
    """Calls pip.

    Attributes:
        scratch: a folder that can be written.
        options: lines for requirements files, which tell where to look; not arguments, as they may hold passwords.
        links: folders of wheels, or addresses of pages.
    """

    scratch: Path
    options: tuple[str, ...]
    links: tuple[str, ...]

    def resolve(self, requirements: Iterable[str]) -> list[Pin]:
        """What is to be installed for ``requirements``, dependencies included and what is installed left out.

        Installed packages keep their version: what does not go together with it is refused.

        Raises:
            PluginError: something is not found, has another hash, or does not go together.
        """
        constraints, report = self.scratch / "installed.txt", self.scratch / "report.json"
        constraints.write_text("".join(f"{line}\n" for line in sorted(_installed())))
        self._install(requirements, "--dry-run", f"--report={report}", f"--constraint={constraints}")
        return [_pin(item) for item in json.loads(report.read_text())["install"]]

    def install(self, pins: Iterable[Pin], target: Path) -> None:
        """Put exactly ``pins`` into ``target``.

        Raises:
            PluginError: something is not found any more, or has another hash.
        """
        self._install([pin.requirement for pin in pins], "--no-deps", f"--target={target}")

    def _install(self, requirements: Iterable[str], *arguments: str) -> None:
        if find_spec("pip") is None:
            raise PluginError("extra_plugins: this Python has no pip, expected the package pip beside causely-core")
        wanted = self.scratch / "wanted.txt"
        wanted.write_text("".join(f"{line}\n" for line in (*self.options, *requirements)))
        links = [f"--find-links={link}" for link in self.links]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", *_ALWAYS, *links, *arguments, f"--requirement={wanted}"],
            cwd=self.scratch,
            env={**os.environ, "HOME": str(self.scratch)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PluginError(f"extra_plugins: {complaint(done.stdout + done.stderr)}")


def _installed() -> set[str]:
    return {f"{found.name}=={found.version}" for found in metadata.distributions()}


def _pin(item: Any) -> Pin:
    hashes = item["download_info"].get("archive_info", {}).get("hashes", {})
    return Pin(item["metadata"]["name"], item["metadata"]["version"], hashes.get("sha256", ""))
