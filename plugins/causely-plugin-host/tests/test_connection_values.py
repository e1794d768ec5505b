"""What the sockets of a service tell."""

import pytest
from causely_plugin_host.connection_values import connection_values, queue_utilization

from .diagnostics import table


def told(*rows, seconds=10.0):
    return {name: value for name, value in connection_values(table(*rows), seconds) if value is not None}


def test_round_trips_of_those_that_sent_data_since_the_last_look():
    trips = [{"round_trip": trip, "sent_ago": 5.0} for trip in (0.001, 0.002, 0.101)]
    stale = {"round_trip": 9.0, "sent_ago": 11.0}
    found = told(*trips, stale, {"sent_ago": 1.0})
    assert found["tcp_rtt.p50"] == 0.002
    assert 0.002 < found["tcp_rtt.p95"] < 0.101
    assert told(stale) == {}


def test_retransmissions_are_a_share_of_all_segments_sent():
    assert told({"sent": 190, "sent_again": 9}, {"sent": 10, "sent_again": 1}, {})["retransmit_rate"] == 0.05


def test_few_segments_tell_no_share():
    assert told({"sent": 90, "sent_again": 9}) == {}


@pytest.mark.parametrize(("waiting", "backlog", "used"), [(0, 128, 0.0), (2, 1, 1.0), (1, 0, 1.0), (32, 127, 0.25)])
def test_a_queue_takes_one_more_than_its_backlog(waiting, backlog, used):
    assert queue_utilization(table({"listening": True, "waiting": waiting, "backlog": backlog})) == used


def test_the_fullest_queue_counts_and_who_does_not_listen_has_none():
    fuller = {"listening": True, "waiting": 3, "backlog": 3}
    connected = {"waiting": 900, "backlog": 0}
    assert queue_utilization(table({"listening": True, "waiting": 1, "backlog": 7}, fuller, connected)) == 0.75
    assert queue_utilization(table(connected)) is None
