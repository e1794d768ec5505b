"""What is encoded comes back equal, through bytes; and random bytes never raise anything but WireError."""

import contextlib
import json

import pytest
from attrs import asdict
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.wire import WireError, convert
from causely_core.wire.pb import evidence_pb2, executor_service_pb2, symptom_pb2, topology_pb2, update_pb2

from . import words

CASES = {
    "entity": (words.entities, topology_pb2.Entity),
    "relation": (words.relations, topology_pb2.Relation),
    "topology_delta": (words.topology_deltas, topology_pb2.TopologyDelta),
    "symptom": (words.symptoms, symptom_pb2.Symptom),
    "manifestation": (words.manifestations, symptom_pb2.Manifestation),
    "symptom_delta": (words.symptom_deltas, symptom_pb2.SymptomDelta),
    "evidence_request": (words.evidence_requests, evidence_pb2.EvidenceRequest),
    "evidence": (words.evidence, evidence_pb2.Evidence),
    "action": (words.actions, executor_service_pb2.RemediationAction),
    "snapshot": (words.snapshots, update_pb2.Snapshot),
    "update": (words.updates, update_pb2.Update),
}


def plain(model):
    """Text: equal where NaN is not, and with the relations' attributes, which equality leaves out."""
    return json.dumps(asdict(model), sort_keys=True)


@pytest.mark.parametrize("noun", CASES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_round_trip(noun, data):
    strategy, message = CASES[noun]
    encode, decode = getattr(convert, f"{noun}_to_pb"), getattr(convert, f"{noun}_from_pb")
    model = data.draw(strategy)
    assert plain(decode(message.FromString(encode(model).SerializeToString()))) == plain(model)


@given(st.binary(max_size=200))
def test_random_bytes_are_an_update_or_a_clear_error(content):
    with contextlib.suppress(DecodeError, WireError):
        convert.update_from_pb(update_pb2.Update.FromString(content))
