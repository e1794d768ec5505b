"""Compiling for kernels that lack something."""

from pathlib import Path

import pytest
from causely_plugin_ebpf.kernel.cache import CannotCompile, object_of
from causely_plugin_ebpf.kernel.loaded import Loaded
from causely_plugin_ebpf.resources.probe import SOURCE

REFUSED = """
int at_raw_tracepoint__sched_switch(void *ctx) { return *(int *)0; }
int at_raw_tracepoint__sys_enter(void *ctx) { return 0; }
"""


@pytest.mark.parametrize("disks", [0, 1, 2])
def test_resources_of_a_kernel_with_other_tracepoints(compiled, disks):
    constants = {"DISKS": disks, "VICTIMS": 0, "SIGNALS": 0}
    loaded = Loaded.load(object_of(SOURCE, compiled, Path("/"), constants))
    loaded.close()
    assert loaded.missing == []
    assert sum("block" in program.event for program in loaded.object.programs) == (2 if disks else 0)


def test_a_program_that_the_kernel_refuses_is_told_and_the_others_run(compiled, tmp_path):
    source = tmp_path / "refused.c"
    source.write_text(REFUSED)
    loaded = Loaded.load(object_of(source, compiled, Path("/")))
    loaded.close()
    (missing,) = loaded.missing
    assert "sched_switch" in missing


def test_a_source_that_is_wrong_is_told(compiled, tmp_path):
    source = tmp_path / "wrong.c"
    source.write_text("int at_raw_tracepoint__x(void *ctx) { return y; }")
    with pytest.raises(CannotCompile, match=r"wrong\.c: .*error"):
        object_of(source, compiled, Path("/"))
