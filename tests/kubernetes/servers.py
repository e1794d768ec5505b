"""A server that speaks the API's HTTP and answers as a test has written."""

import asyncio
import json
import urllib.parse
from contextlib import asynccontextmanager

import trustme

from causely_core.kubernetes import ServiceAccount


def listed(*objects, version="1", more=""):
    metadata = {"resourceVersion": version, **({"continue": more} if more else {})}
    return 200, {"metadata": metadata, "items": list(objects)}


def events(*told):
    """A watch that tells these and ends."""
    return 200, [{"type": kind, "object": what} for kind, what in told]


SILENT = 200, None
"""A watch that tells nothing and does not end."""

GONE = {"message": "too old resource version", "code": 410}


class Server:
    """Gives one answer after the other; when there are none left, it lets wait."""

    def __init__(self):
        self.answers, self.asked, self.paths = [], [], []

    async def answer(self, reader, writer):
        while head := await reader.readuntil(b"\r\n\r\n"):
            asked = urllib.parse.urlsplit(head.split()[1].decode())
            self.asked.append(dict(urllib.parse.parse_qsl(asked.query)))
            self.paths.append(asked.path)
            if not self.answers:
                await asyncio.Event().wait()
            status, body, *headers = self.answers.pop(0)
            if body is None:
                writer.write(f"HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
                await asyncio.Event().wait()
            lines = body if isinstance(body, list) else [body]
            data = b"".join(_line(line) for line in lines)
            said = "".join(f"{name}: {value}\r\n" for name, value in dict(*headers).items())
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n{said}\r\n".encode() + data)
            await writer.drain()


def _line(told):
    return told.encode() if isinstance(told, str) else json.dumps(told).encode() + b"\n"


@asynccontextmanager
async def running(folder):
    """One that an account in ``folder`` has access to."""
    subject = Server()
    trustme.CA().cert_pem.write_to_path(folder / "ca.crt")
    (folder / "token").write_text("let-me-in")
    async with await asyncio.start_server(subject.answer, "127.0.0.1", 0) as listening:
        host, port = listening.sockets[0].getsockname()
        subject.account = ServiceAccount(f"http://{host}:{port}", folder)
        yield subject
