"""One entry of ``extra_plugins``: what it may say."""

import pytest

from causely_core.config import structure
from causely_core.errors import ConfigError
from causely_core.extra import Component, ExtraPlugin

HASH = "sha256:" + 64 * "a"


def test_an_entry_says_what_to_install_and_who_loads_it():
    extra = structure(
        {
            "package": "Causely_Plugin.Acme==1.2.0",
            "hashes": [HASH],
            "components": ["agent", "mediator"],
            "config": {"any": ["thing"]},
            "index_url": "https://pypi.example.com/simple",
        },
        ExtraPlugin,
        "e",
    )
    assert (extra.name, extra.version) == ("causely-plugin-acme", "1.2.0")
    assert extra.components == [Component.AGENT, Component.MEDIATOR]
    assert extra.config == {"any": ["thing"]}


def test_only_the_mediator_loads_it_where_nothing_else_is_said():
    assert ExtraPlugin("acme==1").components == [Component.MEDIATOR]


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ({}, "e: missing key 'package'"),
        ({"package": "acme"}, "package: expected name==version such as causely-plugin-acme==1.2.0, found 'acme'"),
        ({"package": "acme>=1"}, "expected name==version"),
        ({"package": "acme==1.*"}, "expected name==version"),
        ({"package": "acme==1,<2"}, "expected name==version"),
        ({"package": "acme @ https://x/acme.whl"}, "expected name==version"),
        ({"package": "--index-url=https://x"}, "expected name==version"),
        ({"package": "a==1", "hashes": ["md5:00"]}, "'hashes' must match regex"),
        ({"package": "a==1", "hashes": HASH}, "e.hashes: expected list, found 'sha256:"),
        ({"package": "a==1", "components": ["mediater"]}, "expected one of agent, mediator, executor, analyzer"),
        ({"package": "a==1", "components": []}, "Length of 'components' must be >= 1"),
        ({"package": "a==1", "index_url": "https://x\n--pre"}, "'index_url' must match regex"),
        ({"package": "a==1", "version": "1"}, "e: unknown key version; known are components, config"),
    ],
)
def test_a_wrong_entry_is_one_line(entry, line):
    with pytest.raises(ConfigError) as caught:
        structure(entry, ExtraPlugin, "e")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
