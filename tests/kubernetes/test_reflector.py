"""The reflector, by a server that answers as a test has written."""

import asyncio

import pytest

from causely_core.kubernetes import Changed, Client, Listed, Reflector, Refused, Resource

from .servers import GONE, SILENT, events, listed, running

PODS = Resource("", "v1", "pods")


def named(name, version="1"):
    return {"metadata": {"name": name, "resourceVersion": version}}


def page(*names, **told):
    return listed(*map(named, names), **told)


@pytest.fixture
async def server(tmp_path):
    async with running(tmp_path) as subject:
        yield subject


@pytest.fixture
async def subject(server):
    client = Client(server.account)
    keep = {"fields": "spec.nodeName=n1", "pause": 0.01, "refused_pause": 0.01}
    yield Reflector(client, PODS, lambda found: found["metadata"]["name"], **keep)
    await client.aclose()


async def taken(subject, count):
    found = []
    async with asyncio.timeout(20.0):
        async for change in subject.changes():
            found.append(change)
            if len(found) == count:
                return found


async def test_pages_are_one_list_and_the_watch_goes_on_from_there(server, subject):
    added, gone = ("ADDED", named("c", "8")), ("DELETED", named("a", "9"))
    server.answers = [page("a", more="next"), page("b", version="7"), events(added, gone)]
    assert await taken(subject, 3) == [Listed(("a", "b")), Changed("c"), Changed("a", gone=True)]
    first, second, watch = server.asked
    assert "continue" not in first
    assert second["continue"] == "next"
    assert (watch["resourceVersion"], watch["allowWatchBookmarks"]) == ("7", "true")
    assert {asked["fieldSelector"] for asked in server.asked} == {"spec.nodeName=n1"}


async def test_a_watch_that_ends_is_taken_up_at_the_last_bookmark(server, subject):
    server.answers = [page(version="7"), events(("BOOKMARK", named("", "20"))), events(("MODIFIED", named("d", "21")))]
    assert await taken(subject, 2) == [Listed(()), Changed("d")]
    assert server.asked[-1]["resourceVersion"] == "20"
    assert subject.lists == 1


async def test_a_silent_watch_is_taken_up_anew_and_is_no_problem(server, subject):
    subject.silence = 0.05
    server.answers = [page("a", version="7"), SILENT, events(("ADDED", named("b", "8")))]
    assert await taken(subject, 2) == [Listed(("a",)), Changed("b")]
    assert [asked.get("resourceVersion") for asked in server.asked] == [None, "7", "7"]
    assert (subject.lists, subject.problem) == (1, "")


@pytest.mark.parametrize("how", [events(("ERROR", GONE)), (410, GONE)])
async def test_all_is_listed_anew_when_the_version_is_gone(server, subject, how):
    server.answers = [page("a"), how, page("b", version="9")]
    assert await taken(subject, 2) == [Listed(("a",)), Listed(("b",))]


async def test_a_list_that_is_forgotten_between_two_pages_begins_anew(server, subject):
    server.answers = [page("a", more="next"), (410, GONE), page("a", "b")]
    assert await taken(subject, 1) == [Listed(("a", "b"))]


@pytest.mark.parametrize("how", [(500, {"message": "etcd is away"}), (429, {"message": "busy"}, {"Retry-After": "0"})])
async def test_a_server_in_trouble_is_asked_again(server, subject, how):
    server.answers = [how, page("a"), how, events(("ADDED", named("b", "2")))]
    assert await taken(subject, 2) == [Listed(("a",)), Changed("b")]
    assert subject.problem == ""


@pytest.mark.parametrize("status", [403, 404])
async def test_what_is_refused_is_one_line_and_asked_for_again(server, subject, status):
    server.answers = [(status, {"message": "pods is forbidden"}), page("a"), (status, {}), page("b")]
    refused, listed, again, anew = await taken(subject, 4)
    assert str(refused.problem) == f"GET /api/v1/pods: pods is forbidden ({status})"
    assert isinstance(again, Refused)
    assert (listed, anew) == (Listed(("a",)), Listed(("b",)))


async def test_an_answer_that_is_no_json_is_a_problem_and_asked_for_again(server, subject):
    server.answers = [(200, "<html>", {"Content-Type": "text/html"}), page("a")]
    assert await taken(subject, 1) == [Listed(("a",))]


async def test_an_older_version_of_a_kind_is_taken_where_there_is_no_newer_one(server):
    client = Client(server.account)
    topics = Resource("kafka.strimzi.io", "v1", "kafkatopics", ("v1beta2",))
    subject = Reflector(client, topics, lambda found: found["metadata"]["name"], pause=0.01, refused_pause=0.01)
    server.answers = [(404, {}), (404, {}), (404, {}), page("a"), events(("ADDED", named("b", "2")))]
    refused, *told = await taken(subject, 3)
    assert (refused.problem.status, told) == (404, [Listed(("a",)), Changed("b")])
    assert [path.split("/")[3] for path in server.paths] == ["v1", "v1beta2", "v1", "v1beta2", "v1beta2"]
    await client.aclose()
