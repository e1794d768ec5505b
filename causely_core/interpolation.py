"""References in a configuration file: ``${env:NAME}`` and ``${file:/path}``, as the OpenTelemetry Collector has them.

What a reference stands for may be a secret: it is put in after the file was parsed, so that it cannot change the file's
structure, and whatever is said about it shows the reference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

_REFERENCE = re.compile(r"\$\$\{|\$\{([^}]*)\}?")
"""An escaped brace, or a reference with what is between its braces."""

_FORMS = "expected ${env:NAME} or ${file:/path}, or $${ for the text ${ itself"


class Resolved(str):
    """Text with what its references stand for.

    Attributes:
        written: the text as the file has it.
        parts: what each reference stands for, and the reference.
        fault: why a reference stands for nothing; empty when all is well.
    """

    written: str
    parts: tuple[tuple[str, str], ...]
    fault: str

    def __repr__(self) -> str:
        """As the file has it: the value may be a secret."""
        return repr(self.written)


def resolve(content: Any) -> Any:
    """Parsed YAML with every text that holds references replaced by a :class:`Resolved`.

    A reference that stands for nothing is no error yet: one file may serve several processes, each of which has only
    the secrets that it needs. Whoever uses the value tells.
    """
    match content:
        case dict():
            return {key: resolve(value) for key, value in content.items()}
        case list():
            return [resolve(value) for value in content]
        case str() if "${" in content:
            return _resolved(content)
    return content


def faults(content: Any, where: str) -> Iterator[str]:
    """A line for each text in ``content`` with a reference that stands for nothing, its place first."""
    match content:
        case dict():
            for key, value in content.items():
                yield from faults(value, f"{where}.{key}")
        case list():
            for index, value in enumerate(content):
                yield from faults(value, f"{where}[{index}]")
        case Resolved() if content.fault:
            yield f"{where}: {content.fault}"


def conceal(line: str, content: Any) -> str:
    """``line`` with the references themselves in place of all that those in ``content`` stand for."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        return reduce(conceal, content, line)
    if isinstance(content, Resolved):
        return reduce(_without, ((str(content), content.written), *content.parts), line)
    return line


def _without(line: str, part: tuple[str, str]) -> str:
    """``line`` with the reference in place of its value, be that as it is or as Python quotes it."""
    value, reference = part
    for shown in (value, repr(value)[1:-1]):
        line = line.replace(shown, reference) if shown else line
    return line


def _resolved(written: str) -> Resolved:
    parts: list[tuple[str, str]] = []
    problems: list[str] = []

    def put_in(found: re.Match[str]) -> str:
        if found[1] is None:
            return "${"
        try:
            value = _value(found[0], found[1])
        except LookupError as problem:
            problems.append(str(problem.args[0]))
            return ""
        parts.append((value, found[0]))
        return value

    text = Resolved(_REFERENCE.sub(put_in, written))
    text.written, text.parts, text.fault = written, tuple(parts), "; ".join(problems)
    return text


def _value(reference: str, inside: str) -> str:
    """What a reference stands for.

    Raises:
        LookupError: nothing.
    """
    scheme, _, name = inside.partition(":")
    if scheme not in ("env", "file") or not name or not reference.endswith("}"):
        raise LookupError(f"{reference}: {_FORMS}")
    if scheme == "file":
        return _content(reference, Path(name))
    if name not in os.environ:
        raise LookupError(f"{reference}: the environment has no variable {name}")
    return os.environ[name]


def _content(reference: str, path: Path) -> str:
    try:
        # A line's end is how editors end files, and no part of a password.
        return path.read_text().rstrip("\r\n")
    except OSError as problem:
        raise LookupError(f"{reference}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise LookupError(f"{reference}: expected text in UTF-8") from None
