from causely_plugin_otlp.traces.signature import MAX_KNOWN, Signatures
from hypothesis import given
from hypothesis import strategies as st

from ..builders import key_values

KEYS = ["http.route", "http.request.method", "user", "note"]
WANTED = frozenset({b"http.route", b"http.request.method"})
SPANS = st.lists(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=3)), max_size=30)


def serialized(values):
    return frozenset(each.SerializeToString() for each in key_values(values))


def wanted(values):
    return serialized({key: value for key, value in values.items() if key.encode() in WANTED})


@given(SPANS)
def test_it_is_the_wanted_attributes_whatever_came_before(spans):
    signatures = Signatures(WANTED)
    assert [signatures.of(serialized(span)) for span in spans] == [wanted(span) for span in spans]


def test_it_stays_right_when_more_came_than_is_remembered():
    signatures = Signatures(WANTED)
    for number in range(MAX_KNOWN + 100):
        span = {"http.route": f"/{number}", "user": f"u{number}"}
        assert signatures.of(serialized(span)) == wanted(span)
    assert signatures.of(serialized({"http.route": "/0"})) == wanted({"http.route": "/0"})


def test_long_attributes_decide_nothing():
    assert Signatures(WANTED).of(serialized({"http.route": "/" * 600, "http.request.method": "GET"})) == wanted(
        {"http.request.method": "GET"}
    )
