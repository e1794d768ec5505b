"""Footprints: whoever installs the core gets no SDK of a cloud and no pandas, and a plugin brings only its own."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

HEAVY = re.compile(
    r"boto3|botocore|google-(auth|cloud-.*|api-core)|azure-.*|kubernetes|pandas|pyarrow|prometheus-api-client|torch"
)
OWN = {
    "causely-core": "",
    "causely-plugin-aws": r"boto3|botocore",
    "causely-plugin-azure": r"azure-.*",
    "causely-plugin-ebpf": "",
    "causely-plugin-gcp": r"google-.*",
    "causely-plugin-host": "",
    "causely-plugin-kubernetes": r"kubernetes",
    "causely-plugin-otlp": "",
    "causely-plugin-prometheus": r"prometheus-api-client",
}


def name_of(text):
    return re.sub(r"[-_.]+", "-", text).lower()


def brought(distribution, extras=frozenset(), seen=None):
    """All that is installed with a distribution, by what its metadata and that of what it needs say."""
    seen = set() if seen is None else seen
    for text in metadata.requires(distribution) or ():
        needed = Requirement(text)
        wanted = needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras))
        if wanted and (name_of(needed.name), *sorted(needed.extras)) not in seen:
            seen.add((name_of(needed.name), *sorted(needed.extras)))
            brought(needed.name, needed.extras, seen)
    return {name for name, *_ in seen}


@pytest.mark.parametrize("distribution", OWN)
def test_nothing_heavy_is_installed_but_a_plugins_own(distribution):
    found = brought(distribution)
    assert found >= {"attrs", "numpy"}
    heavy = {name for name in found if HEAVY.fullmatch(name) and not re.fullmatch(OWN[distribution], name)}
    assert not heavy


@pytest.mark.parametrize("distribution", OWN)
def test_a_plugin_installs_alone(distribution):
    assert {name for name in brought(distribution) if name.startswith("causely-")} <= {"causely-core"}
