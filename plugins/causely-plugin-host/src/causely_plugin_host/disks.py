"""Disks: how full they are, and who stores on them."""

from __future__ import annotations

import os
from collections.abc import Iterable

from causely_core.host import Disk, HostRoot, mounts
from causely_core.model import EntityId


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


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
