"""The key of the redaction's hashes, kept over restarts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAME = "egress.key"


def load_key(data_dir: Path, configured: str = "") -> bytes:
    """The configured key, else the one in ``<data_dir>/egress.key``, which is made when absent.

    Raises:
        OSError: the folder cannot be written.
    """
    if configured:
        return configured.encode()
    path = data_dir / NAME
    if not path.exists():
        _create(path)
    return path.read_bytes()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    draft.replace(path)
