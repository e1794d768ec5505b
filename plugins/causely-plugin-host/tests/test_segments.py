"""What connections have sent since the last look."""

import numpy as np
import pytest
from causely_plugin_host.segments import Segments
from causely_plugin_host.socket_tables import Found

from .diagnostics import table


def sent(segments, *rows, namespace=1, complete=True):
    made = table(*({"cookie": cookie, "sent": sent, "sent_again": again} for cookie, sent, again in rows))
    told = segments.since(namespace, Found(made, complete))
    return {int(row["cookie"]): (float(row["sent"]), float(row["sent_again"])) for row in told}


UNKNOWN = pytest.approx((np.nan, np.nan), nan_ok=True)


def test_nothing_is_known_of_the_time_before_the_first_look():
    assert sent(Segments(), (5, 100, 3)) == {5: UNKNOWN}


def test_those_that_go_on_and_those_that_are_new():
    segments = Segments()
    sent(segments, (7, 10, 0), (5, 100, 3))
    assert sent(segments, (9, 20, 1), (5, 150, 5), (7, 10, 0)) == {9: (20, 1), 5: (50, 2), 7: (0, 0)}


def test_of_those_that_were_perhaps_not_looked_at_nothing_is_known():
    segments = Segments()
    sent(segments, (5, 100, 3), complete=False)
    assert sent(segments, (5, 150, 3), (9, 20, 1)) == {5: (50, 0), 9: UNKNOWN}


def test_the_kernel_begins_anew_behind_the_last_number():
    segments = Segments()
    sent(segments, (5, 2**32 - 10, 0))
    assert sent(segments, (5, 15, 0)) == {5: (25, 0)}


def test_each_network_namespace_has_cookies_of_its_own_and_is_forgotten_by_itself():
    segments = Segments()
    for namespace, count in ((1, 10), (2, 20)):
        sent(segments, (5, count, 0), namespace=namespace)
    assert sent(segments, (5, 30, 0), namespace=2) == {5: (10, 0)}
    segments.keep([2])
    assert sent(segments, (5, 30, 0), namespace=1) == {5: UNKNOWN}
    assert sent(segments, (5, 31, 0), namespace=2) == {5: (1, 0)}
