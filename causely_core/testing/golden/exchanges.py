"""Exchanges of HTTP as a cassette shows them."""

from __future__ import annotations

from typing import Any

from httpx import Headers

from causely_core.testing.golden.bodies import body_of, pairs, shown
from causely_core.testing.golden.cassette import Exchange
from causely_core.testing.golden.scrubbing import Scrubber
from causely_core.testing.loopback.messages import Answer, Request

OPERATIONS = ("x-amz-target",)
"""Headers of requests that say what is asked; all others may differ from one run to the next, and many are secret."""
SUMS = ("content-md5", "x-amz-crc32", "x-amz-checksum")
"""Beginnings of headers that hold for the very bytes of a body, which scrubbing and JSON do not keep."""


def request_of(request: Request, scrubber: Scrubber) -> dict[str, Any]:
    """What was asked, scrubbed: method, path, query, and body; more is not kept."""
    told: dict[str, Any] = {"method": request.method, "path": scrubber.text(request.path)}
    if query := pairs(request.query, scrubber):
        told["query"] = query
    if headers := {name: request.headers[name] for name in OPERATIONS if name in request.headers}:
        told["headers"] = headers
    return told | shown(request.body, request.headers.get("Content-Type", ""), scrubber)


def exchange_of(request: Request, answer: Answer, scrubber: Scrubber) -> Exchange:
    """A request and its answer, scrubbed."""
    kept = [(name, value) for name, value in answer.headers.items() if not name.startswith(SUMS)]
    headers = {name: scrubber.named(name, value) for name, value in kept}
    told: dict[str, Any] = {"status": answer.status} | ({"headers": headers} if headers else {})
    body = shown(answer.body, answer.headers.get("Content-Type", ""), scrubber)
    return {"request": request_of(request, scrubber), "answer": told | body}


def answer_of(exchange: Exchange) -> Answer:
    """The answer that an exchange holds."""
    told = exchange["answer"]
    return Answer(body_of(told), told["status"], Headers(told.get("headers", {})))


def line_of(request: dict[str, Any]) -> str:
    """What a request asks, in one line."""
    query = "&".join(f"{name}={value}" for name, value in request.get("query", []))
    body = next((f" {request[kind]}" for kind in ("json", "form", "text", "base64") if kind in request), "")
    headers = "".join(f" {value}" for value in request.get("headers", {}).values())
    return f"{request['method']} {request['path']}{'?' if query else ''}{query}{headers}{body}"
