"""Kafka: requests and responses, matched by their correlation id."""

from __future__ import annotations

from typing import NamedTuple

from causely_plugin_ebpf.protocols.dialogue import Exchange, Outcome
from causely_plugin_ebpf.protocols.framing import FramedDialogue, Message
from causely_plugin_ebpf.protocols.kafka_layout import FETCH, PRODUCE, error_of, fetched, is_flexible, produced
from causely_plugin_ebpf.protocols.queue import ById
from causely_plugin_ebpf.protocols.reader import Cut, Reader

_NAMES = (
    "Produce Fetch ListOffsets Metadata LeaderAndIsr StopReplica UpdateMetadata ControlledShutdown OffsetCommit"
    " OffsetFetch FindCoordinator JoinGroup Heartbeat LeaveGroup SyncGroup DescribeGroups ListGroups SaslHandshake"
    " ApiVersions CreateTopics DeleteTopics DeleteRecords InitProducerId OffsetForLeaderEpoch AddPartitionsToTxn"
    " AddOffsetsToTxn EndTxn WriteTxnMarkers TxnOffsetCommit DescribeAcls CreateAcls DeleteAcls DescribeConfigs"
    " AlterConfigs AlterReplicaLogDirs DescribeLogDirs SaslAuthenticate CreatePartitions"
).split()
_MAX_KEY, _MAX_VERSION = 100, 20
_MAX_SIZE = 1 << 28
_ASKED_HEADER, _ANSWERED_HEADER = 12, 8
_FAILED = frozenset((-1, 2, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 56, 57))
"""Errors of brokers: unknown, corrupt, without leader or coordinator, timeouts, replicas, network, disks."""
_UNAUTHORIZED = frozenset((29, 30, 31, 53, 58, 65))
_THROTTLED = frozenset((89,))
_ACCESS = {PRODUCE: "write", FETCH: "read"}


class _Request(NamedTuple):
    started: int
    key: int
    version: int
    operation: str


class Kafka(FramedDialogue):
    """One connection of a Kafka client to a broker."""

    def __init__(self) -> None:
        super().__init__(_ASKED_HEADER, _measure_asked, _measure_answered, _ANSWERED_HEADER)
        self.waiting: ById[_Request] = ById()
        self._fetched = ""

    def asked(self, message: Message) -> None:
        """Take a request."""
        reader = Reader(message.head, 4)
        key, version, id = reader.unsigned(2), reader.unsigned(2), reader.unsigned(4)
        try:
            topic, answered = self._told(reader, key, version)
        except Cut:
            topic, answered = "", True
        name = _NAMES[key] if key < len(_NAMES) else f"Api{key}"
        request = _Request(message.started, key, version, f"{name} {topic}" if topic else name)
        if answered:
            self.waiting.ask(id, request)
        else:
            self._tell(request, request.started, 0)

    def answered(self, message: Message) -> None:
        """Take a response; one to a request never seen is passed over."""
        request = self.waiting.answer(int.from_bytes(message.head[4:8], "big"))
        if request is not None:
            self._tell(request, message.ended, error_of(message.head, request.key, request.version))

    def _told(self, reader: Reader, key: int, version: int) -> tuple[str, bool]:
        """The topic, if it is told plainly, and whether a response will come."""
        if key not in (PRODUCE, FETCH):
            return "", True
        client = reader.signed(2)
        reader.skip(max(client, 0))
        if is_flexible(key, version):
            reader.varint()
        if key == PRODUCE:
            return produced(reader, version)
        self._fetched = fetched(reader, version, self._fetched)
        return self._fetched, True

    def _tell(self, request: _Request, at: int, error: int) -> None:
        status = str(error) if error else ""
        access = _ACCESS.get(request.key, "")
        self._done.append(Exchange(request.started, at, request.operation, status, _outcome(error), "kafka", access))


def looks(head: bytes, to_server: bool) -> bool:
    """Whether a segment begins like a request with the name of a client."""
    if not to_server or len(head) < 14 or not _measure_asked(head, 0) or head[4:5] != b"\0":
        return False
    length = int.from_bytes(head[12:14], "big", signed=True)
    size = int.from_bytes(head[:4], "big")
    name = head[14 : 14 + max(length, 0)]
    sound = name.isascii() and name.decode("ascii", "replace").isprintable()
    return head[5] < len(_NAMES) and -1 <= length <= min(size - 10, 255) and length != 0 and sound and size < _MAX_SIZE


def _measure_asked(head: bytes, pos: int) -> int:
    size = int.from_bytes(head[pos : pos + 4], "big")
    key, version = int.from_bytes(head[pos + 4 : pos + 6], "big"), int.from_bytes(head[pos + 6 : pos + 8], "big")
    return 4 + size if 8 <= size <= _MAX_SIZE and key <= _MAX_KEY and version <= _MAX_VERSION else 0


def _measure_answered(head: bytes, pos: int) -> int:
    size = int.from_bytes(head[pos : pos + 4], "big")
    return 4 + size if 4 <= size <= _MAX_SIZE else 0


def _outcome(error: int) -> Outcome:
    """What an error code says of the broker."""
    if error in _FAILED:
        return Outcome.FAILED
    if error in _UNAUTHORIZED:
        return Outcome.UNAUTHORIZED
    return Outcome.THROTTLED if error in _THROTTLED else Outcome.OK
