"""Disks: the block devices that are mounted on the machine, and the devices that do their work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from attrs import frozen

from causely_core.host.root import HostRoot, read
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


def working(root: HostRoot, device: str) -> frozenset[str]:
    """Numbers of the whole devices to which requests for ``device`` go.

    Of a partition it is its disk, of what is put together of several (LVM, RAID) all of these. A device that is not
    known is told as it is.
    """
    folder = Path(root.sys, "dev/block", device)
    if (folder / "partition").exists():
        return working(root, _numbers(folder.resolve().parent) or device)
    below = [_numbers(each) for each in sorted(folder.glob("slaves/*"))]
    found = [working(root, each) for each in below if each]
    return frozenset[str]().union(*found) if found else frozenset({device})


def _numbers(folder: Path) -> str:
    """``8:0``, or nothing."""
    return read(f"{folder}/dev").decode(errors="replace").strip()


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)
