"""The fixtures, as pytest finds them. Everything is imported when it is used: all runs of pytest load this module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from causely_core.hookspecs import HookContext
    from causely_core.model import ManualClock, TopologyDelta
    from causely_core.testing.asking import Contexts
    from causely_core.testing.golden.golden import Golden
    from causely_core.testing.kubernetes.control_plane import ControlPlane
    from causely_core.testing.loopback.upstream import Upstream

pytest_plugins = ["causely_core.testing.applying", "causely_core.testing.recording"]
if find_spec("pytest_asyncio"):
    pytest_plugins.append("causely_core.testing.services")

START = 1_700_000_000.0
"""Where clocks of tests stand at first, in seconds since the epoch: far from today, so that a wrong clock shows."""


@pytest.fixture
def plugin() -> Any:
    """The plugin under test: a class or an object. Give one of your own; without, ``context`` has no configuration."""
    return None


@pytest.fixture
def section() -> dict[str, Any]:
    """The plugin's section of the configuration file, as parsed YAML. Give your own to test a configured plugin."""
    return {}


@pytest.fixture
def component() -> str:
    """The part that loads the plugin: ``agent``, ``mediator``, ``executor`` or ``analyzer``."""
    return "mediator"


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still until the test moves it."""
    from causely_core.model import ManualClock

    return ManualClock(START)


@pytest.fixture
def contexts(plugin: Any, section: dict[str, Any], component: str, clock: ManualClock, tmp_path: Path) -> Contexts:
    """Makes contexts: each is of a plugin object of its own, with a folder of its own."""
    from causely_core.testing.asking import Contexts

    return Contexts(plugin, section, component, clock, tmp_path / "plugin-data")


@pytest.fixture
def context(contexts: Contexts) -> HookContext:
    """What a hook of the plugin gets: the fake clock, a folder of the test's, and its configuration, checked."""
    return contexts.make()


@pytest.fixture
def topology() -> Callable[..., TopologyDelta]:
    """Makes topologies: ``topology("Service:web calls Service:cart")``."""
    from causely_core.testing.topologies import topology

    return topology


@pytest.fixture(scope="session")
def victoria_metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real VictoriaMetrics, for all tests of this process; skipped where there is no binary."""
    from causely_core.testing.victoria_metrics import victoria_metrics_in

    with victoria_metrics_in(tmp_path_factory.mktemp("victoria-metrics")) as url:
        yield url


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """A real HTTP server on loopback that stands for one that the plugin asks: give its URL to ``section``."""
    from causely_core.testing.loopback.upstream import Upstream

    with Upstream.running() as one:
        yield one


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Iterator[Golden]:
    """Real servers, recorded with ``pytest --golden-record`` and replayed from a file beside the test."""
    from causely_core.testing.golden.golden import Golden

    folder = request.path.parent / "golden" / request.path.stem
    one = Golden(folder, request.config.getoption("--golden-record"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def kubernetes_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real API server of Kubernetes on loopback, for all tests of this process; skipped where there is no binary."""
    from causely_core.testing.kubernetes.binaries import Binaries, Missing
    from causely_core.testing.kubernetes.control_plane import ControlPlane

    try:
        one = ControlPlane(Binaries.found(), tmp_path_factory.mktemp("kubernetes"))
    except Missing as missing:
        pytest.skip(str(missing))
    try:
        one.start()
        yield one
    finally:
        one.stop()
