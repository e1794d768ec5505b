"""Typed values out of JSON, with the path in every complaint."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from attrs import frozen

from causely_core.incidents.reading.problem import IncidentError

_MOST = sys.float_info.max


@frozen
class JsonValue:
    """One value of a JSON file and where it is; every reading method raises :class:`IncidentError` otherwise."""

    value: Any
    where: str

    @classmethod
    def of(cls, path: Path) -> JsonValue:
        """The whole of a file."""
        try:
            return cls.parsed(path.read_bytes(), str(path))
        except OSError as problem:
            raise IncidentError(f"{path}: cannot be read: {problem.strerror}") from problem

    @classmethod
    def parsed(cls, text: str | bytes, where: str) -> JsonValue:
        """The value that is written in ``text``, which is what ``where`` says."""
        try:
            return cls(json.loads(text), where)
        except (ValueError, RecursionError) as problem:
            raise IncidentError(f"{where}: not JSON: {problem}") from problem

    def wrong(self, expected: str) -> IncidentError:
        """The error that says what was expected here."""
        said = json.dumps(self.value)
        return IncidentError(f"{self.where}: expected {expected}, got {said if len(said) < 60 else said[:57] + '...'}")

    def get(self, key: str) -> JsonValue | None:
        """The value of ``key`` of an object; none when it is not there or null."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        found = self.value.get(key)
        return None if found is None else JsonValue(found, f"{self.where}: {key}")

    def need(self, key: str) -> JsonValue:
        """The value of ``key`` of an object, which must have it."""
        found = self.get(key)
        if found is None:
            raise IncidentError(f"{self.where}: {key!r} is missing")
        return found

    def items(self) -> list[JsonValue]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [JsonValue(item, f"{self.where}[{place}]") for place, item in enumerate(self.value)]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("a text")
        return self.value

    def number(self) -> float:
        """A finite number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not -_MOST <= self.value <= _MOST:
            raise self.wrong("a number")
        return float(self.value)

    def texts(self) -> dict[str, str]:
        """An object of texts; numbers and booleans are taken as they are written."""
        if not isinstance(self.value, dict) or any(isinstance(each, list | dict) for each in self.value.values()):
            raise self.wrong("an object of texts")
        return {key: each if isinstance(each, str) else json.dumps(each) for key, each in self.value.items()}
