"""Helm and kubectl on a cluster."""

import json
import subprocess
import time

import yaml

DEADLINE = 60.0
"""Seconds for controllers to do what they do in one or two."""


class Cluster:
    """What an administrator does."""

    def __init__(self, kubeconfig, kubectl):
        self.kubeconfig, self._kubectl = kubeconfig, kubectl

    def run(self, program, *arguments, fed=None):
        done = subprocess.run(
            [program, *map(str, arguments), "--kubeconfig", self.kubeconfig],
            input=fed,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        return done.returncode, done.stdout, done.stderr

    def kubectl(self, *arguments, fed=None):
        return self.run(self._kubectl, *arguments, fed=fed)

    def apply(self, *objects):
        code, _, err = self.kubectl("apply", "-f", "-", fed=yaml.safe_dump_all(objects))
        assert code == 0, err

    def get(self, *arguments):
        """The objects that kubectl finds."""
        code, out, err = self.kubectl("get", "-o", "json", *arguments)
        assert code == 0, err
        found = json.loads(out)
        return found.get("items", [found])

    def namespace(self, name, **labels):
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
        return name

    def kinds(self):
        """Names of all kinds that can be listed."""
        _, out, _ = self.kubectl("api-resources", "--verbs=list", "-o", "name")
        # Events go by themselves after an hour; metadata of pods is not kept by this server.
        return sorted(kind for kind in out.split() if not kind.startswith(("events", "componentstatuses")))

    def belonging(self, release):
        """Kind and name of all that belongs to a release, helm's notes of it among them."""
        kinds = ",".join(self.kinds())
        found = self.get(kinds, "-A", "-l", f"app.kubernetes.io/instance={release}")
        notes = self.get("secrets", "-A", "-l", f"owner=helm,name={release}")
        return [(each["kind"], each["metadata"]["name"]) for each in (*found, *notes)]


def until(condition, what):
    """Wait for what controllers are to do."""
    deadline = time.monotonic() + DEADLINE
    while not (found := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.2)
    return found
