"""Pages of the kubelet's, over real TLS."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from causely_core.host import KubeletAccess, KubeletClient, KubeletError

PAGE = "/stats/summary"


class Answers(BaseHTTPRequestHandler):
    """``GET`` of the page for who has the token."""

    def do_GET(self):
        allowed = self.path == PAGE and self.headers["Authorization"] == "Bearer let-me-in"
        self.send_response(self.server.status if allowed else 401)
        self.end_headers()
        self.wfile.write(self.server.body if allowed else b"Unauthorized")

    def log_message(self, *_): ...


@pytest.fixture
def server(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.crt")
    (tmp_path / "token").write_text("let-me-in\n")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        serving.socket = context.wrap_socket(serving.socket, server_side=True)
        serving.status, serving.body = 200, b'{"pods": 3}'
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


async def asked(server, folder, parse=lambda document: document["pods"], **access):
    files = {"token": str(folder / "token"), "authority": str(folder / "ca.crt")} | access
    return await KubeletClient(KubeletAccess(f"https://127.0.0.1:{server.server_port}", **files)).json(PAGE, parse)


async def failing(*arguments, **access):
    with pytest.raises(KubeletError, match=rf"^kubelet https://127\.0\.0\.1:\d+{PAGE}: ") as raised:
        await asked(*arguments, **access)
    assert "\n" not in str(raised.value)
    return str(raised.value)


async def test_a_page_is_parsed(server, tmp_path):
    assert await asked(server, tmp_path) == 3


async def test_a_wrong_token_is_one_line(server, tmp_path):
    (tmp_path / "token").write_text("wrong")
    said = await failing(server, tmp_path)
    assert said.endswith(f"{PAGE}: HTTP 401, it does not accept the token of {tmp_path / 'token'}")


async def test_a_right_that_is_missing_is_named(server, tmp_path):
    server.status = 403
    assert (await failing(server, tmp_path)).endswith('needs "get" on nodes/stats')


async def test_a_missing_token_is_one_line(server, tmp_path):
    assert "No such file" in await failing(server, tmp_path, token=str(tmp_path / "none"))


async def test_a_server_that_the_authority_did_not_sign_is_one_line(server, tmp_path):
    other = tmp_path / "other.crt"
    trustme.CA().cert_pem.write_to_path(other)
    assert "CERTIFICATE_VERIFY_FAILED" in await failing(server, tmp_path, authority=str(other))


async def test_without_an_authority_any_server_is_trusted(server, tmp_path):
    assert await asked(server, tmp_path, authority="") == 3


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"])
async def test_an_answer_of_another_shape_is_one_line(server, tmp_path, body):
    server.body = body
    await failing(server, tmp_path)
