"""Installing extra plugins into a folder of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from causely_core.errors import ConfigError
from causely_core.extra.extra_plugin import ExtraPlugin
from causely_core.extra.pip import Pin, Pip

MARK = ".causely-plugins"
"""A file that tells that the folder was filled here, and may be emptied."""


def install(extras: Sequence[ExtraPlugin], target: Path) -> list[Pin]:
    """Fill ``target`` with ``extras`` and what they need, but not with what is installed already.

    Works without root and with a read-only file system but for ``target`` and the folder for temporary files.

    Args:
        extras: what to install, together.
        target: is made where it is not there, and emptied where this command filled it before.

    Returns:
        What was installed, in no particular order.

    Raises:
        ConfigError: ``extras`` do not go together, or ``target`` cannot be used.
        PluginError: something is not found, has another hash, or does not go together with what is installed.
    """
    options, links = tuple(_options(extras)), tuple(_links(extras))
    try:
        with tempfile.TemporaryDirectory(prefix="causely-plugins-") as scratch:
            pip = Pip(Path(scratch), options, links)
            pins = pip.resolve(map(_requirement, extras)) if extras else []
            _clear(target)
            if pins:
                pip.install(_alike(pins), target)
    except OSError as problem:
        where = problem.filename or tempfile.gettempdir()
        raise ConfigError(f"{where}: {problem.strerror or problem}, expected a folder that can be written") from None
    return pins


def _requirement(extra: ExtraPlugin) -> str:
    return " ".join((extra.package, *(f"--hash={known}" for known in extra.hashes)))


def _options(extras: Sequence[ExtraPlugin]) -> Iterator[str]:
    indexes = list(dict.fromkeys(extra.index_url for extra in extras if extra.index_url))
    bare = next((extra.package for extra in extras if not extra.hashes), "")
    if bare and any(extra.hashes for extra in extras):
        raise ConfigError(f"extra_plugins: {bare} has no hashes, expected them in all entries or in none")
    if bare and len(indexes) > 1:
        # Otherwise one index could answer for a package that is meant to come from another.
        raise ConfigError(f"extra_plugins: {bare} has no hashes, expected them where there are several indexes")
    for option, index in zip(("--index-url", *["--extra-index-url"] * len(indexes)), indexes, strict=False):
        yield f"{option} {index}"
    if not indexes and extras and all(extra.find_links for extra in extras):
        yield "--no-index"


def _links(extras: Sequence[ExtraPlugin]) -> Iterator[str]:
    for link in dict.fromkeys(extra.find_links for extra in extras if extra.find_links):
        folder = Path(link).expanduser().absolute()
        if "://" in link:
            yield link
        elif folder.is_dir():
            yield str(folder)
        else:
            raise ConfigError(f"extra_plugins: find_links: {link}: expected a folder of wheels, or an address")


def _alike(pins: list[Pin]) -> list[Pin]:
    """Hashes for all or for none, as pip demands."""
    return pins if all(pin.sha256 for pin in pins) else [Pin(pin.name, pin.version, "") for pin in pins]


def _clear(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    mark = target / MARK
    if any(target.iterdir()) and not mark.exists():
        raise ConfigError(f"{target}: holds what this command did not put there, expected an empty or a new folder")
    mark.write_text("Filled by causely plugins install, which empties it first.\n")
    for found in target.iterdir():
        if found.is_dir() and not found.is_symlink():
            shutil.rmtree(found)
        elif found != mark:
            found.unlink()
