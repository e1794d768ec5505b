"""The plugin manager: finds plugins by entry point, checks and configures them, calls their hooks apart."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy
from attrs import Factory, define, field

from causely_core.config import structure
from causely_core.errors import CauselyError, ConfigError, PluginError
from causely_core.hookspecs import (
    API_VERSION,
    CPU_BUDGET,
    PROJECT,
    CauselySpecs,
    Collector,
    Discoverer,
    HookContext,
    MemoryPressure,
    Remediator,
    SymptomDetector,
    unlimited,
)
from causely_core.interpolation import faults
from causely_core.isolation import IsolationPolicy, Unit, guarded
from causely_core.model import Aliases, Clock

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter
    from structlog.typing import FilteringBoundLogger

ENTRY_POINT_GROUP = "causely"

_EXPECTED: Mapping[str, type] = {
    "causely_collectors": Collector,
    "causely_discoverers": Discoverer,
    "causely_symptom_detectors": SymptomDetector,
    "causely_remediators": Remediator,
}
"""What each item is that a hook returns; causal models are objects or paths."""


@define
class Plugin:
    """One plugin with what became of it.

    Attributes:
        name: its entry point's name, also the name of its configuration section.
        version: of the distribution it came from.
        instance: what is registered with pluggy; none when it could not be loaded.
        config: an instance of its configuration class; none without one.
        hooks: names of the hooks it implements.
        error: why it is not in use though it should be; empty when all is well.
        enabled: whether the configuration lets it be loaded.
        units: its collectors, discoverers and detectors, with their states.
    """

    name: str
    version: str
    instance: Any = None
    config: Any = None
    hooks: tuple[str, ...] = ()
    error: str = ""
    enabled: bool = True
    units: list[Unit] = Factory(list)

    @property
    def shares_loop(self) -> bool:
        """Whether its streams run on the event loop of the part that loads it, by its own word."""
        return bool(getattr(self.instance, "causely_shares_loop", False))

    @property
    def state(self) -> str:
        """``disabled``, ``failed`` when not loaded, else the worst state of its units, else ``loaded``."""
        if not self.enabled:
            return "disabled"
        if self.error:
            return "failed"
        troubled = [unit.state.value for unit in self.units if unit.failures]
        running = [unit.state.value for unit in self.units]
        return (troubled or running or ["loaded"])[0]


@define
class PluginManager:
    """Loads plugins for one component and calls their hooks one plugin at a time.

    Attributes:
        component: ``agent``, ``mediator``, ``executor`` or ``analyzer``.
        sections: the ``plugins`` part of the configuration: plugin name to its section, in which ``enabled`` tells
            whether it is loaded, and all else is its own.
        data_dir: each plugin gets a folder of its own below it.
        host_root: passed on to the plugins, as are ``node``, ``cpu_budget``, ``memory_pressure``, ``cluster`` and
            ``aliases``.
    """

    component: str
    clock: Clock
    logger: FilteringBoundLogger
    meter: Meter
    data_dir: Path
    sections: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    policy: IsolationPolicy = field(factory=IsolationPolicy)
    host_root: Path = Path("/")
    node: str = ""
    cpu_budget: float = CPU_BUDGET
    memory_pressure: Callable[[], MemoryPressure] = unlimited
    cluster: str = ""
    aliases: Aliases = field(factory=Aliases)
    plugins: dict[str, Plugin] = field(factory=dict, init=False)
    _pluggy: pluggy.PluginManager = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._pluggy = pluggy.PluginManager(PROJECT)
        self._pluggy.add_hookspecs(CauselySpecs)

    def load_installed(self) -> None:
        """Load every plugin of the entry-point group; one that fails is listed with its error.

        Raises:
            ConfigError: sections are wrong, or name plugins that are not installed: a typo there would
                silently leave a cluster unwatched. Every other plugin is loaded by then.
        """
        wrong: list[str] = []
        for entry in sorted(metadata.entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name):
            try:
                self._load(entry)
            except ConfigError as problem:
                wrong += problem.lines
                self.plugins[entry.name] = Plugin(entry.name, _version(entry), error=str(problem))
        wrong += self._unknown()
        if wrong:
            raise ConfigError(*wrong)

    def register(self, name: str, plugin: Any, version: str = "0") -> Plugin:
        """Check, configure and register one plugin object or class.

        Raises:
            PluginError: it is written for another API version, or its configuration class is unusable.
            ConfigError: its configuration section does not fit.
        """
        _check_api(name, plugin)
        instance = plugin() if inspect.isclass(plugin) else plugin
        self._pluggy.register(instance, name=name)
        hooks = tuple(sorted(caller.name for caller in self._pluggy.get_hookcallers(instance) or ()))
        entry = Plugin(name, version, instance, hooks=hooks)
        entry.config = self._configure(entry)
        self.plugins[name] = entry
        return entry

    def context(self, plugin: Plugin) -> HookContext:
        """The handles that ``plugin`` gets."""
        folder = self.data_dir / "plugins" / plugin.name
        folder.mkdir(parents=True, exist_ok=True)
        logger = self.logger.bind(plugin=plugin.name)
        return HookContext(
            self.component,
            plugin.config,
            self.clock,
            logger,
            self.meter,
            folder,
            self.host_root,
            self.node,
            self.cpu_budget,
            self.memory_pressure,
            self.cluster,
            self.aliases,
        )

    async def call(self, hook: str) -> list[tuple[Plugin, Any]]:
        """Call ``hook`` of every plugin that has it, each isolated; returns plugin and item, flattened."""
        found: list[tuple[Plugin, Any]] = []
        for plugin in self.plugins.values():
            if hook in plugin.hooks:
                found.extend((plugin, item) for item in await self._call_one(plugin, hook))
        return found

    def unit(self, plugin: Plugin, kind: str, name: str) -> Unit:
        """A new isolated unit of ``plugin``, listed with it."""
        unit = Unit(f"{plugin.name}/{name}", kind, self.clock, self.logger, self.policy)
        plugin.units.append(unit)
        return unit

    async def _call_one(self, plugin: Plugin, hook: str) -> Iterable[Any]:
        unit = Unit(f"{plugin.name}/{hook}", "hook", self.clock, self.logger, self.policy)
        answer = await guarded(unit, lambda: list(self._checked(hook, self._invoke(plugin, hook))))
        if answer is None:
            plugin.error = f"{hook}: {unit.last_error}"
        return answer or ()

    def _checked(self, hook: str, items: Iterable[Any]) -> Iterable[Any]:
        expected = _EXPECTED.get(hook, object)
        for item in items:
            if not isinstance(item, expected):
                raise TypeError(f"expected a {expected.__name__}, found {item!r:.100}")
            yield item

    def _invoke(self, plugin: Plugin, hook: str) -> Iterable[Any]:
        others = [other for other in self._pluggy.get_plugins() if other is not plugin.instance]
        caller = self._pluggy.subset_hook_caller(hook, remove_plugins=others)
        wants_context = "context" in (getattr(CauselySpecs, hook).__code__.co_varnames)
        answers = caller(context=self.context(plugin)) if wants_context else caller()
        return (item for answer in answers for item in answer or ())

    def _unknown(self) -> Iterable[str]:
        installed = ", ".join(self.plugins) or "none"
        for name in sorted(set(self.sections) - set(self.plugins)):
            if is_enabled(name, self.sections[name]):
                yield f"plugins.{name}: no such plugin is installed; installed are {installed}"

    def _configure(self, plugin: Plugin) -> Any:
        section = {key: value for key, value in self.sections.get(plugin.name, {}).items() if key != "enabled"}
        if missing := tuple(faults(section, f"plugins.{plugin.name}")):
            raise ConfigError(*missing)
        cls = getattr(plugin.instance, "causely_config", lambda: None)()
        if cls is None:
            if section:
                raise ConfigError(f"plugins.{plugin.name}: this plugin takes no configuration")
            return None
        if any(attribute.name == "enabled" for attribute in getattr(cls, "__attrs_attrs__", ())):
            raise PluginError(f"plugin {plugin.name}: enabled is taken, expected another name for its own setting")
        return structure(section, cls, f"plugins.{plugin.name}")

    def _load(self, entry: metadata.EntryPoint) -> None:
        if entry.name in self.plugins:
            # The first is that of causely itself: folders of extra plugins come last.
            raise ConfigError(f"plugins.{entry.name}: {_origin(entry)} brings another plugin of this name")
        if not is_enabled(entry.name, self.sections.get(entry.name, {})):
            self.plugins[entry.name] = Plugin(entry.name, _version(entry), enabled=False)
            return
        try:
            self.register(entry.name, entry.load(), _version(entry))
        except ConfigError:
            raise
        except CauselyError as problem:
            self._refuse(entry, problem)
        except Exception as problem:
            self._refuse(entry, f"cannot be loaded: {type(problem).__name__}: {problem}")

    def _refuse(self, entry: metadata.EntryPoint, problem: object) -> None:
        self.plugins[entry.name] = Plugin(entry.name, _version(entry), error=str(problem))
        self.logger.error("plugin refused", plugin=entry.name, error=str(problem))


def is_enabled(name: str, section: Mapping[str, Any]) -> bool:
    """Whether the plugin ``name`` is to be loaded, by the ``enabled`` of its section.

    Raises:
        ConfigError: it is neither true nor false.
    """
    enabled = section.get("enabled", True)
    if not isinstance(enabled, bool):
        raise ConfigError(f"plugins.{name}.enabled: expected true or false, found {enabled!r}")
    return enabled


def _origin(entry: metadata.EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _version(entry: metadata.EntryPoint) -> str:
    return entry.dist.version if entry.dist else "0"


def _check_api(name: str, plugin: Any) -> None:
    written_for = getattr(plugin, "causely_api", None)
    if written_for != API_VERSION:
        stated = "states no causely_api" if written_for is None else f"is written for API {written_for}"
        raise PluginError(f"plugin {name} {stated}; this causely offers API {API_VERSION}")
