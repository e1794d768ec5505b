"""A database that cannot be used says so in one line."""

import sqlite3
from pathlib import Path

import pytest

from causely_core.storage import AnalyzerStore, StorageError, database

from .worlds import record


def refused(url):
    with pytest.raises(StorageError) as caught:
        AnalyzerStore.open(url)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_a_file_that_is_no_database(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("not a database\n" * 100)
    assert "notes.txt: is not a SQLite database" in refused(f"sqlite:///{file}")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    assert "its folder cannot be made" in refused(f"sqlite:///{tmp_path}/file/analyzer.db")


def test_a_folder_in_place_of_the_file(tmp_path):
    assert "cannot be opened, expected a writable folder" in refused(f"sqlite:///{tmp_path}")


def test_a_database_that_another_analyzer_uses(url, store, monkeypatch):
    store.save([record()])
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    assert "is in use by another process, expected one analyzer a database" in refused(url)


def test_a_database_of_another_version(url):
    AnalyzerStore.open(url).close()
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    assert "its tables are of version 99, expected 1" in refused(url)


def test_a_damaged_database(url):
    store = AnalyzerStore.open(url)
    store.save([record(str(number)) for number in range(200)])
    store.close()
    path = url.removeprefix("sqlite:///")
    with Path(path).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 200_000)
    with pytest.raises(StorageError, match="is damaged"):
        AnalyzerStore.open(url).load()


def test_something_that_is_no_url():
    assert "expected a URL such as sqlite:////" in refused("no url")


def test_a_database_without_a_driver():
    assert "no driver for it" in refused("nosql://user:secret@host/name")


def test_passwords_are_not_told():
    assert "secret" not in refused("nosql://user:secret@host/name")
