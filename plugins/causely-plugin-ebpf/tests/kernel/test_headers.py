"""Headers for Clang: those of the node, else of any installed package, as one folder where they come in two."""

import os

from causely_plugin_ebpf.kernel.headers import environment


def debian(root, name):
    """Headers in two parts, as Debian installs them."""
    build, common = root / "usr/src" / name, root / "usr/src" / f"{name.rpartition('-')[0]}-common"
    for part, folders in ((build, ("include/generated", "arch/x86/include/generated")), (common, ("include/linux",))):
        for folder in folders:
            (part / folder).mkdir(parents=True)
    (common / "include/linux/types.h").write_text("typedef int t;\n")
    (common / "arch/x86/include/asm").mkdir(parents=True)
    (common / "arch/arm64/include/asm").mkdir(parents=True)
    (build / "arch/arm64/include/generated").mkdir(parents=True)
    return build


def test_two_parts_are_seen_as_one(tmp_path):
    debian(tmp_path, f"linux-headers-{os.uname().release}")
    found = environment(tmp_path, tmp_path / "views")
    view = tmp_path / "views" / f"linux-headers-{os.uname().release}"
    if found:  # nothing to set where the running kernel's are installed
        assert found == {"BCC_KERNEL_SOURCE": str(view)}
        assert (view / "include/linux/types.h").read_text() == "typedef int t;\n"
        assert (view / "include/generated").is_dir()
        assert environment(tmp_path, tmp_path / "views") == found


def test_those_of_the_running_kernel_go_before_others(tmp_path):
    for name in ("linux-headers-9.9.9-amd64", f"linux-headers-{os.uname().release}"):
        debian(tmp_path, name)
    found = environment(tmp_path, tmp_path / "views")
    assert not found or found["BCC_KERNEL_SOURCE"].endswith(os.uname().release)
