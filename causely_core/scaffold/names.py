"""What the parts of a plugin are called, all from its name."""

from __future__ import annotations

import re
from typing import Self

from attrs import frozen

from causely_core.errors import UsageError

PREFIX = "causely-plugin-"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TAKEN = ("core", "feed", "tested")


@frozen
class Names:
    """The names of a plugin.

    Attributes:
        name: of its entry point and its section of the configuration: ``acme-queue``.
    """

    name: str

    @classmethod
    def of(cls, name: str) -> Self:
        """The names of the plugin ``name``.

        Raises:
            UsageError: it cannot be called that.
        """
        if name.startswith(PREFIX):
            raise UsageError(f"{name}: the package is called {PREFIX}* by itself, expected {name.removeprefix(PREFIX)}")
        if not _NAME.fullmatch(name) or name in _TAKEN:
            wrong = "is taken by causely" if name in _TAKEN else "is no name of a plugin"
            raise UsageError(
                f"{name!r} {wrong}, expected lower-case letters and digits with dashes, such as acme-queue"
            )
        return cls(name)

    @property
    def package(self) -> str:
        """The distribution, and the folder of it."""
        return PREFIX + self.name

    @property
    def module(self) -> str:
        """The Python package."""
        return self.package.replace("-", "_")

    @property
    def word(self) -> str:
        """What the plugin's own attributes begin with."""
        return self.name.replace("-", "_")

    @property
    def camel(self) -> str:
        """What its classes begin with."""
        return "".join(part.capitalize() for part in self.name.split("-"))

    def words(self, hook: str) -> dict[str, str]:
        """All that stands in templates."""
        classes = {each: self.camel + each.capitalize() for each in _CLASSES}
        return {
            "hook": hook.replace("-", " "),
            "name": self.name,
            "package": self.package,
            "module": self.module,
            "word": self.word,
            "camel": self.camel,
            **classes,
        }


_CLASSES = ("plugin", "config", "collector", "discoverer", "detector", "remediator")
