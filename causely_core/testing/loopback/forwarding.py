"""Passing requests on to a real server."""

from __future__ import annotations

import ssl

import httpx

from causely_core.testing.loopback.messages import Answer, Request

OF_THE_CONNECTION = (
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "host",
    "keep-alive",
    "server",
    "transfer-encoding",
)
"""Headers that are between two ends of one connection, or that our server tells by itself."""
LONGEST = 60.0
"""Seconds that the real server may take."""


def forward(client: httpx.Client, request: Request) -> Answer:
    """What the server of ``client`` answers, its body unpacked; 502 and the reason when it does not."""
    try:
        return passed_on(client, request)
    except httpx.TransportError as problem:
        return Answer.of(f"{client.base_url} does not answer: {problem}\n", 502)


def passed_on(client: httpx.Client, request: Request) -> Answer:
    """What the server of ``client`` answers, its body unpacked; raises httpx.TransportError when it does not."""
    asked = client.build_request(request.method, request.target, headers=_passed(request.headers), content=request.body)
    answer = client.send(asked)
    return Answer(answer.content, answer.status_code, _passed(answer.headers))


def client_of(url: str) -> httpx.Client:
    """A client of the server at ``url``; close it.

    It shows the plugin's credentials, and so trusts only servers that this machine does, or ``SSL_CERT_FILE`` names.
    """
    return httpx.Client(base_url=url, timeout=LONGEST, verify=ssl.create_default_context(), trust_env=False)


def _passed(headers: httpx.Headers) -> httpx.Headers:
    return httpx.Headers([(name, value) for name, value in headers.multi_items() if name not in OF_THE_CONNECTION])
