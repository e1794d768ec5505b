"""The hooks: what a plugin may implement, API v1.

A plugin is a class (or module, or object) named by an entry point of group ``causely``. A class is called
once for each component that loads it, so that its hooks can share state through ``self`` (in ``causely run`` several
components are one process: what a module or an object holds is then shared). It states the API it was written for as
``causely_api = 1`` and marks its hooks with :data:`hookimpl`::

    from causely_core.hookspecs import hookimpl

    class HelloPlugin:
        causely_api = 1

        @hookimpl
        def causely_collectors(self, context):
            return [HelloCollector(context)]

All hooks are optional. A hook that raises, or what it returns and that later raises or overruns its deadline,
is isolated: it is logged, backed off and shown in ``causely plugins list``; nothing else suffers.

Collectors and discoverers of a plugin run on one event loop, in a thread of the plugin's own: what blocks there holds
up the plugin's other streams, and after its deadline it is left behind and begun anew. One that never blocks and takes
very much in may state ``causely_shares_loop = True`` to run on the event loop of the part that loads it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pluggy
from attrs import field, frozen

from causely_core.detection.detector import SymptomDetector
from causely_core.model import (
    Aliases,
    CausalModel,
    Clock,
    ObservationBatch,
    RemediationAction,
    RemediationPlan,
    TopologyDelta,
)

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter
    from structlog.typing import FilteringBoundLogger

__all__ = [
    "API_VERSION",
    "CPU_BUDGET",
    "PROJECT",
    "CauselySpecs",
    "Collector",
    "Discoverer",
    "HookContext",
    "MemoryPressure",
    "Remediator",
    "SymptomDetector",
    "hookimpl",
    "hookspec",
    "unlimited",
]

PROJECT = "causely"
"""The project name of pluggy, and the group of entry points that plugins are found in."""
API_VERSION = 1
"""The version of these hooks, which a plugin states as ``causely_api``."""
CPU_BUDGET = 0.02
"""Share of one core that a plugin may use where nothing else is said."""


class MemoryPressure(IntEnum):
    """How short of memory a process is."""

    NONE = 0
    """Take what is needed."""
    HOLD = 1
    """Take no more than now: what is new takes the place of something, or is refused, and that is counted."""
    SHED = 2
    """Drop what can be done without as well."""


def unlimited() -> MemoryPressure:
    """There is enough memory, always."""
    return MemoryPressure.NONE


hookspec = pluggy.HookspecMarker(PROJECT)
"""Marks what hooks there are; plugins do not need it."""
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks the methods of a plugin that are hooks."""


@frozen
class HookContext:
    """The few handles a plugin's hook may use; nothing reaches around it.

    Attributes:
        component: the part that loads the plugin: ``agent``, ``mediator``, ``executor`` or ``analyzer``.
        config: an instance of the class returned by ``causely_config``; none without one.
        clock: the time; never call ``time.time`` in what must replay.
        logger: bound to the plugin's name.
        meter: for the plugin's own metrics, shown in /metrics.
        data_dir: a folder of the plugin's own in this component, kept over restarts.
        host_root: where the host's file system is mounted; read ``host_root / "proc"``, never ``/proc``.
        node: the machine's name in Kubernetes; empty for its host name.
        cpu_budget: the share of one processor core that the plugin may use, averaged over a minute; collect less
            often, or less, to stay below.
        memory_pressure: how short of memory the process is, which ends when it takes more than it may. Cheap: ask
            whenever something is to be kept or could be dropped.
        cluster: the name that the configuration gives to the cluster that is watched; empty when it gives none.
        aliases: what ids mean, by all that is known in the mediator; read only. Discoverers tell it by relations
            ``same_as``. Topology and observations are resolved after they were told: who asks before is who needs
            to know what belongs together, to add it up.
    """

    component: str
    config: Any
    clock: Clock
    logger: FilteringBoundLogger
    meter: Meter
    data_dir: Path
    host_root: Path = Path("/")
    node: str = ""
    cpu_budget: float = CPU_BUDGET
    memory_pressure: Callable[[], MemoryPressure] = unlimited
    cluster: str = ""
    aliases: Aliases = field(factory=Aliases)


