"""Writing the package of a new plugin from the templates beside this module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Template

from causely_core.errors import UsageError
from causely_core.scaffold.names import Names

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".tmpl"
COMMON = "common"
HOOKS = ("collector", "discoverer", "detector", "remediator", "causal-model")
"""What a plugin may begin with; each has a folder of templates, which come on top of the common ones."""


def create(name: str, hook: str, parent: Path) -> Path:
    """Write a package for the plugin ``name`` with one hook into a new folder below ``parent``; the folder.

    Raises:
        UsageError: the name is none, or the folder is there already, or cannot be written.
    """
    names = Names.of(name)
    folder = parent / names.package
    if folder.exists():
        raise UsageError(f"{folder}: is there already, expected another name or --folder")
    try:
        for path, text in _files(names, hook):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    except OSError as problem:
        raise UsageError(f"{folder}: cannot be written: {problem.strerror}") from problem
    return folder


def _files(names: Names, hook: str) -> Iterator[tuple[Path, str]]:
    words = names.words(hook)
    for root in (TEMPLATES / COMMON, TEMPLATES / hook):
        for template in sorted(root.rglob(f"*{SUFFIX}")):
            path = str(template.relative_to(root)).removesuffix(SUFFIX)
            path = path.replace("MODULE", names.module).replace("WORD", names.word)
            yield Path(path), Template(template.read_text()).substitute(words)
