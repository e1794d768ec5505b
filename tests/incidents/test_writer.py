"""What is written into an incident's folder, and that it reads back as it was."""

import gzip
import json
import os
import stat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.incidents import Incident, Span, Track
from causely_core.incidents.new_folder import FolderError
from causely_core.incidents.reading import read_incident
from causely_core.incidents.writer import write_incident
from causely_core.model import Entity, EntityId, Relation, Series, SymptomKey

WEB = Entity.of("Service", "web", attributes={"b": "2", "a": "1"})
DB = Entity.of("Database", "db")
CALL = Relation(WEB.id, "calls", DB.id, {"mode": "sync"})


def track(entity, attribute, times, values):
    return Track(Series(EntityId(entity), attribute), np.array(times, float), np.array(values, float))


def incident(**changes):
    return Incident(
        **{
            "entities": (WEB, DB),
            "relations": (CALL,),
            "tracks": (track(WEB.id, "request_count", [60, 120.25], [5, 0.1]),),
            "baseline": Span(0.0, 100.5),
            "window": Span(101.0, 200.0),
            "reported": SymptomKey(WEB.id, "RequestLatency_High"),
        }
        | changes
    )


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def metrics(folder):
    return gzip.decompress((folder / "metrics.csv.gz").read_bytes()).decode()


def test_the_files(tmp_path):
    write_incident(tmp_path / "one", incident())
    files = written(tmp_path / "one")
    assert set(files) == {"incident.json", "topology.json", "metrics.csv.gz"}
    assert json.loads(files["incident.json"]) == {
        "version": 1,
        "topology": "topology.json",
        "metrics": ["metrics.csv.gz"],
        "baseline": {"start": 0, "end": 100.5},
        "window": {"start": 101, "end": 200},
        "reported": {"entity": WEB.id, "symptom": "RequestLatency_High"},
    }
    assert json.loads(files["topology.json"]) == {
        "entities": [
            {"id": WEB.id, "type": "Service", "name": "web", "attributes": {"a": "1", "b": "2"}},
            {"id": DB.id, "type": "Database", "name": "db"},
        ],
        "relations": [{"source": WEB.id, "type": "calls", "target": DB.id, "attributes": {"mode": "sync"}}],
    }
    assert metrics(tmp_path / "one").splitlines() == [
        "timestamp,entity,attribute,value",
        "60,Service:web,request_count,5",
        "120.25,Service:web,request_count,0.1",
    ]


def test_without_a_report_there_is_none(tmp_path):
    write_incident(tmp_path / "one", incident(reported=None))
    assert "reported" not in json.loads((tmp_path / "one" / "incident.json").read_text())


@pytest.mark.parametrize(("expected", "said"), [(DB.id, {"entity": DB.id}), (None, None)])
def test_the_true_cause_is_kept_apart(tmp_path, expected, said):
    write_incident(tmp_path / "one", incident(), expected=expected)
    assert json.loads((tmp_path / "one" / "expected.json").read_text()) == {"root_cause": said}


def test_the_same_incident_gives_the_same_bytes(tmp_path):
    write_incident(tmp_path / "one", incident())
    os.utime(tmp_path / "one" / "metrics.csv.gz", (0, 0))
    write_incident(tmp_path / "another", incident())
    assert written(tmp_path / "one") == written(tmp_path / "another")


def test_folders_above_are_made_and_an_empty_one_is_taken(tmp_path):
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "there", tmp_path / "a" / "b"):
        write_incident(folder, incident())
        assert read_incident(folder) == incident()
    assert {path.name for path in tmp_path.iterdir()} == {"there", "a"}


def test_the_folder_has_the_permissions_of_any_new_one(tmp_path):
    write_incident(tmp_path / "one", incident())
    (tmp_path / "other").mkdir()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("one", "other")}
    assert len(modes) == 1


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(FolderError) as refused:
        write_incident(tmp_path, incident())
    assert str(refused.value) == f"{tmp_path}: is not empty; name a folder that is empty or not there yet"
    assert set(written(tmp_path)) == {"notes.txt"}


def test_a_file_is_no_folder(tmp_path):
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(FolderError, match=r"file: Not a directory; name a folder that is empty or not there yet$"):
        write_incident(path, incident())
    with pytest.raises(FolderError, match=r"below: .*Not a directory"):
        write_incident(path / "below", incident())


def test_after_an_error_nothing_is_left(tmp_path):
    good = track(WEB.id, "request_count", [1.0], [1.0])
    short = track(WEB.id, "error_rate", [1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="shorter"):
        write_incident(tmp_path / "one", incident(tracks=(good, short)))
    assert list(tmp_path.iterdir()) == []


NAMES = st.text(min_size=1, max_size=12) | st.sampled_from(
    ["a,b", 'say "hi"', "two\nlines", "\r\n", " ends ", "ünï 🙂", "\ufeff", "\0", "a\u2028b", "NaN", "'", "x" * 20_000]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ATTRIBUTES = st.dictionaries(NAMES, st.text(max_size=5), max_size=2)
TIMES = st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=4, unique=True).map(sorted)


@st.composite
def spans(draw):
    start, end = draw(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=2, unique=True).map(sorted))
    return Span(start, end)


@st.composite
def incidents(draw):
    ids = draw(st.lists(NAMES.map(EntityId), min_size=1, max_size=4, unique=True))
    some = st.sampled_from(ids)
    keys = draw(st.lists(st.tuples(some, NAMES), max_size=4, unique=True).map(sorted))
    return Incident(
        tuple(Entity(id, draw(NAMES), draw(NAMES), draw(ATTRIBUTES)) for id in ids),
        tuple(draw(st.lists(st.builds(Relation, some, NAMES, some, ATTRIBUTES), max_size=4, unique=True))),
        tuple(_track(draw, Series(*key)) for key in keys),
        draw(spans()),
        draw(spans()),
        draw(st.none() | st.builds(SymptomKey, some, NAMES)),
    )


def _track(draw, series):
    times = draw(TIMES)
    values = draw(st.lists(NUMBERS, min_size=len(times), max_size=len(times)))
    return Track(series, np.array(times), np.array(values))


@given(incidents())
@settings(max_examples=100, deadline=None)
def test_what_is_written_reads_back_as_it_was(tmp_path_factory, one):
    folder = tmp_path_factory.mktemp("incident") / "one"
    write_incident(folder, one)
    found = read_incident(folder)
    assert found == one
    assert [relation.attributes for relation in found.relations] == [each.attributes for each in one.relations]
