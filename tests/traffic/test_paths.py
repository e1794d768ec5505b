"""Paths: few values at a place are names, many are identifiers."""

from hypothesis import given
from hypothesis import strategies as st

from causely_core.traffic.paths import Paths

SEGMENT = st.text(st.characters(blacklist_characters="/", max_codepoint=0x2FF), min_size=1, max_size=6)


def test_few_values_are_names():
    paths = Paths()
    assert [paths.name(f"/{name}/list") for name in ("users", "carts", "orders")] == [
        "/users/list",
        "/carts/list",
        "/orders/list",
    ]
    assert not paths.merged


def test_many_values_at_one_place_become_one_name():
    paths = Paths()
    for number in range(30):
        paths.name(f"/carts/user{number}/items")
    assert paths.merged
    assert paths.name("/carts/ann/items") == "/carts/{id}/items"
    assert paths.name("/carts") == "/carts"
    assert paths.name("/orders/ann") == "/orders/ann"


def test_what_is_no_path_stays():
    assert Paths().name("*") == "*"
    assert Paths().name("/") == "/"


@given(st.lists(st.lists(SEGMENT, min_size=1, max_size=5), max_size=300))
def test_names_are_few_however_many_paths_there_are(many):
    paths, names = Paths(), set()
    for parts in many * 2:
        names.add(paths.name("/" + "/".join(parts)))
    last = {paths.name("/" + "/".join(parts)) for parts in many}
    by_place = {}
    for name in last:
        before, _, value = name.rpartition("/")
        by_place.setdefault(before, set()).add(value)
    assert all(len(values) <= 21 for values in by_place.values())
