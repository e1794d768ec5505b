"""What servers do to those who ask: refuse, dawdle, say half, say too much; and whom they let ask."""

import asyncio
import json
import ssl
import time

import pytest
import trustme
from causely_plugin_prometheus.config import PrometheusConfig
from causely_plugin_prometheus.connection import Connection
from causely_plugin_prometheus.errors import QueryError

from .scripted import Scripted
from .watching import watched


def answer(*samples, **more):
    result = [{"metric": labels, "value": [0, value]} for labels, value in samples]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}, **more})


@pytest.fixture
def scripted():
    started = []

    def start(script, tls=None):
        started.append(Scripted(script, tls))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def asked(scripted):
    """Ask a server that always answers alike."""

    def ask(status=200, body="", headers=None, **settings):
        server = scripted(lambda _: (status, headers or {}, body))
        url = f"http://{server.address}"
        return Connection(PrometheusConfig(url=url, mappings=["cadvisor"], **settings)).ask("up")

    return ask


def test_an_answer_has_labels_and_values(asked):
    found = asked(body=answer(({"job": "a"}, "1.5"), ({}, "+Inf")))
    assert [(sample.labels, sample.value) for sample in found.vector] == [({"job": "a"}, 1.5), ({}, float("inf"))]
    assert not found.missing


@pytest.mark.parametrize(
    ("more", "missing"),
    [({"warnings": ["store s1 is away"]}, "store s1 is away"), ({"isPartial": True}, "some of its storage")],
)
def test_an_answer_that_lacks_something_says_so(asked, more, missing):
    body = answer(({}, "1"), **more).replace(": ", ":")
    assert missing in asked(body=body).missing


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, '{"status":"error","error":"parse error:\\n bad"}', "HTTP 400: parse error: bad"),
        (404, "<html>", "HTTP 404: Not Found"),
        (500, "", "HTTP 500: Internal Server Error"),
        (200, "<html>", "the answer is not JSON; is the URL that of a Prometheus server?"),
        (200, '{"data": {"result": [1, "1"]}}', "the answer is no instant vector"),
        (200, '{"data": {"result": [{"metric": {}, "values": []}]}}', "the answer is no instant vector"),
        (200, "{}", "the answer is no instant vector"),
        (200, answer(*[({}, "1")] * 3), r"more than max_series \(2\): 3 series"),
        (200, answer(({"a": "x" * 5000}, "1")), "the answer has more than 4096 bytes"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line(asked, status, body, said):
    with pytest.raises(QueryError, match=said):
        asked(status, body, max_series=2)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("Fri, 01 Jan 2100 00:00:00 GMT", None), ("soon", 0.0)])
def test_how_long_a_server_wants_to_be_left_alone(asked, header, seconds):
    with pytest.raises(QueryError) as refused:
        asked(429, headers={"Retry-After": header})
    assert refused.value.retry_after == seconds if seconds is not None else refused.value.retry_after > 1e6


def test_an_answer_that_comes_by_drops_ends_at_the_timeout(asked):
    def drops():
        for _ in range(200):
            time.sleep(0.1)
            yield " "

    begin = time.monotonic()
    with pytest.raises(QueryError, match=r"no answer within 0.5 s"):
        asked(body=drops(), timeout=0.5)
    assert time.monotonic() - begin < 10


def test_nobody_there():
    config = PrometheusConfig(url="http://127.0.0.1:1", mappings=["cadvisor"])
    with pytest.raises(QueryError, match=r"^cannot be asked: Failed to establish a new connection: .*refused$"):
        Connection(config).ask("up")


def test_who_asks_says_who_it_is_and_reads_its_token_anew(scripted, tmp_path):
    server = scripted(lambda _: (200, {}, answer()))
    token = tmp_path / "token"
    token.write_text("first\n")
    config = PrometheusConfig(
        url=f"http://{server.address}/prom/",
        mappings=["cadvisor"],
        token_file=token,
        tenant="shop",
        headers={"X-Team": "a"},
    )
    connection = Connection(config)
    connection.ask("up")
    token.write_text("second")
    connection.ask("up")
    (_, path, one), (_, _, two) = server.requests
    assert path.startswith("/prom/api/v1/query?")
    assert (one["Authorization"], two["Authorization"]) == ("Bearer first", "Bearer second")
    assert (one["X-Scope-OrgID"], one["X-Team"]) == ("shop", "a")
    token.unlink()
    with pytest.raises(QueryError, match=r"cannot be asked: .*No such file"):
        connection.ask("up")


def test_basic_authentication(scripted):
    server = scripted(lambda _: (200, {}, answer()))
    config = PrometheusConfig(url=f"http://{server.address}", mappings=["cadvisor"], username="u", password="p")
    Connection(config).ask("up")
    assert server.requests[0][2]["Authorization"] == "Basic dTpw"


def test_mutual_tls(scripted, tmp_path):
    authority, client = trustme.CA(), trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    client.configure_trust(tls)
    tls.verify_mode = ssl.CERT_REQUIRED
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    client.issue_cert("causely@shop").private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
    server = scripted(lambda _: (200, {}, answer(({}, "1"))), tls)
    url, mappings = f"https://{server.address}", ["cadvisor"]
    known = PrometheusConfig(url=url, mappings=mappings, ca_file=tmp_path / "ca.pem", cert_file=tmp_path / "own.pem")
    assert len(Connection(known).ask("up").vector) == 1
    with pytest.raises(QueryError, match="cannot be asked"):
        Connection(PrometheusConfig(url=url, mappings=mappings, ca_file=tmp_path / "ca.pem")).ask("up")
    with pytest.raises(QueryError, match="certificate verify failed"):
        Connection(PrometheusConfig(url=url, mappings=mappings, cert_file=tmp_path / "own.pem")).ask("up")


