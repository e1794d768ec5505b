"""What every plugin promises, whatever its hooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from causely_core.errors import ConfigError
from causely_core.hookspecs import API_VERSION
from causely_core.testing.asking import Contexts
from causely_core.testing.contracts.configuration import check_configuration
from causely_core.testing.contracts.sharing import Held
from causely_core.testing.fix import fix, require


class PluginContract:
    """Inherited by the contracts of all hooks; give a fixture ``plugin`` that returns the plugin's class.

    Attributes:
        hook: the name of the hook that is tested.
        thing: what the hook brings, for messages.
    """

    hook: ClassVar[str]
    thing: ClassVar[str]

    @pytest.fixture
    def brought(self, plugin: Any, contexts: Contexts) -> list[Any]:
        """What the hook brings when the plugin is loaded with ``section``."""
        require(plugin is not None, "there is no plugin to test", "give a fixture `plugin` that returns your class")
        self._check_api(plugin)
        try:
            found = contexts.items_now(self.hook)
        except ConfigError as problem:
            fix(f"the plugin does not take the test's configuration: {problem}", "give a fixture `section` that fits")
        require(
            found, f"{self.hook} brings nothing", "mark it with @hookimpl and return a list, or configure `section`"
        )
        return found

    @pytest.fixture
    def one(self, brought: list[Any]) -> Any:
        """The one thing that is tested, where the hook brings no other."""
        names = ", ".join(sorted(str(getattr(each, "name", each)) for each in brought))
        require(
            len(brought) == 1,
            f"{self.hook} brings {len(brought)} ({names})",
            f"give your test class a fixture `{self.thing}` that picks one",
        )
        return brought[0]

    def test_the_plugin_states_its_api(self, plugin: Any) -> None:
        """``causely_api`` is there and is ours."""
        require(plugin is not None, "there is no plugin to test", "give a fixture `plugin` that returns your class")
        self._check_api(plugin)

    def test_the_configuration_is_typed_and_has_defaults(self, plugin: Any) -> None:
        """Unknown keys and wrong types are refused with their path."""
        check_configuration(plugin)

    def test_names_are_given_and_unique(self, brought: list[Any]) -> None:
        """Units are told apart by their names."""
        names = list(self._names(brought))
        twice = [name for name, times in Counter(names).items() if times > 1]
        require(not twice, f"several have the name {', '.join(twice)}", f"give each {self.thing} a name of its own")

    def test_hooks_can_be_called_twice(self, brought: list[Any], contexts: Contexts) -> None:
        """In ``causely run`` several components load the plugin in one process: nothing may be shared."""
        held = Held.by(brought)
        again = contexts.items_now(self.hook)
        require(
            sorted(self._names(brought)) == sorted(self._names(again)),
            f"{self.hook} brings something else when it is called again",
            "keep state in the plugin object and not in its class or module",
        )
        for told in held.shared(again):
            fix(f"two plugin objects share {told}", "make it for each context, not once in a class or module")

    def _names(self, things: list[Any]) -> Iterator[str]:
        for thing in things:
            name = getattr(thing, "name", "")
            require(
                isinstance(name, str) and name,
                f"a {type(thing).__name__} has no name",
                "set `name` to a non-empty text",
            )
            yield name

    @staticmethod
    def _check_api(plugin: Any) -> None:
        stated = getattr(plugin, "causely_api", None)
        require(stated == API_VERSION, f"causely_api is {stated}", f"set `causely_api = {API_VERSION}` in the plugin")
