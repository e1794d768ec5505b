"""What helm itself says of the chart, with each choice and each version."""

import subprocess
import sys

import pytest

from .choices import CHOICES
from .conftest import CHART, Objects, tool

LINTED = ("defaults", "executor", "series-cluster", "cert-manager", "monitoring", "openshift", "extra-plugin")
"""Choices that bring templates of their own; the others change values in these."""


@pytest.mark.parametrize("name", LINTED)
def test_it_is_linted_strictly(name, helm):
    code, out, err = helm.run("lint", "--strict", CHART, values=CHOICES[name])
    assert code == 0, out + err


def test_both_versions_render_the_same(each_helm, defaults):
    def shapes(objects):
        return [(each["kind"], each["metadata"]["name"], each.get("spec")) for each in objects]

    assert shapes(each_helm.render()) == shapes(defaults.all)


def test_unit_tests_pass():
    done = subprocess.run([tool("unittest", "--kept"), CHART], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


def test_rendered_examples_are_as_they_render(helm):
    command = [sys.executable, CHART.parent / "examples.py", "--check", helm.program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", CHOICES)
def test_no_pod_has_a_second_container_that_stays(name, helm):
    for component, pod in Objects(helm.render(CHOICES[name])).pods():
        assert len(pod["containers"]) == 1, component
        assert not any("restartPolicy" in each for each in pod.get("initContainers", ()))


@pytest.mark.parametrize("name", CHOICES)
def test_only_the_agent_has_privileges_whatever_is_chosen(name, helm):
    for component, pod in Objects(helm.render(CHOICES[name])).pods():
        others = pod.get("initContainers", []) + (pod["containers"] if component != "agent" else [])
        for container in others:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["readOnlyRootFilesystem"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert not security.get("privileged")
