"""Recording and replaying gRPC: all methods alike, as streams of bytes, which calls of one message are too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import grpc
from attrs import define, field, frozen

from causely_core.testing.golden.cassette import Exchange, Tape
from causely_core.testing.golden.messages import data_of, shown, types_of
from causely_core.testing.golden.scrubbing import Scrubber

STREAMS = 32
"""Calls at a time."""
LONGEST = 86400.0
"""Seconds beyond which a deadline is none."""

Call = Callable[[str, Iterator[bytes], grpc.ServicerContext], Iterator[bytes]]
"""Answers a call of a method."""


@contextmanager
def serving(call: Call) -> Iterator[str]:
    """``host:port`` of a server that answers all methods by ``call``."""
    server = grpc.server(ThreadPoolExecutor(STREAMS, "golden"))
    server.add_generic_rpc_handlers([_Handlers(call)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, call: Call) -> None:
        self._call = call

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        method = handler_call_details.method

        def answer(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            return self._call(method, requests, context)

        return grpc.stream_stream_rpc_method_handler(answer)


@frozen
class Spoken:
    """A call while it is recorded.

    Attributes:
        method: such as ``/package.Service/Method``.
        said: by both sides so far, scrubbed, in the order in which it was.
        call: to the real server.
    """

    method: str
    said: list[dict[str, Any]]
    call: Any

    def exchange(self, scrubber: Scrubber) -> Exchange:
        """What is written; a call that has not ended is one that the client gives up."""
        first = next((each["asks"] for each in self.said if "asks" in each), None)
        told = {
            "request": _request(self.method, [first] if first else []),
            "said": [each for each in self.said if first is None or each.get("asks") is not first],
        }
        if not self.call.done():
            return told | {"status": "CANCELLED", "details": "", "trailing": []}
        trailing = [(name, value) for name, value in self.call.trailing_metadata() or () if isinstance(value, str)]
        return told | {
            "status": self.call.code().name,
            "details": scrubber.text(self.call.details() or ""),
            "trailing": [[name, scrubber.named(name, value)] for name, value in trailing],
        }


@define(eq=False)
class GrpcRecorder:
    """Passes calls on, and keeps what was said.

    Attributes:
        channel: to the real server.
    """

    channel: grpc.Channel
    scrubber: Scrubber
    _calls: list[Spoken] = field(factory=list, init=False)

    @property
    def exchanges(self) -> list[Exchange]:
        """What was said so far, scrubbed."""
        return [each.exchange(self.scrubber) for each in self._calls]

    def call(self, method: str, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        """Answer as the real server does."""
        types, said = types_of(method) or (None, None), list[dict[str, Any]]()

        def asked() -> Iterator[bytes]:
            with suppress(grpc.RpcError):  # which says that the client has gone
                for data in requests:
                    said.append({"asks": shown(data, types[0], self.scrubber)})
                    yield data

        call = self._passed(method, asked(), context)
        self._calls.append(Spoken(method, said, call))
        context.add_callback(call.cancel)
        with suppress(grpc.RpcError):  # the status says what has failed
            for data in call:
                said.append({"answers": shown(data, types[1], self.scrubber)})
                yield data
        _end(context, call.code(), call.details(), call.trailing_metadata())

    def _passed(self, method: str, requests: Iterator[bytes], context: grpc.ServicerContext) -> Any:
        metadata = tuple((name, value) for name, value in context.invocation_metadata() if name != "user-agent")
        left = context.time_remaining()
        timeout = left if left is not None and left < LONGEST else None
        multicall: grpc.StreamStreamMultiCallable[bytes, bytes] = self.channel.stream_stream(method)
        return multicall(requests, timeout=timeout, metadata=metadata)


@define(eq=False)
class GrpcReplayer:
    """Answers what was recorded.

    Attributes:
        tape: that is replayed.
        missing: told what was asked and is not recorded; returns what the plugin is told.
    """

    tape: Tape
    scrubber: Scrubber
    missing: Callable[[str], str]

    def call(self, method: str, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        """Answer as was recorded, and wait for what the client says in between; what was not is UNIMPLEMENTED."""
        types = types_of(method) or (None, None)
        request = _request(method, (shown(data, types[0], self.scrubber) for data in requests))
        exchange = self.tape.take(request)
        if exchange is None:
            _end(context, grpc.StatusCode.UNIMPLEMENTED, self.missing(line_of(request)), ())
            return
        for said in exchange["said"]:
            if "answers" in said:
                yield data_of(said["answers"], types[1], method)
            elif next(requests, None) is None:
                break
        _end(context, grpc.StatusCode[exchange["status"]], exchange["details"], exchange["trailing"])


def line_of(request: dict[str, Any]) -> str:
    """What a request asks, in one line."""
    first = next(iter(request.get("message", {}).values()), "")
    return f"{request['method']} {first}".strip()


def _request(method: str, messages: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A call is known by its method and the first message, which is most often the only one."""
    first = next(iter(messages), None)
    return {"method": method} | ({"message": first} if first else {})


def _end(context: grpc.ServicerContext, code: grpc.StatusCode, details: str, trailing: Iterable[Any]) -> None:
    context.set_trailing_metadata(tuple((name, value) for name, value in trailing))
    context.set_code(code)
    context.set_details(details)
