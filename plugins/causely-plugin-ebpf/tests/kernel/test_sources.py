"""Which program a kernel can run."""

import pytest
from attrs import evolve
from causely_plugin_ebpf import records
from causely_plugin_ebpf.kernel import sources
from causely_plugin_ebpf.kernel.sources import Sight, source


def test_system_calls_are_seen_by_every_kernel():
    found = source(Sight.SYSCALLS)
    assert found.path.name == "syscalls.c"
    assert found.from_the_start
    assert found.settings == {records.TIMED: 1}


def test_a_kernel_without_types_is_seen_by_its_system_calls(monkeypatch, tmp_path, compiled):
    monkeypatch.setattr(sources, "RUNNING", tmp_path / "none")
    found = source(Sight.AUTO)
    assert evolve(found, instead="") == source(Sight.SYSCALLS)
    assert "expected" in found.instead
    with pytest.raises(ValueError, match="expected"):
        source(Sight.SOCKETS)


def test_a_kernel_that_can_is_seen_by_its_sockets(sight):
    if sight is Sight.SOCKETS:
        assert source(Sight.AUTO) == source(sight)
        assert source(sight).settings.keys() == {records.FAMILY_AT, records.PORT_AT, records.PROTOCOL_AT}
