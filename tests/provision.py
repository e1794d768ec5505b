"""Install the system packages that tests use, when run as root on a machine with apt.

Anywhere else nothing is installed, and the tests that need a package skip with a reason that names it.
usage: provision.py PACKAGE...
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path


def main(packages: list[str]) -> None:
    """Install those of ``packages`` that dpkg does not list as installed."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"provision: not root with apt; tests that need {', '.join(packages)} may skip")
        return
    with Path("/run/causely-provision.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [package for package in packages if not installed(package)]
        if missing:
            install(missing)


def installed(package: str) -> bool:
    """Whether dpkg says that ``package`` is fully installed."""
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() == "installed"


def install(packages: list[str]) -> None:
    """Install with apt; a failure is reported and left to the tests' own skips."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-qq", *command], env=environment, check=False)
        if done.returncode:
            print(f"provision: apt-get {command[0]} ended with {done.returncode}")
            return


if __name__ == "__main__":
    main(sys.argv[1:])
