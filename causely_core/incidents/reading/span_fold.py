"""From spans to what metrics would say: requests, failures and times by entity and minute, and who calls whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from causely_core.incidents.reading.directory import Directory
from causely_core.incidents.reading.kinship import Kinship, Mask, Rows
from causely_core.incidents.reading.minutes import Requests, tracks_by_minute
from causely_core.incidents.reading.spans import CONSUMER, INTERNAL, PRODUCER, SERVER, Spans
from causely_core.incidents.reading.traced import Traced
from causely_core.model import Entity, EntityId, Relation, RelationType

_Call = tuple[EntityId, EntityId, bool]
"""Caller, callee, and whether the caller waits."""


def fold(spans: Spans, entities: Collection[Entity]) -> Traced:
    """What ``spans`` say, in terms of the ``entities`` of a topology and of others where they name others."""
    directory = Directory.of(entities)
    services = [directory.service(name) for name in spans.names]
    kinship = Kinship.of(spans)
    sent = _sent(spans, kinship, services, directory)
    calls = {*_between(spans, kinship, services), *((caller, callee, True) for caller, callee in sent.ends)}
    added = tuple(directory.added[id] for id in sorted(directory.added))
    return Traced(added, tuple(_relations(calls)), tuple(tracks_by_minute(_requests(spans, services, sent))))


@frozen(eq=False)
class _Sent:
    """Requests of which only the client tells.

    Attributes:
        rows: (n,) of client spans.
        places: (n,) in ``ends``.
        ends: caller and callee.
    """

    rows: Rows
    places: Rows
    ends: Sequence[tuple[EntityId, EntityId]]


def _sent(spans: Spans, kinship: Kinship, services: Sequence[EntityId], directory: Directory) -> _Sent:
    rows = kinship.unanswered(spans)
    rows = rows[spans.peers[rows] >= 0]
    codes = spans.services[rows].astype(np.int64) * len(spans.known) + spans.peers[rows]
    codes, places = np.unique(codes, return_inverse=True)
    behind = _behind(spans, kinship)
    ends: dict[int, tuple[EntityId, EntityId]] = {}
    for place, code in enumerate(codes.tolist()):
        service, peer = divmod(code, len(spans.known))
        answering = behind.get(peer, set())
        if not answering:
            ends[place] = services[service], directory.peer(spans.known[peer], services[service])
        elif len(answering) == 1:
            ends[place] = services[service], services[min(answering)]
    told = np.isin(places, list(ends))
    return _Sent(rows[told], np.searchsorted(list(ends), places[told]), list(ends.values()))


def _behind(spans: Spans, kinship: Kinship) -> dict[int, set[int]]:
    """The services that answered at each peer.

    A single one has most likely answered the spans, too, to which its own are lost; several are behind a gateway, and
    it cannot be told which.
    """
    parents, children = kinship.across()
    found: dict[int, set[int]] = {}
    for peer, service in _different(spans.peers[parents], spans.services[children]):
        found.setdefault(peer, set()).add(service)
    return found


def _between(spans: Spans, kinship: Kinship, services: Sequence[EntityId]) -> Iterator[_Call]:
    """Calls of which both sides tell."""
    parents, children = kinship.across()
    waits = (spans.kinds[parents] != PRODUCER) & (spans.kinds[children] != CONSUMER)
    for caller, callee, sync in _different(spans.services[parents], spans.services[children], waits):
        yield services[caller], services[callee], bool(sync)


def _relations(calls: Collection[_Call]) -> Iterator[Relation]:
    """One a pair, for who waits for some calls is slowed by them."""
    for caller, callee in sorted({call[:2] for call in calls if call[0] != call[1]}):
        mode = "sync" if (caller, callee, True) in calls else "async"
        yield Relation(caller, RelationType.CALLS, callee, {"mode": mode})


def _requests(spans: Spans, services: Sequence[EntityId], sent: _Sent) -> Requests:
    """As those saw them who served them; as clients saw them where nobody told."""
    served = np.flatnonzero(_served(spans))
    serving = {services[service] for service in set(spans.services[served].tolist())}
    ids = tuple(sorted(serving | {callee for _, callee in sent.ends}))
    place_of = {id: place for place, id in enumerate(ids)}
    own = np.array([place_of.get(id, -1) for id in services], np.int64)
    others = np.array([place_of[callee] for _, callee in sent.ends], np.int64)
    silent = np.array([callee not in serving for _, callee in sent.ends], np.bool_)[sent.places]
    rows = np.concatenate([served, sent.rows[silent]])
    of = np.concatenate([own[spans.services[served]], others[sent.places[silent]]])
    return Requests(of, spans.starts[rows], spans.ends[rows], spans.failed[rows], ids)


def _served(spans: Spans) -> Mask:
    """Requests that a service served, and what it began by itself.

    Client and producer spans that nothing asked for count where a service serves nothing, as in browsers and load
    generators; elsewhere they are its errands.
    """
    by_kind = np.isin(spans.kinds, (SERVER, CONSUMER))
    serving = np.bincount(spans.services[by_kind], minlength=len(spans.names)) > 0
    root = (spans.parents == 0) & (np.isin(spans.kinds, (0, INTERNAL)) | ~serving[spans.services])
    return np.asarray(by_kind | root)


def _different(*columns: NDArray[np.generic]) -> list[tuple[int, ...]]:
    """Rows of these columns, each once, sorted."""
    return sorted(set(zip(*(column.tolist() for column in columns), strict=True)))
