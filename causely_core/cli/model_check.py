"""Checking causal model files against everything that is installed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

from causely_core.causal import Catalogue, ModelError
from causely_core.causal.model_file import ModelFile, Part, read_models
from causely_core.causal.problems import Problem
from causely_core.cli.installed import Installed
from causely_core.errors import ConfigError


@frozen
class Checked:
    """What a check found.

    Attributes:
        errors: one line each; nothing but these when a file cannot be read.
        warnings: one line each.
    """

    errors: list[str]
    warnings: list[str]


def check(paths: Iterable[Path], installed: Installed) -> Checked:
    """Read every file, then merge them over what is installed; what was wrong before is not told again."""
    files: list[ModelFile] = []
    errors: list[str] = []
    for path in paths:
        try:
            files.append(read_models(_text(path), str(path)))
        except ConfigError as problem:
            errors.append(str(problem))
    found = [] if errors else _problems(files, installed)
    errors += [str(problem) for problem in found if problem.fatal]
    return Checked(errors, [f"{each.where}: warning: {each.text}" for each in found if not each.fatal])


def _problems(files: Iterable[ModelFile], installed: Installed) -> list[Problem]:
    models = [model for file in files for model in file.models]
    places: dict[Part, str] = {part: place for file in files for part, place in file.places.items()}
    before = set(installed.catalogue.problems({}, installed.judged))
    merged = Catalogue.of([*installed.catalogue, *models])
    found = [problem for problem in merged.problems(places, installed.judged) if problem not in before]
    return sorted(found, key=_by_line)


def _by_line(problem: Problem) -> tuple[str, int]:
    file, _, line = problem.where.rpartition(":")
    return (file, int(line)) if line.isdecimal() else (problem.where, 0)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise ConfigError(f"{path}: cannot be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise ModelError(f"{path}:{line}: not UTF-8 text: {problem.reason}") from problem
