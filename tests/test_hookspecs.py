"""API v1 is frozen: what docs/plugins.md promises to plugins that are written for it."""

import inspect

import pytest
from attrs import NOTHING, fields

from causely_core import hookspecs
from causely_core.hookspecs import API_VERSION, CauselySpecs, HookContext

HOOKS = {
    "causely_config": [],
    "causely_collectors": ["context"],
    "causely_discoverers": ["context"],
    "causely_symptom_detectors": ["context"],
    "causely_causal_models": [],
    "causely_remediators": ["context"],
}
METHODS = {
    "Collector": {"observe": []},
    "Discoverer": {"discover": []},
    "SymptomDetector": {"detect": ["window"]},
    "Remediator": {
        "declare": [],
        "plan": ["action"],
        "execute": ["action"],
        "verify": ["action"],
        "rollback": ["action"],
    },
}
CONTEXT = (
    *("component", "config", "clock", "logger", "meter", "data_dir", "host_root", "node"),
    *("cpu_budget", "memory_pressure", "cluster", "aliases"),
)
REQUIRED = 6
"""Of a context: whoever makes one by hand, for a test, gives no more."""


def parameters(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


def test_the_api_is_v1():
    assert API_VERSION == 1


@pytest.mark.parametrize(("hook", "expected"), HOOKS.items())
def test_a_hook_is_called_with_what_it_always_was(hook, expected):
    assert parameters(getattr(CauselySpecs, hook))[: len(expected)] == expected


@pytest.mark.parametrize(("protocol", "expected"), METHODS.items())
def test_what_hooks_return_is_called_as_it_always_was(protocol, expected):
    known = getattr(hookspecs, protocol)
    methods = {name: parameters(each) for name, each in vars(known).items() if inspect.isfunction(each)}
    public = {name: names for name, names in methods.items() if not name.startswith("_")}
    assert public == expected


def test_a_context_has_what_it_always_had():
    names = [attribute.name for attribute in fields(HookContext)]
    assert tuple(names[: len(CONTEXT)]) == CONTEXT
    required = [attribute.name for attribute in fields(HookContext) if attribute.default is NOTHING]
    assert tuple(required) == CONTEXT[:REQUIRED]
