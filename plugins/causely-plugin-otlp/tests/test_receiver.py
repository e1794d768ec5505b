"""The receiver as the mediator sees it: two streams."""

import grpc

from .builders import GET, request_of, server
from .conftest import until

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


async def export(otlp, name):
    async with grpc.aio.insecure_channel(otlp.grpc) as channel:
        await channel.unary_unary(EXPORT)(request_of({"service.name": name}, server(GET)))


async def test_topology_comes_first_as_a_snapshot_then_as_changes(receiving):
    otlp = await receiving()
    await export(otlp, "cart")
    await until(lambda: "Service:cart" in otlp.entities)
    await export(otlp, "shop")
    await until(lambda: {"Service:cart", "Service:shop"} <= otlp.entities)
    assert otlp.deltas >= 2


async def test_a_new_reader_of_the_topology_is_told_everything(receiving):
    otlp = await receiving()
    await export(otlp, "cart")
    await until(lambda: "Service:cart" in otlp.entities)
    late = otlp.receiver.discover()
    delta = await anext(late)
    await late.aclose()
    assert delta.snapshot
    assert "Service:cart" in {entity.id for entity in delta.entities}


async def test_a_reader_that_falls_behind_is_told_everything_at_once(receiving, tmp_path):
    otlp = await receiving(flush_interval=0.01)
    slow = otlp.receiver.discover()
    assert (await anext(slow)).snapshot
    await otlp.stop_discovering()
    for number in range(80):
        await export(otlp, f"s{number}")
        await until(lambda number=number: f"Service:s{number}" in otlp.observed)
    delta = await anext(slow)
    await slow.aclose()
    assert delta.snapshot
    assert len([entity for entity in delta.entities if entity.type == "Service"]) == 80


async def test_values_come_at_every_flush(receiving):
    otlp = await receiving()
    await export(otlp, "cart")
    await until(lambda: "Service:cart" in otlp.observed)
    attributes = {each.series.attribute for each in otlp.observations if each.series.entity == "Service:cart"}
    assert {"request_rate", "request_count", "error_rate", "request_duration.p95"} <= attributes
