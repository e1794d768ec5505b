"""Pods of a node, followed at a server that answers as a test has written; a real one is in tests/cluster."""

import asyncio
import time
from contextlib import suppress

import pytest

from causely_core.host import NodePods
from causely_core.kubernetes import ApiError, ServiceAccount

from ..kubernetes.servers import GONE, events, listed, running
from .pods import CART, pod, status
from .trees import ID, UID

NEW = "f" * 64


@pytest.fixture
async def server(tmp_path):
    async with running(tmp_path) as subject:
        yield subject


@pytest.fixture
async def subject(server):
    following = NodePods(server.account, "node-1", refused_pause=0.01)
    yield following
    await following.aclose()


def versioned(told, version="2"):
    return {**told, "metadata": {**told["metadata"], "resourceVersion": version}}


async def until(condition):
    async with asyncio.timeout(20.0):
        while not condition():
            await asyncio.sleep(0.01)


async def test_pods_are_known_after_the_first_refresh(server, subject):
    server.answers = [listed(CART)]
    await subject.refresh()
    assert [found.name for found in subject.pods] == ["cart-5d9-abc"]
    assert subject.by_uid(UID).containers[ID] == subject.by_container(ID)
    assert subject.by_uid("other") is subject.by_container("other") is None
    assert server.asked[0]["fieldSelector"] == "spec.nodeName=node-1,status.phase!=Succeeded,status.phase!=Failed"


async def test_what_changes_is_known_without_asking(server, subject):
    again = pod(containerStatuses=[status("main", NEW, 3)])
    server.answers = [listed(CART), events(("MODIFIED", versioned(again))), events(("DELETED", versioned(again, "3")))]
    await subject.refresh()
    await until(lambda: subject.by_container(NEW))
    assert subject.by_container(ID) is None
    await until(lambda: not subject.pods)
    assert subject.by_container(NEW) is None
    assert subject.awaited


async def test_all_is_known_anew_when_changes_were_missed(server, subject):
    server.answers = [listed(CART), (410, GONE), listed(version="9")]
    await subject.refresh()
    await until(lambda: not subject.pods)


async def test_a_right_that_is_lacking_is_one_line_and_no_pod_is_awaited(server, subject):
    server.answers = [(403, {"message": "pods is forbidden"})]
    with pytest.raises(ApiError, match=r"^GET /api/v1/pods: pods is forbidden \(403\)$"):
        await subject.refresh()
    assert not subject.awaited
    server.answers.append(listed(CART))
    await until(lambda: subject.awaited)
    assert subject.by_uid(UID)


async def test_a_server_that_does_not_answer_is_waited_for_once(server):
    subject = NodePods(server.account, "node-1", patience=0.1)
    await subject.refresh()
    begun = time.monotonic()
    for _ in range(100):
        await subject.refresh()
    assert time.monotonic() - begun < 5.0
    assert subject.awaited
    await subject.aclose()


async def test_a_token_that_is_missing_is_a_problem_until_it_is_there(tmp_path, server, subject):
    (tmp_path / "token").rename(tmp_path / "kept")
    subject.patience = 0.01
    with suppress(ApiError):
        await subject.refresh()
    await until(lambda: "token: " in subject.problem)
    (tmp_path / "kept").rename(tmp_path / "token")
    server.answers = [listed(CART)]
    await until(lambda: subject.pods and subject.awaited)


async def test_what_was_known_stays_while_the_server_is_in_trouble(server, subject):
    server.answers = [listed(CART), (500, {"message": "etcd is away"})]
    await subject.refresh()
    await until(lambda: subject.problem)
    with pytest.raises(ApiError, match="etcd is away"):
        await subject.refresh()
    assert subject.by_uid(UID)


async def test_files_that_are_missing_are_one_line_and_no_pod_is_awaited(tmp_path):
    subject = NodePods(ServiceAccount("https://127.0.0.1:1", tmp_path / "none"), "node-1")
    with pytest.raises(ApiError, match=r"none/ca\.crt: "):
        await subject.refresh()
    assert not subject.awaited
