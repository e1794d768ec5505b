"""Disks: the block devices that are mounted on the machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from attrs import frozen

from causely_core.host import HostRoot, read
from causely_core.model import Entity, EntityId, EntityType

_ESCAPE = re.compile(r"\\([0-7]{3})")
_FULL_BY_DESIGN = frozenset({"squashfs", "iso9660", "erofs", "udf"})


@frozen
class Mount:
    """One line of ``/proc/<pid>/mountinfo``.

    Attributes:
        device: numbers of the device, as ``254:0``.
        root: folder of the file system that is mounted.
        point: where it is mounted.
        writable: whether it may be written to.
        type: of the file system.
        source: the device's path, for file systems on a device.
        options: of the file system, by name.
    """

    device: str
    root: str
    point: str
    writable: bool
    type: str
    source: str
    options: dict[str, str]


@frozen
class Disk:
    """A mounted device.

    Attributes:
        entity: the Disk.
        device: its numbers.
        point: where the machine has mounted it.
    """

    entity: Entity
    device: str
    point: str

    @property
    def id(self) -> EntityId:
        """The entity's id."""
        return self.entity.id


def mounts(root: HostRoot, pid: int) -> Iterator[Mount]:
    """What is mounted, as a process sees it."""
    for line in read(f"{root.proc}/{pid}/mountinfo").decode(errors="replace").splitlines():
        before, _, after = line.partition(" - ")
        about, kind = before.split(" "), after.split(" ")
        if len(about) > 5 and len(kind) > 2:
            options = dict(option.partition("=")[::2] for option in kind[2].split(","))
            writable = "rw" in about[5].split(",") and "ro" not in options
            yield Mount(about[2], _plain(about[3]), _plain(about[4]), writable, kind[0], _plain(kind[1]), options)


def disks(root: HostRoot, node: str) -> list[Disk]:
    """The machine's disks. Each counts once, where all of it is mounted, or most of it."""
    found: dict[str, Mount] = {}
    for mount in sorted(mounts(root, 1), key=lambda each: (len(each.root), len(each.point))):
        if mount.source.startswith("/dev/") and mount.type not in _FULL_BY_DESIGN:
            found.setdefault(mount.device, mount)
    return [Disk(_entity(node, mount), device, mount.point) for device, mount in found.items()]


def _entity(node: str, mount: Mount) -> Entity:
    name = PurePosixPath(mount.source).name
    described = {"system.device": name, "system.filesystem.mountpoint": mount.point}
    return Entity.of(EntityType.DISK, f"{node}/{name}", name, described)


def usage(root: HostRoot, disk: Disk) -> tuple[float | None, float | None]:
    """Shares of the space and of the inodes that are taken, by what may be taken without being root."""
    try:
        told = os.statvfs(root.at(disk.point))
    except OSError:
        return None, None
    used, files = told.f_blocks - told.f_bfree, told.f_files - told.f_ffree
    return _share(used, used + told.f_bavail), _share(files, files + told.f_favail)


def capacity(root: HostRoot, disk: Disk) -> int | None:
    """Bytes in all; none where the disk cannot be looked at."""
    try:
        told = os.statvfs(root.at(disk.point))
    except OSError:
        return None
    return told.f_blocks * told.f_frsize


def stored_on(root: HostRoot, pid: int, all_disks: Iterable[Disk]) -> set[EntityId]:
    """The disks that a process in a mount namespace of its own can write to: its volumes, and its topmost layer."""
    by_device = {disk.device: disk.id for disk in all_disks}
    found = set()
    for mount in mounts(root, pid):
        upper = mount.options.get("upperdir") if mount.type == "overlay" else None
        device = _device_of(root, upper) if upper else mount.device
        if mount.writable and device in by_device and not mount.point.startswith(("/etc/", "/dev/", "/run/")):
            found.add(by_device[device])
    return found


def _device_of(root: HostRoot, path: str) -> str:
    try:
        number = os.stat(root.at(path)).st_dev  # noqa: PTH116
    except OSError:
        return ""
    return f"{os.major(number)}:{os.minor(number)}"


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
