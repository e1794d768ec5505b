"""How full disks are, and who stores on them."""

import os

import pytest
from causely_plugin_host.disks import stored_on, usage

from causely_core.host import HostRoot, disks

ROOT = "25 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard"
DATA = r"26 25 254:16 / /srv/my\040data rw,relatime - xfs /dev/mapper/vg-data rw"


def found(tree, *lines):
    tree.write("proc/1/mountinfo", *lines)
    return [(disk.id, disk.point) for disk in disks(tree.root, "vm")]


def test_how_full_one_is(tree):
    found(tree, ROOT)
    (disk,) = disks(tree.root, "vm")
    space, inodes = usage(tree.root, disk)
    told = os.statvfs(tree.folder)
    assert space == pytest.approx(1 - told.f_bavail / (told.f_blocks - told.f_bfree + told.f_bavail), abs=0.01)
    assert 0 < inodes < 1


def test_one_that_is_gone_is_not_known(tree):
    found(tree, DATA)
    assert usage(tree.root, disks(tree.root, "vm")[0]) == (None, None)


def test_a_container_stores_on_its_volumes_and_on_the_disk_of_its_topmost_layer(tree):
    number = (tree.folder).stat().st_dev
    here = f"{os.major(number)}:{os.minor(number)}"
    (tree.folder / "var/layer").mkdir(parents=True)
    layers = f"25 1 {here} / / rw - ext4 /dev/vda rw"
    found(tree, layers, DATA, "28 25 9:9 / /b rw - ext4 /dev/vdb rw")
    tree.write(
        "proc/5/mountinfo",
        "40 30 0:99 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/var/layer,workdir=/w",
        r"41 40 254:16 /pg /var/lib/postgresql rw - xfs /dev/mapper/vg-data rw",
        "42 40 9:9 / /readonly ro - ext4 /dev/vdb rw",
        "43 40 9:9 /h /etc/hosts rw - ext4 /dev/vdb rw",
    )
    assert stored_on(tree.root, 5, disks(tree.root, "vm")) == {"Disk:vm/vda", "Disk:vm/vg-data"}


def test_this_machine_has_a_disk():
    assert all(0 < (usage(HostRoot(), disk)[0] or 0) < 1 for disk in disks(HostRoot(), "vm"))
