"""The fixture ``golden``: a real server is recorded once, and replayed ever after."""

from __future__ import annotations

from contextlib import ExitStack
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, field

from causely_core.testing.fix import fix
from causely_core.testing.golden.cassette import Exchange, Tape, load, save
from causely_core.testing.golden.exchanges import line_of
from causely_core.testing.golden.http import HttpRecorder, HttpReplayer
from causely_core.testing.golden.scrubbing import Scrubber
from causely_core.testing.loopback.forwarding import client_of
from causely_core.testing.loopback.server import serving

if TYPE_CHECKING:
    import grpc

    from causely_core.testing.golden.grpc import GrpcRecorder

MOST = 3
"""Requests that a message tells of those that are recorded."""


@define(eq=False)
class Golden:
    """Replays what a real server said, from ``golden/<module>/<name>.yaml`` beside the test.

    With ``pytest --golden-record`` the requests go to the real server, and the file is written when the test has
    passed. A request that is not recorded fails the test. The answers to one request are replayed in their order, and
    the last of them as often as it is asked for.

    Recorded is at the wire: let the plugin's setting lead to the address that :meth:`http` or :meth:`grpc` returns. No
    client is patched, as vcrpy, pytest-recording and respx do: any client will do, in a thread or another process too.

    Request headers and metadata are not kept. In all else, what is named as secrets are, and what looks like tokens,
    keys, signatures of AWS or e-mail addresses, gives way to ``SCRUBBED``. A file with what else may be a secret is not
    written.

    Attributes:
        folder: of the recordings of the test's module.
        recording: whether the real server is asked.
        secrets: regular expressions of more that is scrubbed; append to it before anything is asked.
        harmless: regular expressions of what looks like a secret and is none.
    """

    folder: Path
    recording: bool = False
    secrets: list[str] = field(factory=list)
    harmless: list[str] = field(factory=list)
    _problems: list[tuple[str, str]] = field(factory=list, init=False)
    _recorded: list[tuple[Path, str, HttpRecorder | GrpcRecorder]] = field(factory=list, init=False)
    _stack: ExitStack = field(factory=ExitStack, init=False)

    def http(self, name: str, upstream_url: str) -> str:
        """The URL at which the server at ``upstream_url`` is recorded or replayed, without a slash at its end.

        Args:
            name: of the recording; one for each test and server.
            upstream_url: where the real server is. It is asked only when recording.
        """
        file, scrubber = self.folder / f"{name}.yaml", self._scrubber()
        if self.recording:
            recorder = HttpRecorder(self._stack.enter_context(client_of(upstream_url)), scrubber, self._unanswered)
            self._recorded.append((file, "http", recorder))
            recorder.url = self._stack.enter_context(serving(recorder.respond))
            return recorder.url
        exchanges = self._load(file, "http")
        lines = [line_of(each["request"]) for each in exchanges]
        replayer = HttpReplayer(Tape(exchanges), scrubber, lambda asked: self._miss(asked, file, lines))
        replayer.url = self._stack.enter_context(serving(replayer.respond))
        return replayer.url

    def grpc(self, name: str, target: str, credentials: grpc.ChannelCredentials | None = None) -> str:
        """The ``host:port`` at which the gRPC server at ``target`` is recorded or replayed, without TLS.

        Args:
            name: of the recording; one for each test and server.
            target: where the real server is, as gRPC has it. It is asked only when recording.
            credentials: by which the real server is asked, if it is by TLS.
        """
        import grpc

        from causely_core.testing.golden import grpc as calls

        file, scrubber = self.folder / f"{name}.yaml", self._scrubber()
        if self.recording:
            channel = grpc.secure_channel(target, credentials) if credentials else grpc.insecure_channel(target)
            recorder = calls.GrpcRecorder(self._stack.enter_context(channel), scrubber)
            self._recorded.append((file, "grpc", recorder))
            return self._stack.enter_context(calls.serving(recorder.call))
        exchanges = self._load(file, "grpc")
        lines = [calls.line_of(each["request"]) for each in exchanges]
        replayer = calls.GrpcReplayer(Tape(exchanges), scrubber, lambda asked: self._miss(asked, file, lines))
        return self._stack.enter_context(calls.serving(replayer.call))

    def check(self) -> None:
        """Fail if something was asked that is not recorded, or the server does not answer."""
        for problem, remedy in self._problems:
            fix(problem, remedy)

    def write(self) -> None:
        """Write what was recorded; fails the test where something looks like a secret."""
        for file, kind, recorder in self._recorded:
            save(file, kind, recorder.exchanges, self._scrubber())

    def close(self) -> None:
        """Stop the servers."""
        self._stack.close()

    def _scrubber(self) -> Scrubber:
        return Scrubber(self.secrets, self.harmless)

    def _load(self, file: Path, kind: str) -> list[Exchange]:
        if not file.exists():
            fix(f"there is no recording {file}", "record it with the real server: pytest --golden-record")
        return load(file, kind)

    def _miss(self, asked: str, file: Path, lines: list[str]) -> str:
        near = get_close_matches(asked, dict.fromkeys(lines), MOST, 0.0)
        told = f"{asked} is not in {file}, which has {', '.join(near) or 'nothing'}"
        self._problems.append((told, "record it anew with the real server: pytest --golden-record"))
        return told

    def _unanswered(self, told: str) -> str:
        self._problems.append((told, "let the real server run while it is recorded"))
        return told