MAPPING = """
rules:
  - {query: good, entity: Node, id: "{node}", observe: cpu_utilization}
  - {query: good, entity: Node, id: "{node}", observe: memory_utilization}
  - {query: bad, entity: Pod, id: "{pod}"}
"""


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text(MAPPING)
    return str(path)


async def test_a_query_that_is_refused_is_left_alone_and_the_others_go_on(scripted, tmp_path, mapping):
    good = (200, {}, answer(({"node": "n1"}, "0.5")))
    server = scripted(lambda path: (429, {"Retry-After": "60"}, "") if "bad" in path else good)
    settings = {"url": f"http://{server.address}", "mappings": [mapping], "interval": 0.2}
    async with watched(tmp_path, **settings) as found:
        await found.until(lambda: found.batches > 5)
    asked = [path for _, path, _ in server.requests]
    assert sum("bad" in path for path in asked) == 1
    # The two rules share one request a round.
    assert found.batches <= sum("good" in path for path in asked) <= found.batches + 1
    assert [reason for reason in found.said if reason] == ["HTTP 429: Too Many Requests"]
    answered = found.metric("causely.prometheus.queries")
    assert found.batches <= answered <= found.batches + 1
    assert found.metric("causely.prometheus.series") == answered
    assert found.metric("causely.prometheus.failures") == 1
    assert found.metric("causely.prometheus.duration") == answered + 1


async def test_a_server_that_hangs_holds_up_neither_others_nor_the_end(scripted, tmp_path, mapping):
    def script(path):
        if "bad" in path:
            time.sleep(3.0)
        return 200, {}, answer(({"node": "n1"}, "0.5"))

    server = scripted(script)
    settings = {"url": f"http://{server.address}", "mappings": [mapping], "interval": 0.2, "timeout": 0.4}
    async with watched(tmp_path, **settings) as found:
        lags = []

        async def watch():
            while True:
                begin = time.monotonic()
                await asyncio.sleep(0.05)
                lags.append(time.monotonic() - begin)

        watching = asyncio.create_task(watch())
        await found.until(lambda: found.batches > 5)
        watching.cancel()
    assert sorted(lags)[len(lags) // 2] < 0.2
    assert "no answer within 0.4 s" in found.said


async def test_however_many_queries_hang_a_round_has_an_end(scripted, tmp_path):
    def script(path):
        if "bad" in path:
            time.sleep(2.0)
        return 200, {}, answer(({"node": "n1"}, "0.5"))

    path = tmp_path / "many.yaml"
    bad = "".join(f"  - {{query: bad{n}, entity: Pod, id: x}}\n" for n in range(40))
    path.write_text("rules:\n  - {query: good, entity: Node, id: '{node}', observe: cpu_usage}\n" + bad)
    server = scripted(script)
    settings = {"url": f"http://{server.address}", "mappings": [str(path)], "timeout": 1.0, "concurrency": 4}
    async with watched(tmp_path, **settings) as found:
        begin = time.monotonic()
        await found.until(lambda: found.batches >= 1)
    # A round of all 41 takes more than ten seconds, one that begins nothing after its interval less than two.
    assert time.monotonic() - begin < 8


async def test_of_an_answer_that_is_not_complete_nothing_is_taken_as_gone(scripted, tmp_path, mapping):
    state = {"body": answer(({"node": "n1"}, "1"), ({"node": "n2"}, "1"))}
    server = scripted(lambda path: (200, {}, state["body"] if "good" in path else answer()))
    settings = {"url": f"http://{server.address}", "mappings": [mapping], "interval": 0.2, "stale_after": 0.5}
    async with watched(tmp_path, **settings) as found:
        await found.until(lambda: len(found.topology.entities) == 2)
        state["body"] = answer(({"node": "n1"}, "1"), warnings=["store s2 is away"])
        before = found.batches
        await found.until(lambda: found.batches > before + 8)
        assert len(found.topology.entities) == 2
        state["body"] = answer(({"node": "n1"}, "1"))
        await found.until(lambda: len(found.topology.entities) == 1)
    assert any("store s2 is away" in reason for reason in found.said)


async def test_nothing_is_told_before_the_server_has_answered_and_nothing_goes_while_it_does_not(
    scripted, tmp_path, mapping
):
    state = {"status": 503}
    server = scripted(lambda _: (state["status"], {}, answer(({"node": "n1", "pod": "p"}, "1"))))
    settings = {"url": f"http://{server.address}", "mappings": [mapping], "interval": 0.1, "stale_after": 0.2}
    async with watched(tmp_path, **settings) as found:
        await found.until(lambda: len(server.requests) >= 4)
        assert found.deltas == []
        state["status"] = 200
        await found.until(lambda: len(found.topology.entities) == 2)
        state["status"] = 503
        asked = len(server.requests)
        await found.until(lambda: len(server.requests) >= asked + 4)
        assert len(found.topology.entities) == 2
        assert found.deltas[0].snapshot
