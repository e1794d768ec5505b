"""What can go wrong with a database, each in one line that says what would be right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from causely_core.errors import CauselyError

_ADVICE = {
    "unable to open database file": "cannot be opened, expected a writable folder",
    "file is not a database": "is not a SQLite database, expected one that causely made or no file at all",
    "malformed": "is damaged, restore a copy or remove it and let the mediators resync",
    "is locked": "is in use by another process, expected one analyzer a database",
    "readonly database": "cannot be written, expected a file this user may write",
    "is full": "has no space left on its disk, expected some",
    "disk i/o error": "its disk does not answer properly, expected a working file system",
}
"""Part of SQLite's message (https://sqlite.org/rescode.html) to what a person should know."""


class StorageError(CauselyError):
    """The database cannot be used as it is; nothing of the failed transaction was kept."""

    exit_code = os.EX_IOERR


@contextmanager
def storage_errors(where: str) -> Iterator[None]:
    """Turn what SQLAlchemy raises into one line about the database at ``where``.

    Raises:
        StorageError: the database refused.
    """
    try:
        yield
    except SQLAlchemyError as problem:
        raise StorageError(f"database {where}: {_explain(problem)}") from problem


def _explain(problem: SQLAlchemyError) -> str:
    reason = " ".join(str(getattr(problem, "orig", None) or problem).split())
    return next((advice for part, advice in _ADVICE.items() if part in reason.lower()), reason)
