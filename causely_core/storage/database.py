"""Opening a database: where it is, how it keeps what is committed, and whether its tables are ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, insert, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from causely_core.storage.errors import StorageError, storage_errors
from causely_core.storage.schema import SCHEMA_VERSION, metadata, schema_version

BUSY_SECONDS = 2.0
"""How long to wait for another process, such as the one being replaced, to let go of the file."""

_PRAGMAS = (
    # One analyzer a file: a second one would tell the same senders different cursors.
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=WAL",
    # An acknowledged update must outlive a power cut, which WAL with NORMAL does not promise.
    "PRAGMA synchronous=FULL",
)


def open_database(url: str) -> Engine:
    """Connect to the database at a SQLAlchemy ``url``, making the file and the tables where there are none.

    Raises:
        StorageError: there is no such database, it cannot be used, or its tables are of another version.
    """
    parsed = _parse(url)
    where = parsed.render_as_string(hide_password=True)
    engine = _engine(parsed, where)
    try:
        with storage_errors(where):
            _prepare(engine, where)
    except StorageError:
        engine.dispose()
        raise
    return engine


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as problem:
        raise StorageError(f"database {url}: expected a URL such as sqlite:////var/lib/causely/a.db") from problem


def _engine(url: URL, where: str) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        _make_folder(url.database, where)
    # The one connection is used by one thread at a time, and SQLite's lock goes with it.
    arguments: dict[str, Any] = {"check_same_thread": False, "timeout": BUSY_SECONDS} if sqlite else {}
    try:
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=not sqlite,
            connect_args=arguments,
        )
    except (NoSuchModuleError, ModuleNotFoundError) as problem:
        raise StorageError(f"database {where}: no driver for it: {problem}, expected it installed") from problem
    if sqlite:
        event.listen(engine, "connect", _configure)
    return engine


def _make_folder(database: str | None, where: str) -> None:
    try:
        if database and database != ":memory:":
            Path(database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StorageError(
            f"database {where}: its folder cannot be made ({problem.strerror}), expected a writable place"
        ) from problem


def _configure(connection: Any, record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _prepare(engine: Engine, where: str) -> None:
    with engine.begin() as connection:
        metadata.create_all(connection)
        found = connection.execute(select(schema_version.c.version)).scalar()
        if found is None:
            connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
        elif found != SCHEMA_VERSION:
            raise StorageError(
                f"database {where}: its tables are of version {found}, expected {SCHEMA_VERSION}: "
                "use the causely that wrote it, or another database"
            )
