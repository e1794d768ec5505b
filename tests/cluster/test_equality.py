"""Whatever happens to objects and to the server meanwhile: what was followed is what a fresh list tells."""

import asyncio
import urllib.error
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from .following import following, same_as_fresh

NUMBERS = count()
IGNORE = "causely.io/ignore"
TEMPLATE = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "main", "image": "cart:1"}]}}
SPECS = {
    "pods": TEMPLATE["spec"],
    "services": {"ports": [{"port": 80}]},
    "deployments": {"selector": {"matchLabels": {"app": "x"}}, "template": TEMPLATE},
}

CHANGES = st.tuples(st.sampled_from([*SPECS, "namespaces"]), st.sampled_from("ab"), st.sampled_from(["", "true", None]))
"""An object, and its mark of being ignored; none for its end."""

ROUNDS = st.tuples(st.sampled_from(["nothing", "restart", "forgotten"]), st.lists(CHANGES, min_size=1, max_size=5))


ALL_FATES = [
    ("nothing", [("pods", "a", ""), ("pods", "b", ""), ("deployments", "a", ""), ("services", "a", "")]),
    ("forgotten", [("pods", "a", None), ("deployments", "a", "true"), ("services", "b", "")]),
    ("restart", [("namespaces", "a", "true"), ("deployments", "a", ""), ("namespaces", "a", "")]),
]


@pytest.mark.slow
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(ALL_FATES)
@given(st.lists(ROUNDS, min_size=1, max_size=3))
def test_what_is_followed_is_what_a_fresh_list_tells(discoverer, writer, control_plane, rounds):
    namespace = f"equal-{next(NUMBERS)}"
    writer.create("/api/v1/namespaces", {"metadata": {"name": namespace}})
    writer.create(f"/api/v1/namespaces/{namespace}/serviceaccounts", {"metadata": {"name": "default"}})
    asyncio.run(play(discoverer, writer, control_plane, namespace, rounds))


async def play(discoverer, writer, control_plane, namespace, rounds):
    async with following(discoverer()) as found:
        for fate, changes in rounds:
            if fate == "forgotten":
                # Nothing is awaited, so that the discoverer is away while all this happens.
                control_plane.restart_api_server()
                change(writer, namespace, changes)
                control_plane.compact()
                control_plane.restart_api_server()
                continue
            await asyncio.to_thread(change, writer, namespace, changes)
            if fate == "restart":
                await asyncio.to_thread(control_plane.restart_api_server)
        await same_as_fresh(found, discoverer)
        assert found.snapshots == 1


def change(writer, namespace, changes):
    for kind, name, mark in changes:
        if kind == "namespaces":
            writer.patch(f"/api/v1/namespaces/{namespace}", {"metadata": {"annotations": {IGNORE: mark}}})
            continue
        api = "/apis/apps/v1" if kind == "deployments" else "/api/v1"
        put(writer, f"{api}/namespaces/{namespace}/{kind}", kind, name, mark)


def put(writer, path, kind, name, mark):
    metadata = {"name": name, "annotations": {IGNORE: mark}}
    try:
        if mark is None:
            writer.delete(f"{path}/{name}")
        else:
            writer.create(path, {"metadata": metadata, "spec": SPECS[kind]})
    except urllib.error.HTTPError as problem:
        if problem.code == 409:
            writer.patch(f"{path}/{name}", {"metadata": metadata})
        elif problem.code != 404:
            raise