@runtime_checkable
class Collector(Protocol):
    """Produces observations from one kind of signal.

    Attributes:
        name: unique in its plugin.
    """

    name: str

    def observe(self) -> AsyncIterator[ObservationBatch]:
        """Stream batches until the iterator is closed.

        Open servers and connections when iteration begins and release them in a ``finally``; closing the
        iterator is how the collector is stopped. An exception ends the stream; it is started anew after a
        back-off.
        """
        ...


@runtime_checkable
class Discoverer(Protocol):
    """Produces topology from one source.

    Attributes:
        name: unique in its plugin; ``<component>/<plugin>/<name>`` becomes the delta's source.
    """

    name: str

    def discover(self) -> AsyncIterator[TopologyDelta]:
        """Stream deltas until closed; the first one after a start must be a snapshot.

        ``version`` and ``source`` may be left at any value: they are set by whoever runs the discoverer.
        """
        ...


@runtime_checkable
class Remediator(Protocol):
    """Carries out one kind of remediation action. Every method is idempotent under ``action.id``.

    Attributes:
        name: the action kind it handles (``restart_workload``).
    """

    name: str

    def declare(self) -> Mapping[str, Sequence[str]]:
        """The Kubernetes permissions it needs: ``{"apps/deployments": ["get", "patch"]}``."""
        ...

    async def plan(self, action: RemediationAction) -> RemediationPlan:
        """Tell what would change, by a server-side dry run; nothing changes."""
        ...

    async def execute(self, action: RemediationAction) -> None:
        """Do it; raise to report failure."""
        ...

    async def verify(self, action: RemediationAction) -> bool:
        """Whether the intended state has been reached."""
        ...

    async def rollback(self, action: RemediationAction) -> None:
        """Undo it."""
        ...


class CauselySpecs:
    """The hook specifications registered with pluggy; implement any of them."""

    @hookspec
    def causely_config(self) -> type | None:
        """The attrs class of this plugin's configuration section.

        Called when the plugin is loaded, before any other hook. The section is found under
        ``plugins.<plugin name>`` of the configuration file and structured into the class; unknown keys and
        wrong types are reported with their path and the process does not start.

        Returns:
            An attrs class whose every attribute has a type and a default, or none for no configuration. No attribute
            may be called ``enabled``: in every section that tells whether the plugin is loaded.
        """

    @hookspec
    def causely_collectors(self, context: HookContext) -> Iterable[Collector] | None:
        """Collectors for the component named in ``context.component``.

        Called once when an agent or mediator starts. Each collector's ``observe`` is then iterated in a task
        of its own; its batches are written to the time series store and shown to the symptom detectors.
        """

    @hookspec
    def causely_discoverers(self, context: HookContext) -> Iterable[Discoverer] | None:
        """Discoverers for the component named in ``context.component``.

        Called once when an agent or mediator starts, after ``causely_collectors`` of the same plugin. Each
        discoverer's ``discover`` is iterated in a task of its own; deltas pass the egress gate on their way to
        the analyzer.
        """

    @hookspec
    def causely_symptom_detectors(self, context: HookContext) -> Iterable[SymptomDetector] | None:
        """Detectors to run over the observations of this process.

        Called once when an agent or mediator starts. ``detect`` is called for every detection interval
        (2 s by default), in a thread, one detector after the other. One that takes 10 s is left behind and
        backed off.
        """

    @hookspec
    def causely_causal_models(self) -> Iterable[CausalModel | Path] | None:
        """Causal models, or YAML files of them, to merge into the catalogue.

        Called once when an analyzer starts. A model for an entity type that is already known adds its
        symptoms, root causes and propagations; a name that exists is replaced by the later plugin's.
        """

    @hookspec
    def causely_remediators(self, context: HookContext) -> Iterable[Remediator] | None:
        """Remediators for the executor. Called once when an executor starts."""
