"""Files of exchanges that people can read and review."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from causely_core.testing.fix import fix
from causely_core.testing.golden.scrubbing import Scrubber

HEAD = "# Recorded by pytest --golden-record from a real server; secrets and addresses of people are scrubbed.\n"
WIDTH = 120
_PRINTED = re.compile(r"[ -~]{8,}")
"""What in bytes may be a text."""
MOST = 3
"""Suspicious texts that are told; the first few show what is wrong."""

Exchange = dict[str, Any]
"""What was asked, ``request``, and what was answered, beside it."""


class Tape:
    """Exchanges that are replayed: the answers to one request in their order, and the last of them for ever."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._answers: dict[str, deque[Exchange]] = {}
        for each in exchanges:
            self._answers.setdefault(key(each["request"]), deque()).append(each)

    def take(self, request: Any) -> Exchange | None:
        """The exchange to replay; none where there is no such request."""
        waiting = self._answers.get(key(request))
        if not waiting:
            return None
        return waiting.popleft() if len(waiting) > 1 else waiting[0]


def key(request: Any) -> str:
    """Equal for requests that say the same: the order of members of JSON says nothing."""
    return json.dumps(request, sort_keys=True)


def load(file: Path, kind: str) -> list[Exchange]:
    """The exchanges of a file; fails the test when it cannot be read."""
    try:
        whole = yaml.safe_load(file.read_text())
        if whole["kind"] != kind:
            fix(f"{file} is a recording of {whole['kind']}", f"give that of {kind} another name")
        exchanges: list[Exchange] = whole["exchanges"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as problem:
        fix(f"{file} cannot be read: {problem}", "record it anew: pytest --golden-record")
    return exchanges


def save(file: Path, kind: str, exchanges: Iterable[Exchange], scrubber: Scrubber) -> None:
    """Write a file; fails the test, and writes nothing, where something looks like a secret.

    The same exchange is written once, however often it came in a row: plugins ask again and again.
    """
    once = list(_without_repetition(exchanges))
    for found in once:
        if suspects := [each for text in _texts(found) for each in scrubber.suspicious(text)]:
            told = ", ".join(f"{each[:6]}..." for each in dict.fromkeys(suspects[:MOST]))
            fix(
                f"{file.name} would hold what looks like a secret ({told}) in {key(found['request'])[:200]}",
                "append a regular expression to `golden.secrets`, or to `golden.harmless` if it is none",
            )
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = {"kind": kind, "exchanges": once}
    file.write_text(HEAD + yaml.dump(whole, Dumper=_Dumper, sort_keys=False, width=WIDTH, allow_unicode=True))


def _without_repetition(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    latest: dict[str, str] = {}
    for each in exchanges:
        asked, whole = key(each["request"]), key(each)
        if latest.get(asked) != whole:
            yield each
        latest[asked] = whole


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "base64" in value:
            yield from _PRINTED.findall(b64decode(value["base64"]).decode("latin-1"))
            value = {name: each for name, each in value.items() if name != "base64"}
        value = [*value, *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stand as they are, and nothing is told by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
