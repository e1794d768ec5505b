"""Recording series as they come: what is taken, what is left out, what it is called."""

import json

import numpy as np
import pytest

from causely_core.errors import UnavailableError
from causely_core.incidents import Span
from causely_core.incidents.live_topology import LiveTopology
from causely_core.incidents.pseudonyms import own_names, pseudonyms, write_names
from causely_core.incidents.reading import read_incident
from causely_core.incidents.recorder import NothingMeasuredError, Plan, record, spans
from causely_core.model import Entity, Relation, Series, SymptomKey

ENTITIES = [
    {"id": "Database:orders", "type": "Database", "name": "orders", "attributes": {"db.namespace": "secret"}},
    {"id": "Service:cart", "type": "Service", "name": "cart", "attributes": {"causely.watched": "RequestLatency_High"}},
    {"id": "Service:web", "type": "Service", "name": "web", "attributes": {}},
]
RELATIONS = [
    {"source": "Service:cart", "type": "calls", "target": "Database:orders", "attributes": {"mode": "sync"}},
    {"source": "Service:web", "type": "calls", "target": "Service:cart", "attributes": {"mode": "async", "by": "joe"}},
]
BASELINE, WINDOW = Span(0.0, 599.999), Span(600.0, 700.0)


def plan(**changes):
    topology = LiveTopology.of(ENTITIES, RELATIONS)
    standard = {"topology": topology, "aliases": own_names(topology.entities), "baseline": BASELINE, "window": WINDOW}
    return Plan(**standard | changes)


def sample(entity, times, values, attribute="request_rate"):
    return Series(entity, attribute), np.array(times, float), np.array(values, float)


async def coming(*samples):
    for each in samples:
        yield each


LONG = sample("Service:web", range(50, 700, 50), range(50, 700, 50))


async def test_what_comes_is_written_as_an_incident(tmp_path):
    reported = SymptomKey("Service:web", "RequestLatency_High")
    other = sample("Service:cart", [650.25], [0.5], "error_rate")
    tally = await record(tmp_path / "one", plan(reported=reported), coming(LONG, other))
    found = read_incident(tmp_path / "one")
    assert [(track.series, *map(list, (track.times, track.values))) for track in found.tracks] == [
        (series, *map(list, columns)) for series, *columns in (other, LONG)
    ]
    assert (found.window, found.reported) == (WINDOW, reported)
    assert [entity.id for entity in found.entities] == [row["id"] for row in ENTITIES]
    assert [relation.attributes for relation in found.relations] == [row["attributes"] for row in RELATIONS]
    assert (tally.tracks, tally.samples, tally.strangers) == (2, 14, 0)


async def test_the_baseline_begins_with_the_first_sample(tmp_path):
    await record(tmp_path / "one", plan(), coming(LONG))
    assert read_incident(tmp_path / "one").baseline == Span(50.0, BASELINE.end)


async def test_without_samples_before_the_window_the_baseline_is_as_asked(tmp_path):
    tally = await record(tmp_path / "one", plan(), coming(sample("Service:web", [650], [1])))
    assert read_incident(tmp_path / "one").baseline == BASELINE
    assert tally.measured(BASELINE) is None


async def test_gaps_are_left_out_and_the_last_of_one_time_counts(tmp_path):
    odd = sample("Service:web", [1, 1, 2, 3, 3, 650], [1, 2, np.nan, 3, np.inf, 5])
    empty = sample("Service:cart", [650], [np.nan])
    tally = await record(tmp_path / "one", plan(), coming(odd, empty))
    (track,) = read_incident(tmp_path / "one").tracks
    assert (track.times.tolist(), track.values.tolist()) == ([1, 3, 650], [2, 3, 5])
    assert tally.samples == 3


async def test_series_of_entities_that_the_topology_lacks_are_counted_and_left_out(tmp_path):
    tally = await record(tmp_path / "one", plan(), coming(LONG, sample("Service:gone", [650], [1])))
    assert [track.series.entity for track in read_incident(tmp_path / "one").tracks] == ["Service:web"]
    assert tally.strangers == 1


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        ([], "no samples before it either, 3 known entities, 0 series of unknown ones"),
        ([sample("Service:web", [1, 2], [1, 1])], "2 samples before it"),
        ([sample("Service:gone", [650], [1])], "1 series of unknown ones"),
    ],
)
async def test_a_window_in_which_nothing_was_measured_is_refused(tmp_path, samples, why):
    with pytest.raises(NothingMeasuredError, match=f"^nothing was measured in the window: .*{why}.*; expected the V"):
        await record(tmp_path / "one", plan(), coming(*samples))
    assert list(tmp_path.iterdir()) == []


async def test_when_the_series_end_early_nothing_is_left(tmp_path):
    async def breaking():
        yield LONG
        raise UnavailableError("the store went away")

    with pytest.raises(UnavailableError, match="went away"):
        await record(tmp_path / "one", plan(), breaking())
    assert list(tmp_path.iterdir()) == []


async def test_pseudonyms_tell_types_and_numbers_only(tmp_path):
    topology = LiveTopology.of(ENTITIES, RELATIONS)
    aliases = pseudonyms(topology.entities)
    changes = {"topology": topology.disguised(aliases), "aliases": aliases}
    await record(tmp_path / "one", plan(**changes), coming(LONG))
    found = read_incident(tmp_path / "one")
    assert found.entities == (
        Entity("Database:database-1", "Database", "database-1"),
        Entity("Service:service-1", "Service", "service-1", {"causely.watched": "RequestLatency_High"}),
        Entity("Service:service-2", "Service", "service-2"),
    )
    assert found.relations == (
        Relation("Service:service-1", "calls", "Database:database-1"),
        Relation("Service:service-2", "calls", "Service:service-1"),
    )
    assert [dict(relation.attributes) for relation in found.relations] == [{"mode": "sync"}, {"mode": "async"}]
    assert [track.series.entity for track in found.tracks] == ["Service:service-2"]
    names = json.loads(write_names(tmp_path / "one", aliases).read_text())
    assert names == {alias: id for id, alias in aliases.items()}
    assert {path.name for path in tmp_path.iterdir()} == {"one", "one.names.json"}


def test_pseudonyms_do_not_depend_on_the_order():
    entities = LiveTopology.of(ENTITIES, RELATIONS).entities
    assert pseudonyms(entities) == pseudonyms(entities[::-1])


def test_a_topology_that_changed_between_pages_is_made_whole():
    late = {"source": "Service:new", "type": "calls", "target": "Service:web", "attributes": {}}
    topology = LiveTopology.of([*ENTITIES, ENTITIES[0]], [*RELATIONS, RELATIONS[0], late])
    assert topology == LiveTopology.of(ENTITIES, RELATIONS)


def test_the_baseline_ends_just_before_the_window():
    assert spans(10_000.7, 600.0, 3_600.0) == (Span(5_800.0, 9_399.999), Span(9_400.0, 10_000.0))
