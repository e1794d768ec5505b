from hypothesis import given
from hypothesis import strategies as st

from causely_core.traffic.backlog import Backlog
from causely_core.traffic.recorder import Recorder
from causely_core.traffic.rows import Family, Rows

QUEUE, OTHER = "Queue:mails", "Queue:orders"


class Queues:
    def __init__(self, *queues):
        self.backlog, self.rows, self.recorder = Backlog(), Rows(), Recorder()
        families = (Family.PUBLISHED, Family.PROCESSED)
        self.codes = {q: [self.recorder.slot(self.rows.row(q, family)) for family in families] for q in queues}

    def flush(self, published, processed, queue=QUEUE):
        for code, count in zip(self.codes[queue], (published, processed), strict=True):
            for _ in range(count):
                self.recorder.record(code, 1)
        values = self.backlog.flush(self.rows.all, self.recorder.drain(len(self.rows.all)))
        return {series.entity: value for series, value in values}


def test_it_is_the_running_difference():
    queues = Queues(QUEUE)
    assert [queues.flush(*counts)[QUEUE] for counts in ((10, 4), (10, 4), (0, 12))] == [6, 12, 0]


def test_a_side_that_does_not_report_leaves_it_unknown():
    queues = Queues(QUEUE)
    assert queues.flush(10, 0) == {}
    assert queues.flush(0, 1) == {QUEUE: 9}


def test_queues_do_not_mix():
    queues = Queues(QUEUE, OTHER)
    queues.flush(5, 1)
    assert queues.flush(7, 1, OTHER) == {QUEUE: 4, OTHER: 6}


def test_what_was_published_before_anyone_listened_is_no_credit_for_ever():
    queues = Queues(QUEUE)
    for _ in range(20):
        queues.flush(10, 20)
    found = [queues.flush(10, 0)[QUEUE] for _ in range(10)]
    assert found[-1] >= 40


def test_a_forgotten_queue_starts_again():
    queues = Queues(QUEUE)
    queues.flush(10, 4)
    queues.backlog.keep(set())
    assert queues.flush(0, 0) == {}
    assert queues.flush(3, 1) == {QUEUE: 2}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_it_is_never_negative_nor_more_than_was_published(counts):
    queues, published = Queues(QUEUE), 0
    for sent, taken in counts:
        published += sent
        for backlog in queues.flush(sent, taken).values():
            assert 0 <= backlog <= published


@given(st.permutations([(5, 0)] * 4 + [(0, 5)] * 4))
def test_the_order_of_batches_leaves_nothing_behind(order):
    queues = Queues(QUEUE)
    for sent, taken in [(20, 20), *order]:
        backlog = queues.flush(sent, taken)
    assert backlog == {QUEUE: 0}
