"""A private PostgreSQL server that lives and dies with the shop."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from shop.lifeline import die_with_parent
from shop.ports import HOST

# Speed over safety: the data is worth nothing once the shop is closed.
OPTIONS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_parallel_workers": "0",
    "jit": "off",
}


def find_binaries() -> Path | None:
    """Return the folder of PostgreSQL's server programs, newest first, or None when not installed."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    on_path = shutil.which("postgres")
    candidates = [*folders, Path(on_path).parent] if on_path else folders
    return next((f for f in candidates if (f / "initdb").exists() and (f / "postgres").exists()), None)


class Postgres:
    """One cluster, run as the user `postgres` when we are root, which PostgreSQL refuses to be."""

    def __init__(self, binaries: Path, data_dir: Path, port: int) -> None:
        self._binaries, self._port = binaries, port
        self._user = "postgres" if os.geteuid() == 0 else None
        self._home = _reachable(data_dir) if self._user else data_dir / "postgres"
        self._log = data_dir / "postgres.log"

    @property
    def pid(self) -> int:
        """The server's main process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the server runs."""
        return self._process.poll() is None

    def start(self) -> None:
        """Create the cluster unless there is one, and start the server; clients may connect soon after."""
        self._home.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(self._home, self._user)
        if not (self._home / "PG_VERSION").exists():
            self._run("initdb", "-D", self._home, "-U", "shop", "-A", "trust", "-E", "UTF8",
                      "--no-locale", "--no-sync", "--no-instructions")  # fmt: skip
            self._run("postgres", "--single", "-F", "-D", self._home, "postgres", say="CREATE DATABASE shop\n")
        settings = [f"--{name}={value}" for name, value in OPTIONS.items()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._home, "-p", str(self._port), *settings],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", user=self._user,
                start_new_session=True, preexec_fn=die_with_parent(signal.SIGQUIT),
            )  # fmt: skip

    def end(self) -> None:
        """Ask the server to drop its clients and end."""
        self._process.send_signal(signal.SIGINT)

    def reap(self, deadline: float) -> None:
        """Wait for the end, enforce it past the deadline (monotonic seconds), and tidy up."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        if self._home.name.startswith("shop-postgres-"):
            shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path, say: str = "") -> None:
        with self._log.open("ab") as log:
            subprocess.run(
                [self._binaries / program, *arguments], input=say.encode(), stdout=log, stderr=log,
                cwd="/", user=self._user, check=True, preexec_fn=die_with_parent(signal.SIGKILL),
            )  # fmt: skip


def _reachable(data_dir: Path) -> Path:
    """Return a home for the cluster that the user `postgres` can enter."""
    folder = data_dir.resolve()
    if all(ancestor.stat().st_mode & 0o001 for ancestor in (folder, *folder.parents)):
        return folder / "postgres"
    return Path(tempfile.mkdtemp(prefix="shop-postgres-"))


def user_exists() -> bool:
    """Return whether a cluster can be run: root needs the user `postgres` to hand it to."""
    try:
        return os.geteuid() != 0 or bool(pwd.getpwnam("postgres"))
    except KeyError:
        return False
