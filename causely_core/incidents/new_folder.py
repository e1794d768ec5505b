"""Folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from causely_core.errors import CauselyError


class FolderError(CauselyError):
    """A folder cannot be written where it is wanted."""

    exit_code = os.EX_CANTCREAT


@contextmanager
def new_folder(folder: Path) -> Generator[Path]:
    """A draft beside ``folder`` that takes its place at the end, and is gone after an error.

    Raises:
        FolderError: there is something already, or the file system refuses.
    """
    place = folder.resolve()
    refuse_if_filled(folder)
    draft = place.with_name(f".{place.name}.{uuid4().hex}")
    try:
        draft.mkdir(parents=True)
        yield draft
        draft.rename(place)
    except OSError as problem:
        raise FolderError(f"{folder}: cannot be written: {problem.strerror or problem}") from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def refuse_if_filled(folder: Path) -> None:
    """Do nothing if ``folder`` is empty or not there.

    Raises:
        FolderError: it holds something, is a file or cannot be looked into.
    """
    try:
        filled = any(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as problem:
        raise FolderError(f"{folder}: {problem.strerror}; name a folder that is empty or not there yet") from problem
    if filled:
        raise FolderError(f"{folder}: is not empty; name a folder that is empty or not there yet")
