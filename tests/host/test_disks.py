"""Which disks there are, and the devices that do their work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host import disks, mounts, working

from .trees import Tree

ROOT = "25 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard"
DATA = r"26 25 254:16 / /srv/my\040data rw,relatime - xfs /dev/mapper/vg-data rw"


def found(tree, *lines):
    tree.write("proc/1/mountinfo", "\n".join(lines))
    return [(disk.id, disk.point) for disk in disks(tree.root, "vm")]


@pytest.fixture
def devices(tree):
    """A partition, and a volume on it and on another disk."""
    for folder, number in (("sda", "8:0"), ("sda/sda1", "8:1"), ("sdb", "8:16"), ("dm-0", "253:0")):
        tree.write(f"sys/devices/{folder}/dev", f"{number}\n")
        tree.link(f"sys/dev/block/{number}", f"../../devices/{folder}")
    tree.write("sys/devices/sda/sda1/partition", "1\n")
    tree.link("sys/devices/dm-0/slaves/sda1", "../../sda/sda1")
    tree.link("sys/devices/dm-0/slaves/sdb", "../../sdb")
    return tree.root


@pytest.mark.parametrize(
    ("device", "those"),
    [("8:0", {"8:0"}), ("8:1", {"8:0"}), ("253:0", {"8:0", "8:16"}), ("9:9", {"9:9"})],
)
def test_who_does_the_work_of_a_device(devices, device, those):
    assert working(devices, device) == those


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


@given(content=st.text())
def test_anything_can_be_read(tmp_path_factory, content):
    tree = Tree(tmp_path_factory.mktemp("root"))
    tree.write("proc/1/mountinfo", content.encode(errors="replace"))
    list(mounts(tree.root, 1))
