"""Objects that were compiled before are found again: by program, not by kernel."""

import pytest
from causely_plugin_ebpf.building import build
from causely_plugin_ebpf.kernel.cache import CannotCompile, kept, object_of
from causely_plugin_ebpf.kernel.loaded import Loaded
from causely_plugin_ebpf.kernel.objects import BpfObject
from causely_plugin_ebpf.kernel.sources import PATHS

COUNTING = (
    "BPF_ARRAY(seen, u64, 1);\nint at_raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) { return 0; }\n"
)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "counting.c"
    path.write_text(COUNTING)
    return path


@pytest.fixture
def built(compiled, source, tmp_path):
    """A folder with the object of ``source``."""
    object_of(source, tmp_path / "built", tmp_path)
    return tmp_path / "built"


def test_what_was_compiled_is_not_compiled_again(source, built, tmp_path):
    [file] = built.glob("*.json")
    changed = BpfObject.from_json(file.read_text()).resized({"seen": 7})
    file.write_text(changed.to_json())
    assert object_of(source, built, tmp_path) == changed
    assert object_of(source, tmp_path / "empty", tmp_path, shipped=built) == changed
    assert not (tmp_path / "empty").exists()


def test_a_damaged_file_is_compiled_anew(source, built, tmp_path):
    [file] = built.glob("*.json")
    sound = file.read_text()
    file.write_text(sound[:-9])
    object_of(source, built, tmp_path)
    assert file.read_text() == sound


def test_another_program_or_header_is_another_object(source, built):
    assert kept(source, built) is not None
    (source.parent / "more.h").write_text("#define MORE 1\n")
    assert kept(source, built) is not None
    source.write_text(f'#include "more.h"\n{COUNTING}')
    assert kept(source, built) is None


def test_a_wrong_source_is_told_by_its_first_error(compiled, source, tmp_path):
    source.write_text("int at_raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) { return nothing; }")
    with pytest.raises(CannotCompile, match=r"counting\.c: .*error: .*nothing"):
        object_of(source, tmp_path / "built", tmp_path)


def test_what_is_built_ahead_is_all_that_the_agent_loads(compiled, tmp_path):
    assert build(tmp_path / "image") == sorted((tmp_path / "image").glob("*.json"))
    loaded = Loaded.load(kept(PATHS[0], tmp_path / "empty", shipped=tmp_path / "image").resized({"conns": 100}))
    assert loaded.shape("conns").entries == 100
    loaded.close()
    assert loaded.missing == []
