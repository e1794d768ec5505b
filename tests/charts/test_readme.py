"""What the README says is what the chart does."""

import json
import re

import pytest

from .conftest import CHART, Objects, run_script

MIB = 1024 * 1024
PRESETS = ("s", "m", "l", "xl")
README = (CHART / "README.md").read_text()


def table(heading):
    """Rows of the table below a heading, as lists of cells."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def quoted(cell):
    return set(re.findall(r"`([^`]+)`", cell))


def test_it_is_what_the_script_writes():
    assert run_script("readme.py") == ""


@pytest.mark.parametrize("component", ["agent", "mediator"])
def test_each_right_is_justified_and_no_other(component, defaults):
    granted = {
        (group or "core", resource)
        for rule in defaults.one("ClusterRole", component)["rules"]
        for group in rule.get("apiGroups", ["URLs"])
        for resource in (*rule.get("resources", ()), *rule.get("nonResourceURLs", ()))
    }
    rows = [row for row in table("Rights") if row[0] == component]
    assert granted == {(row[1], resource) for row in rows for resource in quoted(row[2])}


def test_each_mount_is_justified(helm):
    told = {path for row in table("Mounts") for path in quoted(row[1])}
    for _, pod in Objects(helm.render({"executor": {"enabled": True}})).pods():
        assert {mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]} <= told


def test_each_capability_is_justified(helm):
    agent = Objects(helm.render({"agent": {"securityMode": "capabilities"}})).one("DaemonSet")
    [container] = agent["spec"]["template"]["spec"]["containers"]
    added = container["securityContext"]["capabilities"]["add"]
    assert set(added) == {name for row in table("Security modes") for name in quoted(row[0])}


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_leave_agents_room_above_their_own_limit(preset, helm):
    objects = Objects(helm.render({}, "--values", CHART / "presets" / f"{preset}.yaml"))
    config = objects.one("ConfigMap", "agent")["data"]["agent.yaml"]
    limit = int(re.search(r"memory_limit: (\d+)", config)[1])
    [container] = objects.one("DaemonSet")["spec"]["template"]["spec"]["containers"]
    memory = container["resources"]["limits"]["memory"]
    assert int(memory.removesuffix("Mi")) * MIB >= 1.1 * limit + 60 * 1e6
    [row] = [row for row in table("Sizes") if row[0] == f"`{preset}`"]
    assert row[2] == f"{limit // MIB} MiB"


def test_dashboards_are_json():
    for path in (CHART / "dashboards").glob("*.json"):
        assert json.loads(path.read_text())["panels"]
