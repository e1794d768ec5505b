"""Installing extra plugins with pip: what is put where, and what is refused."""

import functools
import http.server
import threading
from importlib import metadata

import pytest

from causely_core.errors import ConfigError, PluginError
from causely_core.extra import ExtraPlugin
from causely_core.extra.install import MARK, install
from causely_core.services.demo.stack import free_ports

from .wheels import make_wheel


@pytest.fixture
def target(tmp_path):
    return tmp_path / "made" / "plugins"


@pytest.fixture
def entry(wheels):
    def entry(package, *hashes, **more):
        return ExtraPlugin(package, list(hashes), find_links=str(wheels), **more)

    return entry


def names(target):
    return {path.name for path in target.iterdir()} - {MARK}


def test_a_plugin_is_installed_with_what_it_needs_but_nothing_that_causely_has(wheels, target, entry):
    make_wheel(wheels, "acme", requires=["acme-dep>=1", "attrs>=24", "causely-core"], plugins=["acme"])
    make_wheel(wheels, "acme-dep", "1.5")
    make_wheel(wheels, "attrs", "99.0")
    pins = install([entry("acme==1.0")], target)
    assert {(pin.name, pin.version) for pin in pins} == {("acme", "1.0"), ("acme-dep", "1.5")}
    assert names(target) == {"acme.py", "acme-1.0.dist-info", "acme_dep.py", "acme_dep-1.5.dist-info", "__pycache__"}


def test_with_hashes_of_all_it_is_installed(wheels, target, entry):
    own = make_wheel(wheels, "acme", requires=["acme-dep", "attrs"])
    other = make_wheel(wheels, "acme-dep")
    install([entry("acme==1.0", own), entry("acme-dep==1.0", other)], target)
    assert {"acme.py", "acme_dep.py"} <= names(target)


def test_another_hash_is_refused_and_nothing_is_touched(wheels, target, entry):
    own = make_wheel(wheels, "acme")
    install([entry("acme==1.0", own)], target)
    wrong = "sha256:" + 64 * "0"
    with pytest.raises(PluginError) as caught:
        install([entry("acme==1.0", wrong)], target)
    found = own.removeprefix("sha256:")
    assert str(caught.value) == (
        f"extra_plugins: acme==1.0: a file of another hash was found, expected {64 * '0'}, found {found}"
    )
    assert "acme.py" in names(target)


def test_a_dependency_without_a_hash_is_named(wheels, target, entry):
    own = make_wheel(wheels, "acme", requires=["acme-dep>=1"])
    make_wheel(wheels, "acme-dep")
    with pytest.raises(PluginError) as caught:
        install([entry("acme==1.0", own)], target)
    assert str(caught.value) == (
        "extra_plugins: acme==1.0 needs acme-dep>=1, expected an entry for that with its version and hashes as well"
    )


def test_hashes_are_for_all_or_for_none(target, entry):
    with pytest.raises(ConfigError, match="b==1 has no hashes, expected them in all entries or in none"):
        install([entry("a==1", "sha256:" + 64 * "0"), entry("b==1")], target)


def test_several_indexes_need_hashes(target):
    entries = [ExtraPlugin(f"{name}==1", index_url=f"http://127.0.0.1/{name}") for name in "ab"]
    with pytest.raises(ConfigError, match="a==1 has no hashes, expected them where there are several indexes"):
        install(entries, target)


def test_a_package_that_is_not_there_is_one_line(target, entry):
    with pytest.raises(PluginError, match=r"^extra_plugins: No matching distribution found for acme==3\.0$"):
        install([entry("acme==3.0")], target)


def test_a_folder_of_wheels_that_is_not_there_is_one_line(tmp_path, target):
    with pytest.raises(ConfigError, match="no/wheels: expected a folder of wheels"):
        install([ExtraPlugin("acme==1.0", find_links=str(tmp_path / "no" / "wheels"))], target)


def test_what_does_not_go_together_with_causely_is_refused(wheels, target, entry):
    make_wheel(wheels, "acme", requires=["attrs>=99"])
    make_wheel(wheels, "attrs", "99.0")
    with pytest.raises(PluginError) as caught:
        install([entry("acme==1.0")], target)
    assert "acme 1.0 depends on attrs>=99" in str(caught.value)
    assert f"attrs=={metadata.version('attrs')}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_was_installed_before_and_is_not_wanted_any_more_goes(wheels, target, entry):
    for name in ("acme", "other"):
        make_wheel(wheels, name)
        install([entry(f"{name}==1.0")], target)
        assert names(target) == {f"{name}.py", f"{name}-1.0.dist-info", "__pycache__"}
    assert install([], target) == []
    assert names(target) == set()


def test_a_folder_that_holds_something_else_is_left_alone(wheels, target, entry):
    make_wheel(wheels, "acme")
    target.mkdir(parents=True)
    (target / "thesis.tex").touch()
    with pytest.raises(ConfigError, match="holds what this command did not put there"):
        install([entry("acme==1.0")], target)
    assert names(target) == {"thesis.tex"}


def test_a_folder_that_cannot_be_is_one_line(wheels, tmp_path, entry):
    make_wheel(wheels, "acme")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="Not a directory, expected a folder that can be written"):
        install([entry("acme==1.0")], tmp_path / "file" / "plugins")


def test_it_comes_from_an_index(wheels, target, tmp_path):
    (tmp_path / "simple" / "acme").mkdir(parents=True)
    own = make_wheel(tmp_path / "simple" / "acme", "acme")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/simple"
        install([ExtraPlugin("acme==1.0", [own], index_url=url)], target)
        server.shutdown()
    assert "acme.py" in names(target)


def test_an_index_that_does_not_answer_is_one_line_without_its_password(target):
    [address] = free_ports(1)
    with pytest.raises(PluginError) as caught:
        install([ExtraPlugin("acme==1.0", index_url=f"http://me:hush@{address}/simple")], target)
    assert str(caught.value).endswith("No matching distribution found for acme==1.0; the index does not answer")
    assert "hush" not in str(caught.value)
