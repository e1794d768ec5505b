"""What Strimzi's objects say of the topology."""

from causely_plugin_kubernetes.fragments.kafka import kafka, kafka_topic

from causely_core.model import Relation

from .objects import ids, made


def test_a_topic_has_the_name_that_kafka_has_for_it_and_is_part_of_its_cluster():
    found = kafka_topic(made("orders", spec={"topicName": "shop.orders"}, labels={"strimzi.io/cluster": "events"}))
    assert ids(found) == ["Topic:kafka/shop.orders"]
    assert found.entities[0].attributes["messaging.system"] == "kafka"
    assert found.relations == (Relation("Topic:kafka/shop.orders", "part_of", "Queue:kafka/shop/events"),)
    assert ids(kafka(made("events"))) == ["Queue:kafka/shop/events"]


def test_a_topic_may_be_named_by_its_object_and_be_in_no_cluster():
    found = kafka_topic(made("orders"))
    assert (ids(found), found.relations) == (["Topic:kafka/orders"], ())
