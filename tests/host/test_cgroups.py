"""What the paths of control groups tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host import Cgroup, parse_cgroup

from .trees import ID, UID

SLICE = UID.replace("-", "_")
OUTER = "f" * 64


@pytest.mark.parametrize(
    "path",
    [
        f"/docker/{ID}",
        f"/system.slice/docker-{ID}.scope",
        f"/system.slice/docker-{ID}.scope/init.scope",
        f"/machine.slice/libpod-{ID}.scope",
        f"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope/container",
        f"/system.slice/web.service/libpod-payload-{ID}",
        f"/docker/{OUTER}/docker/{ID}",
        f"/../../{ID}",
    ],
)
@pytest.mark.parametrize("line", ["0::{}", "4:cpu,cpuacct:{}", "1:name=systemd:{}"])
def test_containers_outside_of_kubernetes(path, line):
    cgroup = parse_cgroup(line.format(path).encode())
    assert (cgroup.container, cgroup.pod, cgroup.unit) == (ID, "", "")


@pytest.mark.parametrize(
    "path",
    [
        f"/kubepods/burstable/pod{UID}/{ID}",
        f"/kubepods/pod{UID}/crio-{ID}",
        f"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{SLICE}.slice/cri-containerd-{ID}.scope",
        f"/kubepods.slice/kubepods-pod{SLICE}.slice/crio-{ID}.scope",
        f"/kubepods.slice/kubepods-pod{SLICE}.slice/docker-{ID}.scope/nested",
        f"/system.slice/containerd.service/kubepods-burstable-pod{SLICE}.slice:cri-containerd:{ID}",
        f"/docker/{OUTER}/kubelet/kubepods/burstable/pod{UID}/{ID}",
    ],
)
def test_containers_of_pods(path):
    cgroup = parse_cgroup(f"12:memory:{path}\n11:cpu,cpuacct:{path}\n1:name=systemd:{path}\n0::/".encode())
    assert (cgroup.container, cgroup.pod, cgroup.unit) == (ID, UID, "")
    assert (cgroup.paths["cpu"], cgroup.paths["cpuacct"], cgroup.paths[""]) == (path, path, "/")


def test_a_pod_from_a_file_is_named_by_the_hash_of_it():
    assert parse_cgroup(f"0::/kubepods/pod{'ab' * 16}/{ID}".encode()).pod == "ab" * 16


def test_what_watches_over_a_container_is_outside_of_it():
    path = f"/kubepods.slice/kubepods-pod{SLICE}.slice/crio-conmon-{ID}.scope"
    assert parse_cgroup(f"0::{path}".encode()) == Cgroup("", UID, "", {"": path})


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("/system.slice/nginx.service", "nginx.service"),
        ("/system.slice/system-postgresql.slice/postgresql@16-main.service", "postgresql@16-main.service"),
        (r"/system.slice/shop\x2dcart.service", "shop-cart.service"),
        ("/system.slice/web.service/workers", "web.service"),
        ("/user.slice/user-1000.slice/session-3.scope", ""),
        ("/user.slice/user-1000.slice/user@1000.service/app.slice/x.service", ""),
        ("/init.scope", ""),
        ("/", ""),
    ],
)
def test_units_but_not_sessions(path, unit):
    assert parse_cgroup(f"9:devices:/\n1:name=systemd:{path}".encode()).unit == unit


IDS = st.text("0123456789abcdef", min_size=64, max_size=64)
UIDS = st.uuids().map(str)


@given(IDS, UIDS, st.sampled_from(["docker", "cri-containerd", "crio", "libpod"]), st.booleans(), st.booleans())
def test_any_driver_any_runtime_any_version(id, uid, runtime, systemd, unified):
    inside = f"{runtime}-{id}.scope" if systemd else id
    around = f"kubepods.slice/kubepods-pod{uid.replace('-', '_')}.slice" if systemd else f"kubepods/pod{uid}"
    line = f"0::/{around}/{inside}" if unified else f"3:memory:/{around}/{inside}"
    cgroup = parse_cgroup(f"{line}\n".encode())
    assert (cgroup.container, cgroup.pod) == (id, uid)


@given(st.binary())
def test_anything_can_be_read(content):
    parse_cgroup(content)


def test_where_the_files_are(tree):
    cgroup = parse_cgroup(b"4:memory:/docker/x\n0::/docker/x")
    assert cgroup.directory(tree.root, "memory") == f"{tree.folder}/sys/fs/cgroup/memory/docker/x"
    assert cgroup.directory(tree.root, "cpu") == f"{tree.folder}/sys/fs/cgroup/docker/x"
    tree.write("sys/fs/cgroup/unified/cgroup.procs", "")
    assert cgroup.directory(tree.root, "cpu") == f"{tree.folder}/sys/fs/cgroup/unified/docker/x"


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        (f"/docker/{ID}/init.scope", f"docker/{ID}"),
        (r"/system.slice/shop\x2dcart.service/workers/1", r"system.slice/shop\x2dcart.service"),
        ("/user.slice/x", "user.slice/x"),
    ],
)
def test_of_a_group_within_a_container_or_a_unit_the_files_are_those_of_the_whole(tree, path, whole):
    assert parse_cgroup(f"0::{path}".encode()).directory(tree.root, "cpu") == f"{tree.folder}/sys/fs/cgroup/{whole}"


def test_the_root_group_has_no_files_of_its_own(tree):
    assert parse_cgroup(b"0::/").directory(tree.root, "memory") == ""
