"""Conversations as the kernel would show them: cut, truncated, with holes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from causely_plugin_ebpf.protocols import MAX_PENDING, Dialogue, Exchange, Segment
from hypothesis import strategies as st

CAPTURE = 512
STEP = 10_000_000
"""Nanoseconds between segments."""

Said = tuple[bool, bytes]
ASK, ANSWER = True, False


def segments(said: Iterable[Said], capture: int = CAPTURE, step: int = STEP) -> list[Segment]:
    return [Segment(to_server, (i + 1) * step, len(data), data[:capture]) for i, (to_server, data) in enumerate(said)]


def play(dialogue: Dialogue, said: Iterable[Said], capture: int = CAPTURE, step: int = STEP) -> list[Exchange]:
    """What the dialogue tells of a conversation that comes in these pieces."""
    return [exchange for segment in segments(said, capture, step) for exchange in dialogue.feed(segment)]


def operations(exchanges: Iterable[Exchange]) -> list[tuple[str, str]]:
    return [(exchange.operation, exchange.status) for exchange in exchanges]


@st.composite
def splits(draw: st.DrawFn, said: Sequence[Said]) -> list[Said]:
    """The same bytes, cut elsewhere."""
    pieces: list[Said] = []
    for to_server, data in said:
        cuts = sorted(draw(st.sets(st.integers(1, max(1, len(data) - 1)), max_size=4)))
        edges = [0, *cuts, len(data)]
        pieces += [(to_server, data[a:b]) for a, b in pairwise(edges) if a < b]
    return pieces


@st.composite
def garbage(draw: st.DrawFn, said: Sequence[Said]) -> list[Segment]:
    """Anything: random bytes, and pieces of a conversation that were changed, lost, repeated, truncated."""
    pieces = [data for _, data in said]
    damaged = st.tuples(st.sampled_from(pieces), st.integers(0, 400), st.binary(max_size=8), st.integers(0, 600))
    spoiled = damaged.map(lambda d: (d[0][: d[1]] + d[2] + d[0][d[1] + len(d[2]) :])[: d[3]])
    head = st.one_of(st.binary(max_size=80), spoiled, st.sampled_from(pieces))
    segment = st.tuples(st.booleans(), head, st.integers(0, 1 << 20) | st.just(0))
    drawn = draw(st.lists(segment, max_size=30))
    return [Segment(to, i * 1_000_000, len(head) + more, head) for i, (to, head, more) in enumerate(drawn)]


def assert_survives(dialogue: Dialogue, garbage: Iterable[Segment]) -> None:
    for segment in garbage:
        for exchange in dialogue.feed(segment):
            assert exchange.ended >= exchange.started >= 0
        assert dialogue.pending <= MAX_PENDING + 1
    dialogue.close()


def assert_recovers(
    dialogue: Dialogue, garbage: Iterable[Segment], said: Sequence[Said], operation: str, times: int = 4
) -> None:
    """After whatever came, the same conversation a few times over is understood again."""
    for segment in garbage:
        dialogue.feed(segment)
    late = [
        segment._replace(at=segment.at + (turn + 1000) * 100 * STEP)
        for turn in range(times)
        for segment in segments(said)
    ]
    found = [exchange.operation for segment in late for exchange in dialogue.feed(segment)]
    assert operation in found
