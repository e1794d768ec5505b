import time

import pytest
from attrs import define, field
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_otlp.logs.folding import Logs
from causely_plugin_otlp.places import Places
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from causely_core.model import Series
from causely_core.traffic.live_topology import LiveTopology

NOW = 1_700_000_000.0
CART = {"service.name": "cart"}
SERVICE = Series("Service:cart", "error_log_rate")
ERROR, INFO = 17, 9


def said(text):
    return AnyValue(string_value=text)


def attributes(values):
    return [KeyValue(key=key, value=said(value)) for key, value in values.items()]


def record(body="", severity=ERROR, text="", **labels):
    body = said(body) if isinstance(body, str) else body
    labels = {key.replace("__", "."): value for key, value in labels.items()}
    return LogRecord(severity_number=severity, severity_text=text, body=body, attributes=attributes(labels))


def request(records, resource=CART):
    made = ExportLogsServiceRequest()
    told = made.resource_logs.add()
    told.resource.attributes.extend(attributes(resource))
    told.scope_logs.add().log_records.extend(records)
    return made


@define
class World:
    config: OtlpConfig = field(factory=OtlpConfig)
    topology: LiveTopology = field(init=False)
    logs: Logs = field(init=False)

    def __attrs_post_init__(self):
        self.topology = LiveTopology(self.config.max_entities, self.config.entity_ttl)
        self.logs = Logs(Places(self.topology), self.config)

    def tell(self, *records, resource=CART):
        return self.logs.fold(request(records, resource), NOW)

    def rates(self, interval=2.0):
        return dict(self.logs.flush(NOW, interval))


def test_errors_become_a_rate():
    world = World()

    assert world.tell(record("out of memory"), record("out of memory"), record("all good", INFO)).accepted == 3
    assert world.rates(interval=4.0) == {SERVICE: 0.5}


def test_silence_is_a_rate_of_zero():
    world = World()
    world.tell(record("all good", INFO))

    assert [world.rates(), world.rates()] == [{SERVICE: 0.0}] * 2


def test_who_never_logged_has_no_rate():
    assert World().rates() == {}


def test_who_left_the_topology_has_no_rate():
    world = World(OtlpConfig(entity_ttl=10.0))
    world.tell(record("out of memory"))
    world.topology.flush(NOW + 11)

    assert world.rates() == {}
    assert world.logs.templates("Service:cart") == []


def test_an_entity_without_room_in_the_topology_has_no_rate():
    world = World(OtlpConfig(max_entities=1))
    world.tell(record("a"))

    assert world.tell(record("b"), resource={"service.name": "late"}).accepted == 1
    assert world.rates() == {SERVICE: 0.5}


@pytest.mark.parametrize(
    ("number", "text", "counts"),
    [
        (16, "", False),
        (17, "", True),
        (24, "", True),
        (0, "error", True),
        (0, " FATAL ", True),
        (0, "Critical", True),
        (0, "WARN", False),
        (0, "", False),
        (9, "ERROR", False),
    ],
)
def test_severity_is_the_number_or_else_the_text(number, text, counts):
    world = World()
    world.tell(record("x", number, text))

    assert world.rates(1.0) == {SERVICE: float(counts)}


def test_errors_count_for_the_service_and_its_container():
    world = World()
    world.tell(record("x"), resource={**CART, "container.id": "c1"})

    assert world.rates(1.0) == {SERVICE: 1.0, Series("Container:c1", "error_log_rate"): 1.0}


def test_the_output_of_a_container_of_no_named_service_is_the_containers_only():
    world = World()
    world.tell(record("x"), resource={"container.id": "c1"})

    assert world.rates(1.0) == {Series("Container:c1", "error_log_rate"): 1.0}


def test_templates_are_told_the_most_frequent_first():
    world = World()
    messages = ["order 1 failed", "out of memory now please", "order 2 failed"]
    world.tell(*map(record, messages), record("fine", INFO))

    assert world.logs.templates("Service:cart") == [("order <*> failed", 2), ("out of memory now please", 1)]


def kvlist(values):
    return AnyValue(kvlist_value=KeyValueList(values=attributes(values)))


@pytest.mark.parametrize(
    ("body", "labels", "template"),
    [
        (kvlist({"level": "error", "message": "no route"}), {}, "no route"),
        (kvlist({"zone": "a", "code": "b"}), {}, "code zone"),
        (AnyValue(bytes_value=b"broken \xff pipe"), {}, "broken \ufffd pipe"),
        (AnyValue(array_value=ArrayValue(values=[said("no"), said("route")])), {}, "no route"),
        (AnyValue(bool_value=True), {}, "True"),
        (AnyValue(), {"exception__type": "OSError", "exception__message": "disk full"}, "OSError: disk full"),
        (AnyValue(), {"exception__type": "OSError"}, "OSError"),
        (AnyValue(), {}, ""),
    ],
)
def test_what_a_record_says_is_found(body, labels, template):
    world = World()
    world.tell(record(body, **labels))

    assert world.logs.templates("Service:cart") == [(template, 1)]


def test_a_batch_that_holds_no_errors_is_skipped_quickly():
    world = World()
    batch = request([record(f"request {at} served", INFO, user="jane") for at in range(512)])

    def fold():
        begin = time.process_time()
        world.logs.fold(batch, NOW)
        return time.process_time() - begin

    assert min(fold() for _ in range(20)) < 0.005
