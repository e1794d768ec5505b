"""Control groups: what the path of a process's group tells of its container, its pod and its systemd unit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import field, frozen

from causely_core.host.root import HostRoot

_CONTAINER = re.compile(r"(?:(?P<runtime>.*?)[-:])?(?P<id>[0-9a-f]{64}|[0-9a-f]{32}-\d{1,20})(?:\.scope)?")
"""``<id>``, ``docker-<id>.scope``, ``cri-containerd-<id>.scope``, ``crio-<id>``, ``...:cri-containerd:<id>``."""
_POD = re.compile(r"(?:^|-)pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?=$|:)")
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")
_UNIFIED, _SYSTEMD = "", "name=systemd"


@frozen
class Cgroup:
    """The control groups of a process and what they tell.

    Attributes:
        container: id of the innermost container it runs in; empty outside of containers.
        pod: UID of its Kubernetes pod, with hyphens; likewise.
        unit: the systemd service it belongs to, as ``nginx.service``; empty within a container, and for what users
            start in their sessions.
        paths: the group's path by controller (cgroup v1), and under the empty string the one of cgroup v2.
    """

    container: str = ""
    pod: str = ""
    unit: str = ""
    paths: Mapping[str, str] = field(factory=dict, hash=False, repr=False)

    def directory(self, root: HostRoot, controller: str) -> str:
        """The folder with the files of a controller; empty when the group has none of its own (the root group).

        It is the folder of the whole container or unit, also when the process is in a group within.
        """
        path = self.paths.get(controller)
        base = root.unified if path is None else root.at(f"sys/fs/cgroup/{controller}")
        parts = [part for part in (path or self.paths.get(_UNIFIED, "")).split("/") if part not in ("", "..")]
        inside = "/".join(self._whole(parts))
        return f"{base}/{inside}" if inside else ""

    def _whole(self, parts: list[str]) -> list[str]:
        for at in range(len(parts), 0, -1):
            name = _ESCAPE.sub(_unescaped, parts[at - 1])
            if (self.container and self.container in name) or name == self.unit:
                return parts[:at]
        return parts


def parse_cgroup(content: bytes) -> Cgroup:
    """Read ``/proc/<pid>/cgroup``: lines of cgroup v1, v2 or both; what is not such a line is left out."""
    paths = dict(_lines(content.decode(errors="replace")))
    # Of all the groups these two are those that service managers keep; the others may be anything.
    ordered = sorted(paths, key=lambda controller: controller not in (_UNIFIED, _SYSTEMD))
    parts = [[part for part in paths[controller].split("/") if part not in ("", "..")] for controller in ordered]
    container = next(filter(None, map(_container, parts)), "")
    pod = next(filter(None, map(_pod, parts)), "")
    unit = "" if container else next(filter(None, map(_unit, parts)), "")
    return Cgroup(container, pod, unit, paths)


def _lines(text: str) -> list[tuple[str, str]]:
    split = (line.split(":", 2) for line in text.split("\n"))
    return [(name, parts[2]) for parts in split if len(parts) == 3 for name in parts[1].split(",")]


def _container(parts: list[str]) -> str:
    """Of the innermost; a ``conmon`` only watches over the container that it is named after."""
    for part in reversed(parts):
        found = _CONTAINER.fullmatch(part)
        if found and not (found["runtime"] or "").endswith("conmon"):
            return found["id"]
    return ""


def _pod(parts: list[str]) -> str:
    found = (_POD.search(part) for part in reversed(parts))
    return next((match[1].replace("_", "-") for match in found if match), "")


def _unit(parts: list[str]) -> str:
    if "user.slice" in parts:
        return ""
    unit = next((part for part in parts if part.endswith(".service")), "")
    return _ESCAPE.sub(_unescaped, unit)


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))
