"""Who holds sockets."""

import pytest

from causely_core.host import Processes
from causely_core.host.holders import Holders


@pytest.fixture
def alive(tree):
    def look():
        return {process.pid: process for process, _ in Processes(tree.root).running()}

    return look


def pids(holding):
    return {inode: holder and holder.pid for inode, holder in holding.items()}


def test_of_several_the_first_that_began_but_the_machines_first_process_last(tree, alive):
    for pid, started in ((1, 1), (5, 60), (6, 50)):
        tree.process(pid, "/bin/a", started=started)
        tree.opens(pid, 10, *([11] if pid == 1 else []))
    assert pids(Holders(tree.root).of([10, 11, 12], alive())) == {10: 6, 11: 1, 12: None}


def test_whoever_holds_it_after_its_holder_has_ended(tree, alive):
    for pid in (5, 6):
        tree.process(pid, "/bin/a")
        tree.opens(pid, 10)
    holders = Holders(tree.root)
    assert pids(holders.of([10], alive())) == {10: 5}
    (tree.folder / "proc/5/stat").unlink()
    assert pids(holders.of([10], alive())) == {10: 6}


def test_what_is_known_is_not_looked_at_again_until_it_was_forgotten(tree, alive):
    tree.process(5, "/bin/a")
    tree.opens(5, 10)
    holders, now = Holders(tree.root), alive()
    holders.of([10], now)
    tree.opens(5, 11)
    assert pids(holders.of([10], now)) == {10: 5}
    assert pids(holders.of([], now)) == {}
    assert pids(holders.of([10], now)) == {10: None}
