"""The plugin: who loads it, where, and what that costs."""

import subprocess
import sys

from causely_plugin_gcp import GcpPlugin

from .watching import context


def loaded(tmp_path, component="mediator", **settings):
    plugin, about = GcpPlugin(), context(tmp_path, settings, component)
    return [each.name for each in (*plugin.causely_collectors(about), *plugin.causely_discoverers(about))]


def test_the_mediator_alone_asks_and_only_when_there_are_projects(tmp_path):
    assert loaded(tmp_path, projects=["shop-prod"]) == ["metrics", "resources"]
    assert loaded(tmp_path, "agent", projects=["shop-prod"]) == []
    assert loaded(tmp_path) == []


def test_nothing_of_google_is_loaded_with_the_plugin():
    code = "import sys, causely_plugin_gcp; print([name for name in sys.modules if name.startswith('google.')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "[]"
