"""What queues and topics suffer from."""

from __future__ import annotations

from .world import Case, each

CASES = [
    Case("Queue:mails", "Congested", "RequestLatency_High", "", {"Service:api": "RequestLatency_High"}),
    Case("Queue:mails", "Failing", "RequestErrorRate_High", "", {"Service:api": "RequestErrorRate_High"}),
    Case("Topic:events", "Congested", "RequestLatency_High", "", {"Service:api": "RequestLatency_High"}),
    Case("Topic:events", "Failing", "RequestErrorRate_High", "", {"Service:api": "RequestErrorRate_High"}),
    Case("Queue:mails", "ProducerSurge", "PublishRate_High", "Backlog_Growing MessageAge_High", {}),
    Case("Queue:mails", "Backlogged", "Backlog_Growing", "MessageAge_High", {}),
    Case("Topic:events", "ProducerSurge", "PublishRate_High", "Backlog_Growing MessageAge_High ConsumerLag_High", {}),
    Case("Topic:events", "Backlogged", "Backlog_Growing", "MessageAge_High", {}),
    Case("Topic:events", "ConsumerLagging", "ConsumerLag_High", "Rebalances_High Backlog_Growing", {}),
    Case(
        "Topic:events",
        "PartitionLeaderLost",
        "PartitionsWithoutLeader_High",
        "ConsumerLag_High",
        {"Service:api": "RequestErrorRate_High ErrorLogs_High", "Service:worker": "ErrorLogs_High"},
    ),
]


@each(CASES)
def test_it_is_the_only_root_cause_named(case):
    assert case.named() == [(case.entity, case.cause)]


@each([case for case in CASES if not case.general])
def test_its_entity_is_suspected_with_its_telling_symptom_and_another_lost(case):
    assert case.entity in case.suspects()
