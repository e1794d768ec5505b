"""Bearer tokens: who shows one of those in the file is served, others are told why not."""

import pytest
import structlog
from structlog.testing import capture_logs

from causely_core.wire import WireError
from causely_core.wire.spool import Spool
from causely_core.wire.token import is_loopback, is_proven, proof, tokens

from .links import Server, Store, Teller, drained, running, sender, until


@pytest.fixture
def hold(tmp_path):
    """Writes a file and returns the tokens in it."""

    def hold(name, text):
        (tmp_path / name).write_text(text)
        return tokens(f"{name}.token", tmp_path / name, structlog.get_logger())

    return hold


@pytest.fixture
async def server(hold):
    server = Server(Store(), tokens=hold("analyzer", "right\n"))
    await server.start()
    yield server
    await server.kill()


def linked(server, tmp_path, token, teller):
    return sender(server.port, Spool(tmp_path / "spool"), teller.snapshot, token=token)


async def test_who_shows_the_token_is_served(server, hold, tmp_path):
    teller = Teller()
    link = linked(server, tmp_path, hold("mediator", "right"), teller)
    await teller.say(link, 3)
    async with running(link):
        await drained(link)
    assert server.store.known == {1, 2, 3}


@pytest.mark.parametrize("shown", [None, "wrong", "righ", "right2"])
async def test_who_does_not_is_refused_and_both_ends_say_so(server, hold, tmp_path, shown):
    link = linked(server, tmp_path, hold("mediator", shown) if shown else None, Teller())
    with capture_logs() as logs:
        async with running(link):
            # Not each time: gRPC calls it an internal error when a stream is refused while it is written to.
            reason = "UNAUTHENTICATED: expected authorization: Bearer and a valid token"
            await until(lambda: reason in [line["reason"] for line in logs if line["event"] == "link down"])
            assert not link.connected
    refused = [line for line in logs if line["event"] == "link refused"]
    assert {line["reason"] for line in refused} == {"it shows no token or a wrong one"}
    assert server.store.cursors == {}
    assert not any("right" in str(value) for line in logs for value in line.values())


async def test_a_token_is_replaced_without_a_restart(server, hold, tmp_path):
    teller = Teller()
    link = linked(server, tmp_path, hold("mediator", "right"), teller)
    async with running(link):
        await until(lambda: link.connected)
        hold("analyzer", "new\nright\n")
        hold("mediator", "new")
        await server.kill()
        await until(lambda: not link.connected)
        hold("analyzer", "new\n")
        await server.start()
        await teller.say(link, 2)
        await drained(link)
    assert server.store.known == {1, 2}


def test_a_file_that_is_emptied_is_told_and_the_former_token_stays(hold, tmp_path):
    known = hold("mediator", "one\ntwo\n")
    (tmp_path / "mediator").write_text(" \n")
    with capture_logs() as logs:
        known.logger = structlog.get_logger()
        assert proof(known) == proof(known) == (("authorization", "Bearer one"),)
    assert [line["event"] for line in logs] == ["new token not used"]


@pytest.mark.parametrize(
    ("metadata", "proven"),
    [
        (None, False),
        ((), False),
        ((("authorization", "Bearer two"),), True),
        ((("authorization", b"Bearer one"),), True),
        ((("authorization", "bearer one"),), False),
        ((("authorization", "one"),), False),
        ((("authorization", "Bearer "),), False),
        ((("authorization", "Bearer one\ntwo"),), False),
        ((("x-authorization", "Bearer one"),), False),
        ((("authorization", "Bearer \u00e9"),), False),
    ],
)
def test_one_of_the_tokens_must_be_shown(hold, metadata, proven):
    assert is_proven(metadata, hold("analyzer", "one\ntwo\n")) is proven


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "No such file or directory, expected a file with a token"),
        ("\n", "no token in it, expected one a line"),
        ("t\u00f6ken", "expected a token in ASCII"),
        ("to\x00ken", "no token in it, expected one a line"),
    ],
)
def test_a_file_without_a_token_is_one_line(tmp_path, content, line):
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content)
    with pytest.raises(WireError) as caught:
        tokens("mediator.analyzer_token", path, structlog.get_logger())
    assert str(caught.value) == f"mediator.analyzer_token: {path}: {line}"


@pytest.mark.parametrize(
    ("target", "loopback"),
    [
        ("127.0.0.1:50055", True),
        ("localhost:50055", True),
        ("[::1]:50055", True),
        ("127.9.9.9:1", True),
        ("10.0.0.1:50055", False),
        ("analyzer:50055", False),
        ("localhost.example.com:1", False),
        ("dns:///localhost:1", False),
    ],
)
def test_loopback_is_told_from_the_rest_of_the_world(target, loopback):
    assert is_loopback(target) is loopback
