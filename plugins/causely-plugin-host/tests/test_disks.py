"""Which disks there are, how full they are, and who stores on them."""

import os

import pytest
from causely_plugin_host.disks import disks, mounts, stored_on, usage
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host import HostRoot

from .trees import Tree

ROOT = "25 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard"
DATA = r"26 25 254:16 / /srv/my\040data rw,relatime - xfs /dev/mapper/vg-data rw"


def found(tree, *lines):
    tree.write("proc/1/mountinfo", *lines)
    return [(disk.id, disk.point) for disk in disks(tree.root, "vm")]


def test_devices_that_are_mounted(tree):
    assert found(tree, ROOT, DATA) == [("Disk:vm/vda", "/"), ("Disk:vm/vg-data", "/srv/my data")]


def test_one_that_is_mounted_many_times_is_one_disk(tree):
    bound = "27 25 254:0 /var/lib/x /x rw,relatime - ext4 /dev/vda rw"
    assert found(tree, bound, ROOT) == [("Disk:vm/vda", "/")]


@pytest.mark.parametrize(
    "line",
    [
        "27 25 0:30 / /run rw - tmpfs tmpfs rw",
        "27 25 7:1 / /snap/x/1 ro - squashfs /dev/loop1 ro",
        "27 25 0:40 / /mnt rw - nfs4 server:/export rw",
        "nonsense",
        "",
    ],
)
def test_what_is_no_disk(tree, line):
    assert found(tree, line) == []


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


@given(content=st.text())
def test_anything_can_be_read(tmp_path_factory, content):
    tree = Tree(tmp_path_factory.mktemp("root"))
    tree.write("proc/1/mountinfo", content.encode(errors="replace").decode())
    list(mounts(tree.root, 1))


def test_this_machine_has_a_disk():
    assert all(0 < (usage(HostRoot(), disk)[0] or 0) < 1 for disk in disks(HostRoot(), "vm"))
