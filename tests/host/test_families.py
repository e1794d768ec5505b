"""Workers belong to the program that started them."""

from causely_core.host import Processes
from causely_core.host.families import head

POSTGRES = "/usr/lib/postgresql/16/bin/postgres"


def first_of(tree, pid):
    processes = Processes(tree.root)
    return head(processes.of(pid), processes).pid


def test_the_backends_of_a_database_are_one_service(tree):
    tree.process(10, "/bin/bash")
    tree.process(11, POSTGRES, "-D", "/data", parent=10)
    tree.process(12, "postgres: checkpointer", exe=POSTGRES, parent=11)
    tree.process(13, "postgres: worker", exe=POSTGRES, parent=12)
    assert [first_of(tree, pid) for pid in (11, 12, 13)] == [11, 11, 11]


def test_an_interpreter_that_starts_another_program_is_not_its_master(tree):
    tree.process(10, "/usr/bin/python3", "-m", "demo")
    tree.process(11, "/usr/bin/python3", "-m", "shop.cart", parent=10)
    tree.process(12, "/usr/bin/python3", "-c", "from multiprocessing import spawn", parent=11)
    tree.process(13, "/usr/bin/python3", "-m", "shop.cart", parent=11)
    assert [first_of(tree, pid) for pid in (11, 12, 13)] == [11, 11, 11]


def test_what_calls_itself_otherwise_is_another_service(tree):
    tree.process(10, "/app/till", OTEL_SERVICE_NAME="till")
    tree.process(11, "/app/till", parent=10, OTEL_SERVICE_NAME="stock")
    assert first_of(tree, 11) == 11


def test_a_parent_that_began_later_has_only_taken_the_number(tree):
    tree.process(10, "/app/till", started=99)
    tree.process(11, "/app/till", parent=10, started=5)
    assert first_of(tree, 11) == 11


def test_a_circle_ends(tree):
    tree.process(10, "/app/till", parent=11, started=5)
    tree.process(11, "/app/till", parent=10, started=5)
    assert first_of(tree, 11) in (10, 11)
