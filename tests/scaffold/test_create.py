"""A new plugin's package installs, is found, and passes its own tests."""

import json
import os
import subprocess
import sys
import tomllib

import pytest

from causely_core.errors import UsageError
from causely_core.scaffold import HOOKS, create

PIP = ("pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")


def python(*arguments, path=None, cwd=None):
    """Runs a module of Python with ``path`` before all others."""
    paths = [path and str(path), os.environ.get("PYTHONPATH")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_new_plugin_installs_and_passes_its_tests(tmp_path, hook):
    package = create("acme-print", hook, tmp_path)
    site = tmp_path / "site"
    installed = python(*PIP, "--target", site, package)
    assert installed.returncode == 0, installed.stderr
    tested = python("pytest", "-q", "-p", "causely_core.testing.plugin", path=site, cwd=package)
    assert tested.returncode == 0, tested.stdout
    listed = python("causely_core", "plugins", "list", "--admin", "http://127.0.0.1:9", "-o", "json", path=site)
    [row] = [row for row in json.loads(listed.stdout) if row["name"] == "acme-print"]
    assert (row["version"], row["error"], row["state"]) == ("0.1.0", "", "installed")
    assert any(hook.replace("-", "_") in implemented for implemented in row["hooks"])


def test_nothing_of_a_template_is_left(tmp_path):
    for hook in HOOKS:
        for file in create(f"a-{hook}", hook, tmp_path).rglob("*"):
            assert not {"MODULE", "WORD"} & set(file.relative_to(tmp_path).parts)
            if file.is_file() and file.name != "ci.yml":
                assert "$" not in file.read_text()


def test_the_package_says_what_pip_and_continuous_integration_need(tmp_path):
    package = create("acme", "collector", tmp_path)
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["causely"] == {"acme": "causely_plugin_acme:AcmePlugin"}
    assert project["optional-dependencies"]["testing"] == ["causely-core[testing]"]
    assert "${{ matrix.python }}" in (package / ".github" / "workflows" / "ci.yml").read_text()
    assert (package / "README.md").exists()


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    kept = tmp_path / "causely-plugin-acme"
    kept.mkdir()
    with pytest.raises(UsageError, match="is there already, expected another name"):
        create("acme", "collector", tmp_path)
    assert not list(kept.iterdir())


@pytest.mark.parametrize("name", ["Acme", "acme_queue", "1st", "", "core", "causely-plugin-acme", "../acme", "a--b"])
def test_a_bad_name_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(UsageError, match="expected") as refused:
        create(name, "collector", tmp_path)
    assert len(refused.value.lines) == 1
    assert not list(tmp_path.iterdir())
