"""The sections of extra plugins, and which component loads them."""

import zipfile
from importlib import metadata

import pytest

from causely_core.errors import ConfigError
from causely_core.extra import ExtraPlugin, missing, sections_for

from .wheels import make_wheel


@pytest.fixture
def installed(wheels, tmp_path):
    """Puts a package where extra plugins are, and makes it importable as services do."""
    folder = tmp_path / "plugins"

    def installed(name, version="1.0", **what):
        make_wheel(wheels, name, version, **what)
        for wheel in wheels.iterdir():
            zipfile.ZipFile(wheel).extractall(folder)
        extra = ExtraPlugin(f"{name}=={version}")
        missing([extra], "mediator", folder)
        return extra

    return installed


def test_without_extra_plugins_the_sections_stay_as_they_are(tmp_path):
    assert missing([], "mediator", tmp_path) == []
    assert sections_for("mediator", {"otlp": {"a": 1}}, []) == {"otlp": {"a": 1}}


def test_what_is_not_installed_is_missing_where_it_is_wanted(tmp_path):
    extra = ExtraPlugin("acme==1.0")
    assert missing([extra], "mediator", tmp_path) == [extra]
    assert missing([extra], "agent", tmp_path) == []


def test_its_configuration_is_the_section_of_the_plugin_it_brings(installed):
    installed("acme-thing", plugins=["acme"])
    extra = ExtraPlugin("acme-thing==1.0", config={"token": "x"})
    assert missing([extra], "mediator", "") == []
    assert sections_for("mediator", {"otlp": {}}, [extra]) == {"otlp": {}, "acme": {"token": "x"}}
    assert sections_for("mediator", {"acme": {"enabled": False}}, [extra])["acme"] == {"enabled": False, "token": "x"}


def test_who_is_not_named_does_not_load_it(installed):
    extra = installed("acme-thing", plugins=["acme", "more"])
    assert sections_for("agent", {"acme": {"a": 1}}, [extra]) == {
        "acme": {"enabled": False},
        "more": {"enabled": False},
    }
    assert sections_for("mediator", {"acme": {"a": 1}}, [extra]) == {"acme": {"a": 1}}


@pytest.mark.parametrize(
    ("plugins", "config", "wanted", "sections", "line"),
    [
        (["acme"], {}, "2.0", {}, "package: acme-thing==2.0 is wanted, 1.0 is installed"),
        ([], {"a": 1}, "1.0", {}, "config: acme-thing brings no plugin, expected"),
        (["acme", "b"], {"a": 1}, "1.0", {}, r"config: acme-thing brings several plugins \(acme, b\), expected"),
        (["acme"], {"a": 1}, "1.0", {"acme": {"b": 1}}, "config: plugins.acme is there as well, expected one of"),
        (["otlp"], {}, "1.0", {}, "package: acme-thing brings a plugin otlp, which causely-plugin-otlp brings as well"),
    ],
)
def test_what_does_not_fit_is_one_line(installed, plugins, config, wanted, sections, line):
    installed("acme-thing", plugins=plugins)
    with pytest.raises(ConfigError, match=rf"^extra_plugins\[0\]\.{line}"):
        sections_for("mediator", sections, [ExtraPlugin(f"acme-thing=={wanted}", config=config)])


def test_one_that_is_called_as_ours_cannot_switch_ours_off(installed):
    extra = installed("acme-thing", plugins=["otlp"])
    with pytest.raises(ConfigError, match="which causely-plugin-otlp brings as well"):
        sections_for("agent", {}, [extra])


def test_nothing_of_causely_is_hidden_by_what_is_installed_later(installed):
    before = metadata.version("attrs")
    installed("attrs", "99.0")
    assert metadata.version("attrs") == before
