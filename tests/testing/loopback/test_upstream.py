"""A server that a test tells what to answer, and how to misbehave."""

import time

import httpx
import pytest

from causely_core.testing import Answer, Upstream


@pytest.fixture
def client(upstream):
    with httpx.Client(base_url=upstream.url, timeout=20.0) as client:
        yield client


def test_it_answers_what_it_is_told(upstream, client):
    upstream.answer("/json", {"all": ["well"]})
    upstream.answer("/text", "one 1\n", status=203)
    upstream.answer("/asked", lambda request: {"query": request.parameters, "body": request.json()})
    upstream.answer("/whole", lambda request: Answer(b"x", 418, {"X-Kind": "teapot"}))
    assert client.get("/json").json() == {"all": ["well"]}
    assert (client.get("/text").text, client.get("/text").status_code) == ("one 1\n", 203)
    answered = client.post("/asked", params={"a": "b c"}, json={"d": 1}).json()
    assert answered == {"query": [["a", "b c"]], "body": {"d": 1}}
    assert (client.get("/whole").status_code, client.get("/whole").headers["x-kind"]) == (418, "teapot")


def test_what_is_not_answered_is_told(client):
    missing = client.get("/nowhere")
    assert (missing.status_code, missing.text) == (
        404,
        "upstream has no answer for /nowhere; give it one in the test\n",
    )


def test_an_answer_that_fails_is_told(upstream, client):
    upstream.answer("/bad", lambda request: {}["key"])
    failed = client.get("/bad")
    assert (failed.status_code, failed.text) == (500, "the test's server failed: KeyError: 'key'\n")


def test_requests_are_counted_by_path_with_their_times(upstream, client):
    before = time.monotonic()
    for path in ("/a?x=1", "/b", "/a?x=2"):
        client.get(path)
    assert (upstream.count("/a"), upstream.count("/b"), upstream.count()) == (2, 1, 3)
    first, second = upstream.times("/a")
    assert before <= first <= upstream.times("/b")[0] <= second <= time.monotonic()


def test_bodies_in_chunks_are_read(upstream, client):
    upstream.answer("/sum", lambda request: {"length": len(request.body)})
    assert client.post("/sum", content=iter([b"abc", b"de"])).json() == {"length": 5}


def test_one_connection_serves_several_requests(upstream, client):
    upstream.answer("/", "well")
    assert {client.get("/").headers.get("connection", "kept") for _ in range(3)} == {"kept"}
    assert client.head("/").headers["content-length"] == "4"


def test_it_passes_on_to_a_real_server(upstream, client):
    with Upstream.running() as real:
        real.answer("/query", lambda request: Answer(request.body, 201, [("X-A", "1"), ("X-A", "2")]))
        upstream.forward(real.url)
        upstream.answer("/own", "own")
        passed = client.post("/query?a=b", content=b"body", headers={"Authorization": "Bearer one"})
        assert client.get("/own").text == "own"
    assert (passed.status_code, passed.content, passed.headers.get_list("x-a")) == (201, b"body", ["1", "2"])
    assert [(each.target, each.headers["authorization"]) for each in real.asked] == [("/query?a=b", "Bearer one")]
    assert client.get("/query").status_code == 502  # the real one is gone


def test_it_passes_on_by_tls_to_those_who_are_trusted_only(upstream, client, kubernetes_api, monkeypatch):
    upstream.forward(kubernetes_api.url)
    refused = client.get("/api")
    monkeypatch.setenv("SSL_CERT_FILE", str(kubernetes_api.ca))
    upstream.forward(kubernetes_api.url)
    passed = client.get("/api", headers={"Authorization": f"Bearer {kubernetes_api.token}"})
    assert refused.status_code == 502
    assert "CERTIFICATE_VERIFY_FAILED" in refused.text
    assert passed.json()["kind"] == "APIVersions"


class TestMisbehaviour:
    @pytest.fixture(autouse=True)
    def answers(self, upstream):
        upstream.answer("/", "all is well")

    def test_it_refuses_until_it_recovers(self, upstream, client):
        upstream.refuse(429, retry_after=7)
        refused = client.get("/")
        upstream.recover()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
        assert client.get("/").text == "all is well"

    def test_it_refuses_without_saying_until_when(self, upstream, client):
        upstream.refuse(503)
        assert "retry-after" not in client.get("/").headers

    def test_it_is_slow(self, upstream, client):
        upstream.slow(0.3)
        began = time.monotonic()
        assert client.get("/").text == "all is well"
        assert time.monotonic() - began >= 0.3

    def test_who_waits_for_a_slow_server_is_answered_when_it_recovers(self, upstream):
        upstream.slow(600)
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(upstream.url, timeout=0.2)
        upstream.recover()
        assert httpx.get(upstream.url).text == "all is well"

    def test_it_cuts_answers_off(self, upstream, client):
        upstream.cut(3)
        with pytest.raises(httpx.RemoteProtocolError, match="received 3 bytes, expected 11"):
            client.get("/")

    def test_it_hangs_up(self, upstream, client):
        upstream.hang_up()
        with pytest.raises(httpx.RemoteProtocolError, match="disconnected without"):
            client.get("/")

    def test_credentials_expire_until_new_ones_are_shown(self, upstream, client):
        client.get("/", headers={"Authorization": "Bearer old"})
        upstream.expire()
        tried = [client.get("/", headers=headers) for headers in ({}, {"Authorization": "Bearer old"})]
        tried += [client.get("/", headers={"Authorization": "Bearer new"}) for _ in range(2)]
        assert [each.status_code for each in tried] == [401, 401, 200, 200]
