"""Helm, and the chart as it renders."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

TOOLS = Path(__file__).with_name("tools.py")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CHART = Path(__file__).parents[2] / "charts" / "causely"


def tool(name, *flags):
    """Path of a tool; skips the test where it is not to be had."""
    done = subprocess.run(
        [sys.executable, TOOLS, *flags, name], capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        pytest.skip(done.stderr.strip())
    return done.stdout.strip()


def run_script(name):
    """What a script of charts/ has to say against what is there."""
    command = [sys.executable, CHART.parent / name, "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stderr


class Helm:
    """One version of helm, on the chart."""

    def __init__(self, program):
        self.program, self._rendered = program, {}

    def run(self, *arguments, values=None):
        """What it says; ``values`` are given to it as a file would be."""
        fed = ["--values", "-"] if values is not None else []
        done = subprocess.run(
            [self.program, *map(str, arguments), *fed],
            input=yaml.safe_dump(values),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr

    def render(self, values=None, *flags):
        """All objects, in the order in which helm has them; rendered once for the same values."""
        asked = (yaml.safe_dump(values or {}), *map(str, flags))
        if asked not in self._rendered:
            release = ("template", "shop", CHART, "--namespace", "watch", "--kube-version", "1.35.0")
            code, out, err = self.run(*release, *flags, values=values or {})
            assert code == 0, err
            self._rendered[asked] = out
        return [found for found in yaml.load_all(self._rendered[asked], LOADER) if found]

    def refusal(self, values):
        """Why it refuses values."""
        code, _, err = self.run("template", "shop", CHART, "--kube-version", "1.35.0", values=values)
        assert code != 0, "helm takes these values"
        return err


@pytest.fixture(scope="session")
def helm():
    return Helm(tool("helm4"))


@pytest.fixture(scope="session", params=["helm4", "helm3"])
def each_helm(request):
    """Both; helm 3 only where it was built before, for that takes minutes."""
    return Helm(tool(request.param, *(["--kept"] if request.param == "helm3" else [])))


@pytest.fixture(scope="session")
def defaults(helm):
    """The objects of the chart without any values."""
    return Objects(helm.render())


class Objects:
    """Rendered objects, to be asked for by kind and the end of their name."""

    def __init__(self, objects):
        self.all = objects

    def kind(self, kind):
        return [found for found in self.all if found["kind"] == kind]

    def one(self, kind, name=""):
        [found] = [each for each in self.kind(kind) if each["metadata"]["name"].endswith(name)]
        return found

    def pods(self):
        """Name of the component, and the pod's spec, of all that makes pods that stay."""
        for workload in self.all:
            if workload["kind"] in ("DaemonSet", "Deployment", "StatefulSet"):
                yield workload["metadata"]["name"].rpartition("-")[2], workload["spec"]["template"]["spec"]
