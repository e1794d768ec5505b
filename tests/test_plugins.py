"""The plugin manager: checks, configures and isolates plugins; names what is wrong in one line."""

from pathlib import Path

import pytest
import structlog
from attrs import frozen
from opentelemetry.metrics import NoOpMeter

from causely_core.errors import ConfigError, PluginError
from causely_core.hookspecs import hookimpl
from causely_core.interpolation import resolve
from causely_core.model import ManualClock
from causely_core.plugins import PluginManager


@frozen
class GreeterConfig:
    greeting: str = "hello"


@frozen
class Greeting:
    name: str

    def observe(self):
        raise NotImplementedError


class Greeter:
    causely_api = 1

    @hookimpl
    def causely_config(self):
        return GreeterConfig

    @hookimpl
    def causely_collectors(self, context):
        return [Greeting(f"{context.config.greeting} from {context.component}")]


class Broken:
    causely_api = 1

    @hookimpl
    def causely_collectors(self, context):
        raise RuntimeError("cannot reach it")


@pytest.fixture
def manager(tmp_path):
    def build(**sections):
        return PluginManager("mediator", ManualClock(), structlog.get_logger(), NoOpMeter("test"), tmp_path, sections)

    return build


async def test_a_plugin_gets_its_own_typed_section(manager):
    subject = manager(greeter={"greeting": "good day"})
    subject.register("greeter", Greeter)
    assert [item.name for _, item in await subject.call("causely_collectors")] == ["good day from mediator"]


async def test_the_section_is_optional(manager):
    subject = manager()
    plugin = subject.register("greeter", Greeter)
    assert plugin.config == GreeterConfig()
    assert plugin.hooks == ("causely_collectors", "causely_config")


def test_a_wrong_section_names_plugin_and_key(manager):
    with pytest.raises(ConfigError, match=r"plugins\.greeter.*unknown key greting; known are greeting"):
        manager(greeter={"greting": "hi"}).register("greeter", Greeter)


def test_a_section_for_a_plugin_without_configuration_is_refused(manager):
    with pytest.raises(ConfigError, match="takes no configuration"):
        manager(broken={"a": 1}).register("broken", Broken)


@pytest.mark.parametrize("written_for", [None, 0, 2])
def test_another_api_version_is_refused(manager, written_for):
    class Foreign:
        causely_api = written_for

    with pytest.raises(PluginError, match="offers API 1"):
        manager().register("foreign", Foreign)


async def test_a_failing_hook_spoils_nothing_else(manager):
    subject = manager()
    broken = subject.register("broken", Broken)
    subject.register("greeter", Greeter)
    answers = await subject.call("causely_collectors")
    assert [plugin.name for plugin, _ in answers] == ["greeter"]
    assert broken.state == "failed"
    assert "cannot reach it" in broken.error


async def test_a_hook_that_was_not_implemented_brings_nothing(manager):
    subject = manager()
    subject.register("greeter", Greeter)
    assert await subject.call("causely_remediators") == []


def test_installed_plugins_are_found_by_entry_point(manager):
    subject = manager()
    subject.load_installed()
    assert subject.plugins["core"].error == ""
    assert "causely_symptom_detectors" in subject.plugins["core"].hooks


def test_a_section_for_no_installed_plugin_is_refused(manager):
    with pytest.raises(ConfigError, match=r"plugins\.prometeus: no such plugin is installed; installed are .*core"):
        manager(prometeus={}).load_installed()


def test_each_plugin_gets_a_folder_of_its_own(manager, tmp_path):
    subject = manager()
    plugin = subject.register("greeter", Greeter)
    assert subject.context(plugin).data_dir == tmp_path / "plugins" / "greeter"


def test_a_plugin_is_told_where_the_host_is_and_how_much_it_may_use(tmp_path):
    clock, logger, meter = ManualClock(), structlog.get_logger(), NoOpMeter("test")
    subject = PluginManager("agent", clock, logger, meter, tmp_path, host_root=tmp_path / "host", cpu_budget=0.5)
    context = subject.context(subject.register("greeter", Greeter))
    assert (context.component, context.host_root, context.cpu_budget) == ("agent", tmp_path / "host", 0.5)


def test_where_nothing_is_said_the_host_is_here(manager):
    subject = manager()
    context = subject.context(subject.register("greeter", Greeter))
    assert (context.host_root, context.cpu_budget) == (Path("/"), 0.02)


def test_every_component_has_a_plugin_object_of_its_own(manager):
    first, second = manager().register("greeter", Greeter), manager().register("greeter", Greeter)
    assert first.instance is not second.instance


def test_a_reference_that_stands_for_nothing_is_told_when_its_plugin_is_configured(manager, monkeypatch):
    monkeypatch.delenv("ABSENT", raising=False)
    subject = manager(greeter=resolve({"greeting": "${env:ABSENT}"}))
    with pytest.raises(ConfigError, match=r"^plugins\.greeter\.greeting: \$\{env:ABSENT\}: the environment has no"):
        subject.register("greeter", Greeter)


def test_a_plugin_that_is_disabled_is_listed_and_not_loaded(manager):
    subject = manager(core={"enabled": False}, absent={"enabled": False, "left": "over"})
    subject.load_installed()
    assert (subject.plugins["core"].state, subject.plugins["core"].instance) == ("disabled", None)
    assert "absent" not in subject.plugins


def test_a_switch_that_is_neither_on_nor_off_is_one_line_among_the_others(manager):
    subject = manager(core={"enabled": "yes"}, otlp={"request_timeout": 0}, no_such={})
    with pytest.raises(ConfigError) as caught:
        subject.load_installed()
    assert [line.partition(": ")[0] for line in caught.value.lines] == [
        "plugins.core.enabled",
        "plugins.otlp",
        "plugins.no_such",
    ]


def test_a_plugin_cannot_call_a_setting_of_its_own_enabled(manager):
    @frozen
    class Taken:
        enabled: int = 1

    class Foreign:
        causely_api = 1

        @hookimpl
        def causely_config(self):
            return Taken

    with pytest.raises(PluginError, match="enabled is taken"):
        manager().register("foreign", Foreign)
