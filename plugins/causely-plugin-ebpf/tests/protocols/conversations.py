"""A short conversation in each protocol, written by its public documents, for the tests and benchmarks."""

from __future__ import annotations

import struct

from hpack import Encoder

Said = list[tuple[bool, bytes]]
ASK, ANSWER = True, False


def postgresql() -> Said:
    """A prepared statement and a simple query with an error."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack(">I", len(body) + 4) + body

    ready, parsed = message(b"Z", b"I"), message(b"P", b"s\0SELECT * FROM orders WHERE id = $1\0\0\0")
    run = message(b"B", b"\0s\0" + b"\0" * 6) + message(b"E", b"\0" + b"\0" * 4) + message(b"S", b"")
    row = message(b"D", b"\0\1\0\0\0\2hi")
    failed = message(b"E", b"SERROR\0C42P01\0Mno table\0\0")
    return [
        (ASK, parsed + run),
        (ANSWER, message(b"1", b"") + message(b"2", b"") + row + message(b"C", b"SELECT 1\0") + ready),
        (ASK, message(b"Q", b"DELETE FROM nowhere\0")),
        (ANSWER, failed + ready),
    ]


def mysql() -> Said:
    """A result set, and an error."""

    def packet(number: int, body: bytes) -> bytes:
        return struct.pack("<I", len(body))[:3] + bytes([number]) + body

    end = b"\xfe\0\0\2\0"
    rows = [b"\1", b"\3def" + b"x" * 20, end, b"\2hi", b"\2ho", end]
    return [
        (ASK, packet(0, b"\3SELECT * FROM orders")),
        (ANSWER, b"".join(packet(i + 1, body) for i, body in enumerate(rows))),
        (ASK, packet(0, b"\3INSERT INTO orders VALUES (1)")),
        (ANSWER, packet(1, b"\xff\x26\x04#23000Duplicate entry")),
    ]


def redis() -> Said:
    """A write and a read."""
    return [
        (ASK, b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n"),
        (ANSWER, b"+OK\r\n"),
        (ASK, b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"),
        (ANSWER, b"$5\r\nvalue\r\n"),
    ]


def http1() -> Said:
    """A GET and a POST with the headers of a usual client and server."""
    headers = b"Host: shop:8080\r\nUser-Agent: python-httpx/0.27\r\nAccept: */*\r\nConnection: keep-alive\r\n"
    told = b"HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 10:00:00 GMT\r\nServer: uvicorn\r\nContent-Length: 5\r\n"
    answer = told + b"Content-Type: application/json\r\n\r\nhello"
    post = b"POST /orders HTTP/1.1\r\n" + headers + b"Content-Length: 5\r\n\r\nhello"
    return [(ASK, b"GET /users/42 HTTP/1.1\r\n" + headers + b"\r\n"), (ANSWER, answer), (ASK, post), (ANSWER, answer)]


def frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    """A frame of HTTP/2."""
    return struct.pack(">I", len(body))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + body


def http2() -> Said:
    """Unary gRPC calls, in header blocks that say the same again and again."""
    client, server = Encoder(), Encoder()
    asked = [(":method", "POST"), (":scheme", "http"), (":path", "/shop.v1.Orders/Place"), (":authority", "orders")]
    asked += [("content-type", "application/grpc"), ("te", "trailers")]
    said = [(ASK, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")), (ANSWER, frame(4, 0, 0, b""))]
    for stream in (1, 3, 5, 7):
        headers, trailers = [(":status", "200"), ("content-type", "application/grpc")], [("grpc-status", "0")]
        said.append((ASK, frame(1, 4, stream, client.encode(asked)) + frame(0, 1, stream, b"\0\0\0\0\0")))
        begun = frame(1, 4, stream, server.encode(headers)) + frame(0, 0, stream, b"\0\0\0\0\0")
        said.append((ANSWER, begun + frame(1, 5, stream, server.encode(trailers))))
    return said


def dns() -> Said:
    """One look-up."""
    question = b"\4shop\3svc\7cluster\5local\0\0\1\0\1"
    answer = b"\xc0\x0c\0\1\0\1\0\0\0\5\0\4\x0a\0\0\1"
    return [
        (ASK, b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + question),
        (ANSWER, b"\x12\x34\x81\x80\0\1\0\1\0\0\0\0" + question + answer),
    ]


def dns_tcp() -> Said:
    """The same with lengths."""
    return [(to_server, struct.pack(">H", len(data)) + data) for to_server, data in dns()]


def kafka() -> Said:
    """A Produce and a Fetch, of versions 7 and 11."""

    def message(body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + body

    head = b"\0\4shop"
    topic = b"\0\0\0\1\0\6orders"
    produced = b"\xff\xff\0\1\0\0\x75\x30" + topic + b"\0\0\0\1\0\0\0\0\0\0\0\4data"
    fetched = b"\xff\xff\xff\xff\0\0\1\xf4\0\0\0\1\0\0\x10\0\0\0\0\0\0\0\0\0\0" + topic + b"\0\0\0\0"
    return [
        (ASK, message(b"\0\0\0\7\0\0\0\1" + head + produced)),
        (ANSWER, message(b"\0\0\0\1" + topic + b"\0\0\0\1\0\0\0\0\0\0" + b"\0" * 28)),
        (ASK, message(b"\0\1\0\x0b\0\0\0\2" + head + fetched)),
        (ANSWER, message(b"\0\0\0\2\0\0\0\0\0\0\0\0\0\0" + topic + b"\0\0\0\1\0\0\0\0\0\6" + b"\0" * 28)),
    ]


def mongodb() -> Said:
    """A find and an insert that is refused."""

    def message(id: int, to: int, *elements: bytes) -> bytes:
        body = b"".join(elements)
        document = struct.pack("<i", len(body) + 5) + body + b"\0"
        return struct.pack("<iiiiIB", 21 + len(document), id, to, 2013, 0, 0) + document

    def text(name: bytes, value: bytes) -> bytes:
        return b"\2" + name + b"\0" + struct.pack("<i", len(value) + 1) + value + b"\0"

    ok, database = b"\1ok\0" + struct.pack("<d", 1.0), text(b"$db", b"shop")
    failed = b"\1ok\0" + struct.pack("<d", 0.0) + text(b"errmsg", b"no") + b"\x10code\0" + struct.pack("<i", 13)
    return [
        (ASK, message(1, 0, text(b"find", b"orders"), database)),
        (ANSWER, message(9, 1, ok)),
        (ASK, message(2, 0, text(b"insert", b"orders"), database)),
        (ANSWER, message(10, 2, failed)),
    ]


def amqp() -> Said:
    """A publishing that is confirmed, and a delivery."""

    def method(name: tuple[int, int], arguments: bytes) -> bytes:
        body = struct.pack(">HH", *name) + arguments
        return b"\1\0\1" + struct.pack(">I", len(body)) + body + b"\xce"

    content = b"\2\0\1\0\0\0\x0e" + b"\0\x3c\0\0" + b"\0" * 7 + b"\5\0\0\xce" + b"\3\0\1\0\0\0\5hello\xce"
    return [
        (ASK, method((85, 10), b"\0") + method((60, 20), b"\0\0\6orders\3tag\0" + b"\0" * 4)),
        (ANSWER, method((85, 11), b"") + method((60, 21), b"\3tag")),
        (ASK, method((60, 40), b"\0\0\4shop\6orders\0") + content),
        (ANSWER, method((60, 80), struct.pack(">QB", 1, 0))),
        (ANSWER, method((60, 60), b"\3tag" + struct.pack(">QB", 1, 0) + b"\4shop\6orders") + content),
    ]


CONVERSATIONS: dict[str, Said] = {
    make.__name__: make() for make in (http1, postgresql, redis, http2, dns, dns_tcp, mysql, kafka, mongodb, amqp)
}
"""What is said, by the name of the protocol."""
