"""Recording and replaying HTTP."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from attrs import define, evolve, field

from causely_core.testing.golden.cassette import Exchange, Tape
from causely_core.testing.golden.exchanges import answer_of, exchange_of, line_of, request_of
from causely_core.testing.golden.scrubbing import Scrubber
from causely_core.testing.loopback.forwarding import passed_on
from causely_core.testing.loopback.messages import Answer, Request

ORIGIN = "http://upstream.invalid"
"""Stands for the address of the server where answers tell it: addresses of next pages, say."""


@define(eq=False)
class HttpRecorder:
    """Passes requests on, and keeps what was said.

    Attributes:
        client: of the real server.
        failed: told that the server does not answer; returns what the plugin is told.
        exchanges: so far, scrubbed.
        url: where it listens itself.
    """

    client: httpx.Client
    scrubber: Scrubber
    failed: Callable[[str], str]
    exchanges: list[Exchange] = field(factory=list)
    url: str = ""

    def respond(self, request: Request) -> Answer:
        """Answer as the real server does, with addresses that lead here."""
        real = str(self.client.base_url).rstrip("/")
        try:
            answer = passed_on(self.client, request)
        except httpx.TransportError as problem:
            return Answer.of(self.failed(f"{real} does not answer: {problem}"), 502)
        self.exchanges.append(exchange_of(request, _moved(answer, real, ORIGIN), self.scrubber))
        return _moved(answer, real, self.url)


@define(eq=False)
class HttpReplayer:
    """Answers what was recorded.

    Attributes:
        tape: that is replayed.
        missing: told what was asked and is not recorded; returns what the plugin is told.
        url: where it listens itself.
    """

    tape: Tape
    scrubber: Scrubber
    missing: Callable[[str], str]
    url: str = ""

    def respond(self, request: Request) -> Answer:
        """Answer as was recorded; with 501, which no client tries again, what was not."""
        asked = request_of(request, self.scrubber)
        exchange = self.tape.take(asked)
        if exchange is None:
            return Answer.of(self.missing(line_of(asked)), 501)
        return _moved(answer_of(exchange), ORIGIN, self.url)


def _moved(answer: Answer, before: str, after: str) -> Answer:
    """The answer with another address wherever it tells one."""
    headers = [(name, value.replace(before, after)) for name, value in answer.headers.multi_items()]
    return evolve(answer, body=answer.body.replace(before.encode(), after.encode()), headers=httpx.Headers(headers))
